/** Any string can be a name: what goes into words comes out of them. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsOf, hashOf, partOf, partsOf, textOf } from './name-text'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`name-text.test.ts: SEED=${seed}`)

/** Whatever units, lone surrogates as well. */
const text = fc
  .array(fc.nat(0xffff), { maxLength: 80 })
  .map((units) => String.fromCharCode(...units))

test('every text comes back', () => {
  fc.assert(
    fc.property(text, (given) => {
      const words = Int32Array.from({ length: partsOf(given) }, (_, part) => partOf(given, part))
      expect(textOf(given.length, (part) => words[part] ?? 0)).toBe(given)
    }),
    { seed },
  )
})

test('different texts differ in their words or their length', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      fc.pre(one !== other && one.length === other.length)
      const words = (given: string) =>
        Array.from({ length: partsOf(given) }, (_, part) => partOf(given, part)).join()
      expect(words(one)).not.toBe(words(other))
    }),
    { seed },
  )
})

test('a hash is a word', () => {
  for (const given of ['', 'a', 'counter', '\ud800']) expect(hashOf(given)).toBe(hashOf(given) | 0)
})

test.each([
  [0, 1],
  [12, 1],
  [13, 2],
  [38, 2],
  [39, 3],
])('a text of %d units takes %d cells', (length, cells) => {
  expect(cellsOf('x'.repeat(length))).toBe(cells)
})
