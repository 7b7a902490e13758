/**
 * The queue of a name: who holds it, who waits, and who is next. Latch only. `table.ts` says why
 * it is right.
 */

import type { Cells } from './cells'
import { bit, header, isExclusive, kind, kindOf, name, node, withKind } from './layout'
import type { Mail } from './mail'
import type { Names } from './names'
import type { Words } from './words'

/** A node's state once its agent has ended it. @param told whether it knew that it held the lock */
export function ended(state: number, told: boolean): number {
  if (kindOf(state) === kind.lost) return withKind(state, kind.spent)
  return withKind(told ? state & ~bit.abandoned : state, kind.ended)
}

export class Queues {
  constructor(
    readonly words: Words,
    readonly cells: Cells,
    readonly names: Names,
    readonly mail: Mail,
  ) {}

  /** Whether a request of this mode goes with those who hold the lock. */
  fits(queue: number, state: number): boolean {
    const holder = this.words.read(queue + name.holders)
    return holder === 0 || !(isExclusive(state) || isExclusive(this.words.load(holder)))
  }

  /** Whether it could be granted now: nobody is before it, and it fits. */
  admits(queue: number, state: number): boolean {
    return this.words.read(queue + name.first) === 0 && this.fits(queue, state)
  }

  /** Lets a node hold the lock at once. */
  hold(queue: number, at: number, state: number): void {
    const { words } = this
    words.write(at + node.name, queue)
    const abandoned = words.read(queue + name.abandoned)
    words.store(at, withKind(state, kind.held) | (abandoned === 0 ? 0 : bit.abandoned))
    this.linkHolder(queue, at)
    if (abandoned !== 0 && isExclusive(state)) this.forgetAbandoned(queue)
  }

  /** Puts a node at the end of the queue. */
  wait(queue: number, at: number, state: number): void {
    const { words } = this
    const ticket = (words.read(header.ticket) + 1) | 0
    words.write(header.ticket, ticket)
    words.write(at + node.name, queue)
    words.write(at + node.ticket, ticket)
    words.store(at, withKind(state, kind.waiting))
    this.linkWaiter(queue, at)
  }

  /** Takes the lock from everybody who holds it. */
  rob(queue: number): void {
    const { words } = this
    for (let at = words.read(queue + name.holders); at !== 0; ) {
      const after = words.read(at + node.after)
      const state = this.#rob(at)
      // A thread blocks while it waits; what it loses later it hears by mail.
      if (kindOf(state) === kind.held) this.mail.wake(at, state & ~bit.blocking)
      else this.cells.give(at)
      at = after
    }
    words.write(queue + name.holders, 0)
  }

  /** Takes out a holder that only keeps the lock, or has just ended. @returns whether there was one */
  reclaim(queue: number): boolean {
    const at = this.words.read(queue + name.holders)
    return at !== 0 && this.reclaimNode(at)
  }

  reclaimNode(at: number): boolean {
    const { words } = this
    let state = words.load(at)
    while (kindOf(state) === kind.kept) {
      const found = words.compareExchange(at, state, withKind(state, kind.ended))
      state = found === state ? withKind(state, kind.ended) : found
    }
    if (kindOf(state) !== kind.ended) return false
    this.remove(at, state)
    return true
  }

  /**
   * Has whoever might keep the lock give it back under the latch: somebody is to wait for it.
   * @returns whether nothing changed meanwhile
   */
  announce(queue: number): boolean {
    const { words } = this
    const at = words.read(queue + name.holders)
    const state = at === 0 ? 0 : words.load(at)
    if (kindOf(state) === kind.kept) return false
    // Only who blocks keeps a lock.
    if (kindOf(state) !== kind.held || (state & bit.blocking) === 0) return true
    if ((state & bit.wanted) !== 0) return true
    return words.compareExchange(at, state, state | bit.wanted) === state
  }

