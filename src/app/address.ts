/**
 * The address bar follows the page, and the page follows the address bar: `#/page?link`.
 * A choice (scenario, policy, page) is a step in the history; the moment only amends the step it
 * is in, seldom enough for browsers that limit such amendments (Safari: 100 in 30 s).
 */

import { contentionAddress } from './contention/address'
import { deadlocksAddress } from './deadlocks/address'
import { home, type PageId, pageOf } from './pages'
import { labAddress } from './seven-seconds/address'
import type { State, Store } from './store'
import { tabsAddress } from './tabs/address'

/** What a page keeps in its part of the address. */
export interface PageAddress {
  /** What stands after `#/page?`. */
  readonly linkOf: (state: State) => string
  readonly read: (link: string) => Reading
  /** Shows what the page begins with. */
  readonly reset: (state: State) => void
  /** What is shown after a link that could not be read. */
  readonly instead: string
  readonly changeOf: (state: State, before: State) => 'step' | 'amendment' | undefined
  /** Ends what must not go on unseen. */
  readonly leave: (state: State) => void
}

export type Reading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ok'; readonly show: (state: State) => void }
  | { readonly kind: 'broken'; readonly why: string }

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

const addresses: Readonly<Record<PageId, PageAddress>> = {
  'seven-seconds': labAddress,
  deadlocks: deadlocksAddress,
  contention: contentionAddress,
  tabs: tabsAddress,
}

export function addressOf(state: State): string {
  return `#/${state.page}?${addresses[state.page].linkOf(state)}`
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
  const state = store.getState()
  const { page, link } = placeOf(hash)
  const to = page ?? home
  const { read, reset, instead } = addresses[to]
  state.notify(undefined)
  if (to !== state.page) addresses[state.page].leave(state)
  state.openPage(to)
  const reading = page ? read(link) : ({ kind: 'broken', why: 'There is no such page.' } as const)
  if (reading.kind === 'ok') {
    reading.show(state)
    return
  }
  // Whoever comes back by a page's plain name finds it as they left it.
  if (reading.kind === 'absent' && to !== state.page) return
  reset(state)
  if (reading.kind === 'absent') return
  state.notify({ kind: 'problem', title: reading.why, detail: `Here is “${instead}” instead.` })
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
    const change = addresses[state.page].changeOf(state, before)
    if (change === 'step') {
      // The step that is left keeps the moment it was left at.
      if (timer !== undefined) write('replaceState', before)
      write('pushState')
    } else if (change === 'amendment') amend()
  })
  return () => {
    unsubscribe()
    if (timer !== undefined) write('replaceState')
    bar.removeEventListener('popstate', arrive)
  }
}
