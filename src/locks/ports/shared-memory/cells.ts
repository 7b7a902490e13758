/** The cells that nobody uses, as a stack. Latch only. */

import { cell, header } from './layout'
import type { Words } from './words'

export class Cells {
  constructor(readonly words: Words) {}

  /** Takes so many, linked as free ones are. @returns the first one, or 0 if there are too few */
  take(count: number): number {
    const { words } = this
    const first = words.read(header.free)
    let at = first
    for (let i = 0; i < count; i++) {
      if (at === 0) return 0
      at = words.read(at + cell.free)
    }
    words.write(header.free, at)
    return first
  }

  count(): number {
    let count = 0
    for (let at = this.words.read(header.free); at !== 0; at = this.next(at)) count++
    return count
  }

  next(at: number): number {
    return this.words.read(at + cell.free)
  }

  give(at: number): void {
    this.giveLinked(at, at)
  }

  /** Gives back some that are linked already. */
  giveLinked(first: number, last: number): void {
    this.link(last, this.words.read(header.free))
    this.words.write(header.free, first)
  }

  link(at: number, next: number): void {
    this.words.write(at + cell.free, next)
  }
}