  /** Takes out a node that its agent has ended, and lets others move up. */
  remove(at: number, state: number): void {
    const { words } = this
    if (kindOf(state) === kind.spent) {
      words.store(at, 0)
      this.cells.give(at)
      return
    }
    const queue = words.read(at + node.name)
    if (this.#isAbandoned(queue, state)) {
      words.store(at, withKind(state, kind.abandoned))
      this.#unlink(queue, at)
      words.write(queue + name.abandoned, at)
      this.advance(queue)
      return
    }
    words.store(at, 0)
    this.#unlink(queue, at)
    if (this.isIdle(queue)) {
      this.names.remove(queue, at)
    } else {
      this.cells.give(at)
      this.advance(queue)
    }
  }

  /**
   * Grants from the head of the queue for as long as the next one fits; forgets the name if nobody
   * is left.
   */
  advance(queue: number): void {
    const { words } = this
    for (;;) {
      const at = words.read(queue + name.first)
      if (at === 0) return
      const state = words.load(at)
      if (kindOf(state) === kind.waiting && !this.fits(queue, state)) return
      if (kindOf(state) !== kind.waiting || !this.#grant(queue, at, state)) {
        // Withdrawn meanwhile.
        words.store(at, 0)
        this.#unlink(queue, at)
        if (this.isIdle(queue)) {
          this.names.remove(queue, at)
          return
        }
        this.cells.give(at)
      }
    }
  }

  /** Whether nobody holds it, waits for it, or has to be told of a death. */
  isIdle(queue: number): boolean {
    const { words } = this
    return (
      words.read(queue + name.holders) === 0 &&
      words.read(queue + name.first) === 0 &&
      words.read(queue + name.abandoned) === 0
    )
  }

  /** Somebody was told that the last holder died, and is to put things right. */
  forgetAbandoned(queue: number): void {
    const at = this.words.read(queue + name.abandoned)
    this.words.store(at, 0)
    this.words.write(queue + name.abandoned, 0)
    if (this.isIdle(queue)) this.names.remove(queue, at)
    else this.cells.give(at)
  }

  linkHolder(queue: number, at: number): void {
    const { words } = this
    const after = words.read(queue + name.holders)
    words.write(at + node.before, 0)
    words.write(at + node.after, after)
    if (after !== 0) words.write(after + node.before, at)
    words.write(queue + name.holders, at)
  }

  linkWaiter(queue: number, at: number): void {
    const { words } = this
    const last = words.read(queue + name.last)
    words.write(at + node.before, last)
    words.write(at + node.after, 0)
    words.write(last === 0 ? queue + name.first : last + node.after, at)
    words.write(queue + name.last, at)
  }

  /** Its agent may give it back, or keep and take it again, meanwhile. @returns what it was */
  #rob(at: number): number {
    const { words } = this
    for (;;) {
      const state = words.load(at)
      const robbed = kindOf(state) === kind.held ? withKind(state, kind.lost) : 0
      if (words.compareExchange(at, state, robbed) === state) return state
    }
  }

  /** @returns whether it still waited */
  #grant(queue: number, at: number, state: number): boolean {
    const { words } = this
    const abandoned = words.read(queue + name.abandoned)
    const held = withKind(state, kind.held) | (abandoned === 0 ? 0 : bit.abandoned)
    if (words.compareExchange(at, state, held) !== state) return false
    this.#unlink(queue, at)
    this.linkHolder(queue, at)
    if (abandoned !== 0 && isExclusive(state)) this.forgetAbandoned(queue)
    this.mail.wake(at, held)
    return true
  }

  /** Whether the next one has to be told in place of this one that the last holder died. */
  #isAbandoned(queue: number, state: number): boolean {
    const untold = (state & bit.abandoned) !== 0 && isExclusive(state)
    return untold && this.words.read(queue + name.abandoned) === 0
  }

  /** From either list. */
  #unlink(queue: number, at: number): void {
    const { words } = this
    const before = words.read(at + node.before)
    const after = words.read(at + node.after)
    if (before !== 0) words.write(before + node.after, after)
    else if (words.read(queue + name.holders) === at) words.write(queue + name.holders, after)
    else words.write(queue + name.first, after)
    if (after !== 0) words.write(after + node.before, before)
    else if (words.read(queue + name.last) === at) words.write(queue + name.last, before)
  }
}
