/**
 * Watches that plain reads and writes are ordered by atomic operations: two threads that touch a
 * word, at least one of them plainly and at least one writing, must have synchronised in between,
 * as seen by vector clocks (Mattern 1989; Flanagan and Freund, "FastTrack", PLDI 2009). A schedule
 * shows the race also where it happens to go well. This is what allows the scheduler to let nobody
 * in before a plain access.
 *
 * A plain read may race with atomic writes: engines never tear a word, and the reader says which of
 * its bits it relies on.
 *
 * For each word: who wrote it plainly last, and when; when each thread last read it plainly and
 * last touched it atomically; and what whoever touches it atomically learns.
 */

import { at, limits } from './control'

const { threads } = limits
const part = {
  writer: 0,
  written: 1,
  read: 2,
  atomic: 2 + threads,
  known: 2 + 2 * threads,
  size: 2 + 3 * threads,
} as const

export class Races {
  readonly #words: Int32Array
  /** After the words: each thread's clock, and the highest word that was touched. */
  readonly #clocks: number
  readonly #highest: number

  /** @param length of the memory under test, in words */
  constructor(
    readonly buffer: SharedArrayBuffer,
    length: number,
  ) {
    this.#words = new Int32Array(buffer)
    this.#clocks = length * part.size
    this.#highest = this.#clocks + threads * threads
  }

  static create(length: number): Races {
    const words = length * part.size + threads * threads + 1
    return new Races(new SharedArrayBuffer(words * 4), length)
  }

  clear(): void {
    this.#words.fill(0, 0, (at(this.#words, this.#highest) + 1) * part.size)
    this.#words.fill(0, this.#clocks)
    for (let thread = 0; thread < threads; thread++) this.#words[this.#own(thread)] = 1
  }

  /** @returns who wrote the word plainly, unknown to this thread; `undefined` if nobody did */
  read(thread: number, index: number): number | undefined {
    const from = this.#from(index)
    this.#words[from + part.read + thread] = this.#now(thread)
    return this.#writer(thread, from)
  }

  /** @returns who touched the word, unknown to this thread */
  write(thread: number, index: number): number | undefined {
    const from = this.#from(index)
    const writer = this.#writer(thread, from)
    this.#words[from + part.writer] = thread + 1
    this.#words[from + part.written] = this.#now(thread)
    if (writer !== undefined) return writer
    for (let other = 0; other < threads; other++) {
      const seen = at(this.#words, this.#clocks + thread * threads + other)
      if (at(this.#words, from + part.read + other) > seen) return other
      if (at(this.#words, from + part.atomic + other) > seen) return other
    }
    return undefined
  }

  /** @returns who wrote the word plainly, unknown to this thread */
  atomic(thread: number, index: number, writes: boolean): number | undefined {
    const from = this.#from(index)
    const clock = this.#clocks + thread * threads
    this.#learn(clock, from + part.known)
    const writer = this.#writer(thread, from)
    this.#words[from + part.atomic + thread] = this.#now(thread)
    if (writes) {
      this.#learn(from + part.known, clock)
      this.#words[this.#own(thread)] = this.#now(thread) + 1
    }
    return writer
  }

  /** Who is told of a death knows all that the dead one did. */
  told(thread: number, dead: number): void {
    this.#learn(this.#clocks + thread * threads, this.#clocks + dead * threads)
  }

  #writer(thread: number, from: number): number | undefined {
    const writer = at(this.#words, from + part.writer) - 1
    if (writer < 0 || writer === thread) return undefined
    const seen = at(this.#words, this.#clocks + thread * threads + writer)
    return at(this.#words, from + part.written) > seen ? writer : undefined
  }

  #learn(into: number, from: number): void {
    for (let thread = 0; thread < threads; thread++) {
      const news = at(this.#words, from + thread)
      if (news > at(this.#words, into + thread)) this.#words[into + thread] = news
    }
  }

  #from(index: number): number {
    if (index > at(this.#words, this.#highest)) this.#words[this.#highest] = index
    return index * part.size
  }

  #own(thread: number): number {
    return this.#clocks + thread * threads + thread
  }

  #now(thread: number): number {
    return at(this.#words, this.#own(thread))
  }
}
