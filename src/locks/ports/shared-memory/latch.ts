/**
 * The table's own lock: one word. Whoever owns it is known by its agent word, so that its death can
 * be proven, and a dead owner's latch be seized; an agent word is not used again, so a slow seizer
 * cannot take the latch from a later, living owner.
 *
 * It is owned for a microsecond at most, so others spin, then sleep; whoever leaves wakes all of
 * them, so that none depends on another one who may die, or whose event loop may be busy.
 */

import { header, leftovers, latchMarks as marks, sleepers } from './layout'
import type { Words } from './words'

/** As many as there are. */
export const all = 2 ** 31 - 1

/** `Atomics.pause`, where there is one: tells the processor that this thread only waits. */
const pause = /* @__PURE__ */ processorPause()

export class Latch {
  constructor(
    readonly words: Words,
    /** The agent word to own it by. */
    readonly own: number,
  ) {}

  tryEnter(): boolean {
    return this.words.compareExchange(header.latch, 0, this.own) === 0
  }

  /** @param spins how often to look whether it is free */
  spinEnter(spins: number): boolean {
    for (let i = 0; i < spins; i++) {
      if (this.words.load(header.latch) === 0 && this.tryEnter()) return true
      pause()
    }
    return false
  }

  /** @returns whether somebody left something to do */
  leave(): boolean {
    const was = this.words.exchange(header.latch, 0)
    if ((was & sleepers) !== 0) this.words.notify(header.latch, all)
    return (was & leftovers) !== 0
  }

  /** The agent word of whoever owns it; 0 if nobody does. */
  owner(): number {
    return this.words.load(header.latch) & ~marks
  }

  /** Takes it from an owner that is proven dead. Its marks stay. */
  seize(dead: number): boolean {
    const { words } = this
    for (;;) {
      const found = words.load(header.latch)
      if ((found & ~marks) !== dead) return false
      const mine = this.own | (found & marks)
      if (words.compareExchange(header.latch, found, mine) === found) return true
    }
  }

  /** Has its owner see to what was left. @returns `false` if it is free by now */
  markLeft(): boolean {
    return this.#mark(leftovers) !== 0
  }

  /** Has its owner wake others. @returns the word to sleep on, or 0 if it is free by now */
  markSleepers(): number {
    return this.#mark(sleepers)
  }

  #mark(mark: number): number {
    const { words } = this
    for (;;) {
      const found = words.load(header.latch)
      if (found === 0 || (found & mark) !== 0) return found
      if (words.compareExchange(header.latch, found, found | mark) === found) return found | mark
    }
  }
}

function processorPause(): () => void {
  return (Atomics as { readonly pause?: () => void }).pause ?? (() => {})
}
