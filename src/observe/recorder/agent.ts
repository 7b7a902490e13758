/** What an agent says of itself: what it is called, how fine its clock is, and what it may have missed. */

import type { Clock } from '../../locks/clock'
import type { AgentRecord, Gap } from '../recording'
import { Ring } from '../ring'

/** As many gaps are kept, the latest. */
const mostGaps = 1_000

/** The finest step that a clock makes is looked for among so many readings: some ms at most. */
const mostReadings = 10_000
const steps = 3

interface Surroundings {
  readonly document?: Document
  readonly location?: Location
  readonly name?: string
}

type Described = Pick<AgentRecord, 'kind' | 'name'>

export function describeAgent(): Described {
  const { document, location, name } = globalThis as Surroundings
  if (document !== undefined) return { kind: 'page', name: document.title || location?.href || '' }
  const kind = 'WorkerGlobalScope' in globalThis ? 'worker' : 'thread'
  return { kind, name: name || location?.href.replace(/^.*\//, '') || kind }
}

/** ms; browsers make their clocks coarse against spying. 0 for a clock that stands still. */
export function finestStep(clock: Clock): number {
  let finest = Number.POSITIVE_INFINITY
  let last = clock.now()
  for (let readings = 0, ticks = 0; readings < mostReadings && ticks < steps; readings++) {
    const next = clock.now()
    if (next === last) continue
    finest = Math.min(finest, next - last)
    last = next
    ticks++
  }
  return finest === Number.POSITIVE_INFINITY ? 0 : finest
}

type Where = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>

/** Times in which a page was hidden (its timers are late), frozen, or in the back/forward cache. */
export class Gaps {
  readonly #gaps = new Ring<Gap>(mostGaps)
  readonly #begun = new Map<Gap['why'], number>()
  readonly #undo: (() => void)[] = []
  readonly #now: () => number

  /** @param now what gaps are told in */
  constructor(now: () => number, page: Where | undefined = pageOf(), view: Where = globalThis) {
    this.#now = now
    if (page === undefined) return
    this.#on(page, 'visibilitychange', () => {
      if (isHidden(page)) this.#begin('hidden')
      else this.#end('hidden')
    })
    this.#on(page, 'freeze', () => this.#begin('frozen'))
    this.#on(page, 'resume', () => this.#end('frozen'))
    this.#on(view, 'pagehide', (event) => {
      if ((event as PageTransitionEvent).persisted) this.#begin('cached')
    })
    this.#on(view, 'pageshow', () => this.#end('cached'))
    if (isHidden(page)) this.#begin('hidden')
  }

  #on(where: Where, type: string, listener: (event: Event) => void): void {
    where.addEventListener(type, listener)
    this.#undo.push(() => where.removeEventListener(type, listener))
  }

  #begin(why: Gap['why']): void {
    if (!this.#begun.has(why)) this.#begun.set(why, this.#now())
  }

  #end(why: Gap['why'], to = this.#now()): void {
    const from = this.#begun.get(why)
    if (from === undefined) return
    this.#begun.delete(why)
    this.#gaps.push({ from, to, why })
  }

  /** By their ends; those that go on end now. */
  list(): readonly Gap[] {
    const to = this.#now()
    const open = [...this.#begun].map(([why, from]) => ({ from, to, why }))
    return [...this.#gaps, ...open]
  }

  /** @param to when those end that go on */
  stop(to = this.#now()): void {
    for (const undo of this.#undo.splice(0)) undo()
    for (const why of [...this.#begun.keys()]) this.#end(why, to)
  }
}

function pageOf(): Where | undefined {
  return (globalThis as Surroundings).document
}

function isHidden(page: Where): boolean {
  return (page as { visibilityState?: string }).visibilityState === 'hidden'
}
