/**
 * Names as a memory holds them: UTF-16 units as they are, two a word, so that every string is one,
 * whatever lone surrogates it has.
 */

import { textInCell, textInName } from './layout'

/** FNV-1a over the units. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

/** How many words a text takes. */
export function partsOf(text: string): number {
  return (text.length + 1) >> 1
}

/** One word of a text. */
export function partOf(text: string, part: number): number {
  const at = part << 1
  const low = text.charCodeAt(at)
  return at + 1 < text.length ? low | (text.charCodeAt(at + 1) << 16) : low
}

/** How many cells a name takes. */
export function cellsOf(text: string): number {
  const further = partsOf(text) - textInName
  return further <= 0 ? 1 : 1 + Math.ceil(further / textInCell)
}

/** The text whose words `read` tells, in their order. @param length in UTF-16 units */
export function textOf(length: number, read: (part: number) => number): string {
  let text = ''
  for (let at = 0; at < length; at += 2) {
    const word = read(at >> 1)
    text += String.fromCharCode(word & 0xffff)
    if (at + 1 < length) text += String.fromCharCode(word >>> 16)
  }
  return text
}
