/** The names in use: a hash table of cells, each of which is the queue of its lock. Latch only. */

import type { Cells } from './cells'
import { type Layout, name, textAt, textInCell, textInName } from './layout'
import { type PackedName, unpackName } from './packed-name'
import type { Words } from './words'

export class Names {
  constructor(
    readonly words: Words,
    readonly cells: Cells,
    readonly layout: Layout,
  ) {}

  /** @returns its cell, or 0 */
  find(packed: PackedName): number {
    let at = this.words.load(this.#bucket(packed.hash))
    while (at !== 0 && !this.#is(at, packed)) at = this.words.load(at + name.next)
    return at
  }

  /**
   * Writes a name that nobody waits for into cells that were taken for it.
   * @param holder its first node, not written yet
   * @returns the cell after the last one that was used
   */
  write(at: number, packed: PackedName, holder: number): number {
    this.#put(at + name.hash, packed.hash)
    this.#put(at + name.length, packed.text.length)
    this.#put(at + name.holders, holder)
    this.#put(at + name.first, 0)
    this.#put(at + name.last, 0)
    this.#put(at + name.abandoned, 0)
    const { words } = packed
    for (let part = 0; part < words.length && part < textInName; part++) {
      this.#put(at + name.text + part, words[part] ?? 0)
    }
    let rest = this.cells.next(at)
    let last = at
    for (let begin = textInName; begin < words.length; begin += textInCell) {
      for (let part = 0; part < textInCell && begin + part < words.length; part++) {
        this.#put(rest + textAt(part), words[begin + part] ?? 0)
      }
      this.#put(last + name.more, rest)
      last = rest
      rest = this.cells.next(rest)
    }
    this.#put(last + name.more, 0)
    return rest
  }

  /** Lets it be found. */
  link(at: number): void {
    const bucket = this.#bucket(this.words.load(at + name.hash))
    this.#put(at + name.next, this.words.load(bucket))
    this.words.store(bucket, at)
  }

  /** Lets it be found no more, and gives its cells back, after one that is linked to it. */
  remove(at: number, node: number): void {
    const { words, cells } = this
    const bucket = this.#bucket(words.load(at + name.hash))
    const next = words.load(at + name.next)
    let link = bucket
    while (words.load(link) !== at) link = words.load(link) + name.next
    words.store(link, next)
    let last = at
    for (let more = words.load(at + name.more); more !== 0; more = words.load(more + name.more)) {
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
    return unpackName(words.load(at + name.length), (part) => {
      if (part < textInName) return words.load(at + name.text + part)
      if ((part - textInName) % textInCell === 0) {
        from = words.load(from + name.more)
        begin = part
      }
      return words.load(from + textAt(part - begin))
    })
  }

  /** The buckets that may hold something. */
  *buckets(): Generator<number> {
    const { firstBucket, buckets } = this.layout
    for (let i = 0; i < buckets; i++) yield firstBucket + i
  }

  *all(): Generator<number> {
    for (const bucket of this.buckets()) {
      for (let at = this.words.load(bucket); at !== 0; at = this.words.load(at + name.next)) {
        yield at
      }
    }
  }

  #is(at: number, { hash, text, words: parts }: PackedName): boolean {
    const { words } = this
    if (words.load(at + name.hash) !== hash) return false
    if (words.load(at + name.length) !== text.length) return false
    let from = at
    for (let part = 0; part < parts.length; part++) {
      const further = part - textInName
      if (further >= 0 && further % textInCell === 0) from = words.load(from + name.more)
      const where = further < 0 ? at + name.text + part : from + textAt(further % textInCell)
      if (words.load(where) !== parts[part]) return false
    }
    return true
  }

  #bucket(hash: number): number {
    return this.layout.firstBucket + (hash & (this.layout.buckets - 1))
  }

  /** Cells are mostly used again for what they were used for: reading costs a tenth of writing. */
  #put(at: number, value: number): void {
    if (this.words.load(at) !== value) this.words.store(at, value)
  }
}
