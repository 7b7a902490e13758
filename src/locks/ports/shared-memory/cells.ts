/** The cells that nobody uses, as a stack. Latch only. */

import { cell, header } from './layout'
import type { Words } from './words'

export class Cells {
  constructor(readonly words: Words) {}

  /** Takes so many, linked as free ones are. @returns the first one, or 0 if there are too few */
  take(count: number): number {
    const { words } = this
    const first = words.load(header.free)
    let at = first
    for (let i = 0; i < count; i++) {
      if (at === 0) return 0
      at = words.load(at + cell.free)
    }
    words.store(header.free, at)
    return first
  }

  count(): number {
    let count = 0
    for (let at = this.words.load(header.free); at !== 0; at = this.next(at)) count++
    return count
  }

  next(at: number): number {
    return this.words.load(at + cell.free)
  }

  give(at: number): void {
    this.giveLinked(at, at)
  }

  /** Gives back some that are linked already. */
  giveLinked(first: number, last: number): void {
    this.link(last, this.words.load(header.free))
    this.words.store(header.free, first)
  }

  /** A cell is mostly taken as it was given back: reading a word costs a tenth of writing it. */
  link(at: number, next: number): void {
    if (this.words.load(at + cell.free) !== next) this.words.store(at + cell.free, next)
  }
}
