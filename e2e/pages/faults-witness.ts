/**
 * Who sees whether locks exclude: it shares nothing with the library. What is locked is a value that
 * is changed by reading it at the entry and writing it when leaving, and a note of who is inside.
 *
 * In memory where there is shared memory: exact, and it can be told things without a turn of the
 * event loop. Else over a wire, from a server beside the browser: it survives whatever becomes of
 * pages and of their data.
 */

import { agentOf, type Entry, kinds } from '../faults/log'

export interface Witness {
  /** Answers the value. */
  enter(lane: number, hold: number): number | Promise<number>
  /** Still inside. */
  touch(lane: number, hold: number): unknown
  /** As `touch`, from a thread that does not return to its event loop. @returns whether it is */
  touchNow(lane: number, hold: number): boolean
  /** Writes the next value, and is inside no more. */
  leave(lane: number, hold: number, value: number): unknown
  tell(kind: 'lost' | 'killed' | 'thief', lane: number, hold: number): unknown
  /** From now on notes how long a lane stands still, whatever this agent still does. */
  watch(lane: number, victim: number): unknown
  /** The longest time, in ms, in which nobody was seen in the lane since `watch`. */
  standstill(lane: number): number | Promise<number>
}

/** A server's address, or memory of `witnessMemory`. */
export type Testimony = string | SharedArrayBuffer

export function witnessOf(testimony: Testimony): Witness {
  return typeof testimony === 'string' ? new DistantWitness(testimony) : new Memory(testimony)
}

const laneWidth = 16
/** The last two are 64 bits wide. */
const lane = { inside: 0, value: 1, writer: 2, victim: 3, seen: 4, gap: 6 } as const
const mostLanes = 16
/** Length of the log, then its entries. */
const logAt = laneWidth * mostLanes
const entryWidth = 4
const mostEntries = 2 ** 16

export function witnessMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer((logAt + 1 + entryWidth * mostEntries) * 4)
}

/** What was written down. An agent may have died while it wrote. */
export function readLog(memory: SharedArrayBuffer): Entry[] {
  const words = new Int32Array(memory)
  const length = words[logAt] ?? 0
  if (length > mostEntries) throw new Error(`the log is full: ${length} entries`)
  const entries: Entry[] = []
  for (let i = 0; i < length; i++) {
    const at = logAt + 1 + i * entryWidth
    const [code = 0, lane = 0, hold = 0, other = 0] = words.subarray(at, at + entryWidth)
    const kind = kinds[code - 1]
    if (kind !== undefined) entries.push({ kind, lane, hold, other })
  }
  return entries
}

