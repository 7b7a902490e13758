/**
 * States that an exploration has been in. Threads are deterministic, so the future of a run
 * follows from the memory, from what each thread has seen so far, and from who waits for what: a
 * run that comes to a known state with no more preemptions left than it had there is cut short.
 * Two states whose 64 bits of hash are alike are taken for one.
 *
 * One table of hashes in a memory of its own, because the threads themselves look states up.
 */

import { at } from './control'

const slots = 1 << 21
const slotSize = 3

export class Known {
  readonly #words: Int32Array

  constructor(readonly buffer = new SharedArrayBuffer((1 + slots * slotSize) * 4)) {
    this.#words = new Int32Array(buffer)
  }

  get size(): number {
    return at(this.#words, 0)
  }

  /** From here on some states are no longer remembered: an exploration takes longer, not less. */
  get full(): boolean {
    return this.size > slots * 0.75
  }

  clear(): void {
    if (this.size > 0) this.#words.fill(0)
  }

  /** Whether the state was known with at least this many preemptions left. If not, it now is. */
  visit(low: number, high: number, preemptions: number): boolean {
    for (let slot = low & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const from = 1 + slot * slotSize
      const left = at(this.#words, from + 2) - 1
      if (left < 0) {
        if (this.full) return false
        this.#words[from] = low
        this.#words[from + 1] = high
        this.#words[from + 2] = preemptions + 1
        this.#words[0] = this.size + 1
        return false
      }
      if (at(this.#words, from) !== low || at(this.#words, from + 1) !== high) continue
      if (left >= preemptions) return true
      this.#words[from + 2] = preemptions + 1
      return false
    }
  }
}
