/** The names in use: a hash table of cells, each of which is the queue of its lock. Latch only. */

import type { Cells } from './cells'
import { type Layout, name, textAt, textInCell, textInName } from './layout'
import { hashOf, partOf, partsOf, textOf } from './name-text'
import type { Words } from './words'

export class Names {
  /** The name that was looked for last. */
  #text = ''
  #hash = hashOf('')
  /** Its text as the table has it. */
  #parts: readonly number[] = []

  constructor(
    readonly words: Words,
    readonly cells: Cells,
    readonly layout: Layout,
  ) {}

  /** @returns its cell, or 0 */
  find(text: string): number {
    // Loops over one name are the rule; engines know at once that a string is the same one.
    if (text !== this.#text) {
      this.#text = text
      this.#hash = hashOf(text)
      this.#parts = Array.from({ length: partsOf(text) }, (_, part) => partOf(text, part))
    }
    let at = this.words.read(this.#bucket(this.#hash))
    while (at !== 0 && !this.#is(at, text)) at = this.words.read(at + name.next)
    return at
  }

  /**
   * Writes the name that was not found into cells that were taken for it: nobody waits for it.
   * @param holder its first node, not written yet
   */
  write(at: number, text: string, holder: number): void {
    const { words } = this
    words.write(at + name.hash, this.#hash)
    words.write(at + name.length, text.length)
    words.write(at + name.holders, holder)
    words.write(at + name.first, 0)
    words.write(at + name.last, 0)
    words.write(at + name.abandoned, 0)
    const parts = this.#parts
    for (let part = 0; part < parts.length && part < textInName; part++) {
      words.write(at + name.text + part, parts[part] ?? 0)
    }
    let last = at
    for (let begin = textInName; begin < parts.length; begin += textInCell) {
      const more = this.cells.next(last)
      for (let part = 0; part < textInCell && begin + part < parts.length; part++) {
        words.write(more + textAt(part), parts[begin + part] ?? 0)
      }
      words.write(last + name.more, more)
      last = more
    }
    words.write(last + name.more, 0)
  }

  /** Lets it be found. */
  link(at: number): void {
    const bucket = this.#bucket(this.words.read(at + name.hash))
    this.words.write(at + name.next, this.words.read(bucket))
    this.words.write(bucket, at)
  }

  /** Lets it be found no more, and gives its cells back, after one that is linked to it. */
  remove(at: number, node: number): void {
    const { words, cells } = this
    const bucket = this.#bucket(words.read(at + name.hash))
    const next = words.read(at + name.next)
    let link = bucket
    while (words.read(link) !== at) link = words.read(link) + name.next
    words.write(link, next)
    let last = at
    for (let more = words.read(at + name.more); more !== 0; more = words.read(more + name.more)) {
      cells.link(last, more)
      last = more
    }
    cells.link(node, at)
    cells.giveLinked(node, last)
  }

  text(at: number): string {
    const { words } = this
    let from = at
    let begin = 0
    return textOf(words.read(at + name.length), (part) => {
      if (part < textInName) return words.read(at + name.text + part)
      if ((part - textInName) % textInCell === 0) {
        from = words.read(from + name.more)
        begin = part
      }
      return words.read(from + textAt(part - begin))
    })
  }

  /** The buckets that may hold something. */
  *buckets(): Generator<number> {
    const { firstBucket, buckets } = this.layout
    for (let i = 0; i < buckets; i++) yield firstBucket + i
  }

  *all(): Generator<number> {
    for (const bucket of this.buckets()) {
      for (let at = this.words.read(bucket); at !== 0; at = this.words.read(at + name.next)) {
        yield at
      }
    }
  }

  /** Whether this is the name that is looked for. */
  #is(at: number, text: string): boolean {
    const { words } = this
    if (words.read(at + name.hash) !== this.#hash) return false
    if (words.read(at + name.length) !== text.length) return false
    const parts = this.#parts
    let from = at
    for (let part = 0; part < parts.length; part++) {
      const further = part - textInName
      if (further >= 0 && further % textInCell === 0) from = words.read(from + name.more)
      const where = further < 0 ? at + name.text + part : from + textAt(further % textInCell)
      if (words.read(where) !== parts[part]) return false
    }
    return true
  }

  #bucket(hash: number): number {
    return this.layout.firstBucket + (hash & (this.layout.buckets - 1))
  }
}
