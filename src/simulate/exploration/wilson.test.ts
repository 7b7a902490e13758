import { expect, test } from 'vitest'
import { wilson } from './wilson'

test.each([
  // R: prop.test(x, n, correct = FALSE)
  [15, 100, 0.0931, 0.2328],
  [50, 100, 0.4038, 0.5962],
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
])('%d of %d', (hits, trials, low, high) => {
  const interval = wilson(hits, trials)
  expect(interval.low).toBeCloseTo(low, 4)
  expect(interval.high).toBeCloseTo(high, 4)
})

test.each([
  [1, 0],
  [-1, 5],
  [6, 5],
  [Number.NaN, 5],
])('%d of %d is no share', (hits, trials) => {
  expect(() => wilson(hits, trials)).toThrow(`got ${hits} of ${trials}`)
})
