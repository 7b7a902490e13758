/** Durations survive print and parse exactly, to the millisecond. */

import { expect, test } from 'vitest'
import { parseDuration, printDuration } from './duration'

test('every millisecond of a minute', () => {
  for (let ms = 0; ms <= 60_000; ms++) {
    const text = printDuration(ms)
    const result = parseDuration(text)
    if (result.kind !== 'ok' || result.ms !== ms) throw new Error(`${ms} printed as ${text}`)
  }
})

test.each([
  [0, '0s'],
  [5, '5ms'],
  [250, '250ms'],
  [500, '500ms'],
  [1000, '1s'],
  [1050, '1.05s'],
  [60_000, '60s'],
])('%i ms is %s', (ms, text) => {
  expect(printDuration(ms)).toBe(text)
})
