/**
 * Names as a memory holds them: UTF-16 units as they are, two a word, so that every string is one,
 * whatever lone surrogates it has. Packing costs more than a whole lock, so the last names are
 * remembered.
 */

import { remember } from '../../remember'
import { textInCell, textInName } from './layout'

export interface PackedName {
  readonly text: string
  readonly hash: number
  readonly words: Int32Array
  /** How many cells its text takes up. */
  readonly cells: number
}

export function packName(text: string): PackedName {
  const words = new Int32Array(Math.ceil(text.length / 2))
  // FNV-1a over the units.
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    hash = Math.imul(hash ^ unit, 0x01000193)
    words[i >> 1] = (words[i >> 1] ?? 0) | (unit << (i & 1 ? 16 : 0))
  }
  const further = Math.max(0, words.length - textInName)
  return { text, hash, words, cells: 1 + Math.ceil(further / textInCell) }
}

/** The name whose words `read` tells. @param length in UTF-16 units */
export function unpackName(length: number, read: (part: number) => number): string {
  let text = ''
  for (let part = 0; part < length; part += 2) {
    const word = read(part >> 1)
    text += String.fromCharCode(word & 0xffff)
    if (part + 1 < length) text += String.fromCharCode(word >>> 16)
  }
  return text
}

/** How many names are remembered. */
const remembered = 64
/** Longer ones cost more to keep than they are worth. */
const longest = 256

/** Packs each name once, as long as it is one of the last that were packed. */
export class PackedNames {
  #last: PackedName = packName('')
  readonly #known = new Map<string, PackedName>()

  of(text: string): PackedName {
    if (this.#last.text === text) return this.#last
    let packed = this.#known.get(text)
    if (packed === undefined) {
      packed = packName(text)
      if (text.length <= longest) remember(this.#known, text, packed, remembered)
    }
    this.#last = packed
    return packed
  }
}