class Memory implements Witness {
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #times: Float64Array<SharedArrayBuffer>
  /** Written down once. */
  #lastOusted = 0

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory)
    this.#times = new Float64Array(memory, 0, logAt / 2)
  }

  enter(index: number, hold: number): number {
    const at = index * laneWidth
    this.#see(at, hold)
    const before = Atomics.exchange(this.#words, at + lane.inside, hold)
    if (before !== 0) this.#note('overlap', index, before, hold)
    return Atomics.load(this.#words, at + lane.value)
  }

  touch(index: number, hold: number): void {
    if (!this.touchNow(index, hold)) throw new Ousted()
  }

  touchNow(index: number, hold: number): boolean {
    this.#see(index * laneWidth, hold)
    const inside = Atomics.load(this.#words, index * laneWidth + lane.inside)
    if (inside === hold) return true
    if (this.#lastOusted !== hold) this.#note('ousted', index, hold, inside)
    this.#lastOusted = hold
    return false
  }

  leave(index: number, hold: number, value: number): void {
    const words = this.#words
    const at = index * laneWidth
    this.#see(at, hold)
    if (Atomics.compareExchange(words, at + lane.value, value, value + 1) !== value) {
      this.#note('conflict', index, hold, Atomics.load(words, at + lane.writer))
    }
    Atomics.store(words, at + lane.writer, hold)
    const inside = Atomics.compareExchange(words, at + lane.inside, hold, 0)
    if (inside !== hold) this.#note('ousted', index, hold, inside)
  }

  tell(kind: Entry['kind'], index: number, hold: number): void {
    this.#note(kind, index, hold, 0)
  }

  watch(index: number, victim: number): void {
    const at = index * laneWidth
    this.#words[at + lane.victim] = victim
    this.#times[(at + lane.gap) / 2] = 0
    this.#times[(at + lane.seen) / 2] = now()
  }

  standstill(index: number): number {
    return this.#times[(index * laneWidth + lane.gap) / 2] ?? 0
  }

  /** Somebody is in the lane: whoever it is, is alone there, or that is found elsewhere. */
  #see(at: number, hold: number): void {
    if (agentOf(hold) === this.#words[at + lane.victim]) return
    const time = now()
    const gap = (at + lane.gap) / 2
    const seen = (at + lane.seen) / 2
    this.#times[gap] = Math.max(this.#times[gap] ?? 0, time - (this.#times[seen] ?? time))
    this.#times[seen] = time
  }

  #note(kind: Entry['kind'], index: number, hold: number, other: number): void {
    const words = this.#words
    const place = Atomics.add(words, logAt, 1)
    if (place >= mostEntries) return
    const at = logAt + 1 + place * entryWidth
    words.set([index, hold, other], at + 1)
    // Last: one without its kind was never finished.
    Atomics.store(words, at, kinds.indexOf(kind) + 1)
  }
}

/** Aborts what was under way when the page was frozen. */
let thaw = new AbortController()
globalThis.document?.addEventListener('resume', () => {
  const before = thaw
  thaw = new AbortController()
  before.abort()
})

class DistantWitness implements Witness {
  #cut = false

  constructor(readonly url: string) {}

  async enter(lane: number, hold: number): Promise<number> {
    return Number(await this.#ask('enter', lane, hold))
  }

  async touch(lane: number, hold: number): Promise<void> {
    if ((await this.#ask('touch', lane, hold)) === 'ousted') throw new Ousted()
  }

  touchNow(lane: number, hold: number): boolean {
    // Once it is to be ended no answer comes any more. It asks no further: what nobody waits for
    // would be under way in numbers, and arrive when it is dead.
    if (this.#cut) return true
    const request = new XMLHttpRequest()
    request.open('GET', this.#address('touch', lane, hold, 0), false)
    try {
      request.send()
    } catch {
      this.#cut = true
      return true
    }
    return request.responseText !== 'ousted'
  }

  leave(lane: number, hold: number, value: number): Promise<string> {
    return this.#ask('leave', lane, hold, value)
  }

  tell(kind: 'lost' | 'killed' | 'thief', lane: number, hold: number): Promise<string> {
    return this.#ask(kind, lane, hold)
  }

  watch(lane: number, victim: number): Promise<string> {
    return this.#ask('watch', lane, victim)
  }

  async standstill(lane: number): Promise<number> {
    return Number(await this.#ask('standstill', lane, 0))
  }

  /**
   * Until it is answered: a page that is frozen or cached has its requests cut, and lives on.
   * Chromium sometimes neither answers nor cuts what was under way when it froze a page, for ever.
   */
  async #ask(what: string, lane: number, hold: number, value = 0): Promise<string> {
    const url = this.#address(what, lane, hold, value)
    for (;;) {
      const { signal } = thaw
      try {
        const response = await fetch(url, { cache: 'no-store', signal })
        return await response.text()
      } catch (error) {
        if (!(error instanceof TypeError) && !signal.aborted) throw error
        // A turn of the event loop, which a window that is gone does not have.
        await new Promise((resolve) => setTimeout(resolve))
      }
    }
  }

  #address(what: string, lane: number, hold: number, value: number): string {
    return `${this.url}/${what}/${lane}/${hold}/${value}`
  }
}

/** For agents that compare their times. */
const now = () => performance.timeOrigin + performance.now()

/** Somebody else is inside. */
export class Ousted extends Error {}
