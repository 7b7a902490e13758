/**
 * The address bar follows the page, and the page follows the address bar: `#/page?link`.
 * A choice (scenario, policy) is a step in the history; the moment only amends the step it
 * is in, seldom enough for browsers that limit such amendments (Safari: 100 in 30 s).
 */

import { decodeLink, encodeLink, sevenSeconds } from '../../scenario'
import { home, type PageId, pageOf } from '../pages'
import type { State, Store } from '../store'
import { start } from './moments'

/** The parts of a window that have to do with its address. */
export interface Bar {
  readonly location: { readonly hash: string }
  readonly history: Pick<History, 'pushState' | 'replaceState'>
  readonly addEventListener: (type: 'popstate', listener: () => void) => void
  readonly removeEventListener: (type: 'popstate', listener: () => void) => void
  readonly setTimeout: (then: () => void, ms: number) => number
  readonly clearTimeout: (id: number) => void
}

/** How long the moment may be ahead of the address, in ms. */
const lag = 350

export function addressOf(state: Pick<State, 'scenario' | 'policy' | 'moment'>): string {
  return `#/${home}?${encodeLink(state).slice(1)}`
}

interface Place {
  readonly page: PageId | undefined
  readonly link: string
}

/** Also takes a bare link, as `encodeLink` makes it. */
export function placeOf(hash: string): Place {
  const match = /^#?\/([^?]*)(?:\?(.*))?$/s.exec(hash)
  if (match) return { page: match[1] ? pageOf(match[1]) : home, link: match[2] ?? '' }
  return { page: home, link: hash.replace(/^#/, '') }
}

/** Shows what the address says; a broken one is told, and the default shown instead. */
function follow(store: Store, hash: string): void {
  const { show, notify } = store.getState()
  const { page, link } = placeOf(hash)
  notify(undefined)
  const decoded = decodeLink(link)
  if (page && decoded.kind === 'ok') {
    show(decoded)
    return
  }
  show({ ...sevenSeconds, moment: start })
  const problem = !page
    ? 'There is no such page.'
    : decoded.kind === 'broken'
      ? decoded.why
      : undefined
  if (!problem) return
  notify({ kind: 'problem', title: problem, detail: 'Here is “Seven seconds” instead.' })
}

export function keepAddress(store: Store, bar: Bar): () => void {
  let timer: number | undefined
  let written = ''
  const write = (how: 'pushState' | 'replaceState', state: State = store.getState()) => {
    if (timer !== undefined) bar.clearTimeout(timer)
    timer = undefined
    const address = addressOf(state)
    if (address === written) return
    written = address
    bar.history[how](null, '', address)
  }
  const amend = () => {
    timer ??= bar.setTimeout(() => write('replaceState'), lag)
  }
  let following = false
  const arrive = () => {
    following = true
    follow(store, bar.location.hash)
    following = false
    write('replaceState')
  }

  arrive()
  bar.addEventListener('popstate', arrive)
  const unsubscribe = store.subscribe((state, before) => {
    if (following) return
    const typed = state.draft !== undefined && state.draft !== before.draft
    if (state.policy !== before.policy || (state.scenario !== before.scenario && !typed)) {
      // The step that is left keeps the moment it was left at.
      if (timer !== undefined) write('replaceState', before)
      write('pushState')
    } else if (state.scenario !== before.scenario || state.moment !== before.moment) amend()
  })
  return () => {
    unsubscribe()
    if (timer !== undefined) write('replaceState')
    bar.removeEventListener('popstate', arrive)
  }
}
