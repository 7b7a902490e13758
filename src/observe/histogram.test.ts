/** `SEED=… npx vitest run …` plays a run again. */

import fc from 'fast-check'
import { build } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { Histogram } from './histogram'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`histogram.test.ts: SEED=${seed}`)

/** ms, over the whole range, evenly by magnitude. */
const duration = fc
  .tuple(fc.integer({ min: -13, max: 25 }), fc.double({ min: 1, max: 2, noNaN: true }))
  .map(([exponent, factor]) => factor * 2 ** exponent)
const durations = fc.array(duration, { minLength: 1, maxLength: 300 })
const share = fc.double({ min: 0, max: 1, noNaN: true })

function of(values: readonly number[]): Histogram {
  const histogram = new Histogram()
  for (const ms of values) histogram.record(ms)
  return histogram
}

/** The value that a sorted list has at the rank. */
function exact(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = Math.max(1, Math.ceil(q * sorted.length * (1 - Number.EPSILON)))
  return sorted[rank - 1] as number
}

test('a quantile is wrong by at most 0.8 %, over the whole range', () => {
  fc.assert(
    fc.property(durations, share, (values, q) => {
      const value = exact(values, q)
      expect(Math.abs(of(values).quantile(q) - value)).toBeLessThanOrEqual(value / 128)
    }),
    { seed, numRuns: 1000 },
  )
})

test('quantiles, count and extremes agree with HdrHistogram', () => {
  // Whole ns: it knows no fractions. Three digits, so that what differs is ours.
  const whole = duration.map((ms) => Math.max(1, Math.round(ms * 1e6)))
  fc.assert(
    fc.property(fc.array(whole, { minLength: 1, maxLength: 200 }), (values) => {
      const theirs = build({
        bitBucketSize: 64,
        lowestDiscernibleValue: 1,
        highestTrackableValue: 2 ** 48,
        numberOfSignificantValueDigits: 3,
      })
      for (const ns of values) theirs.recordValue(ns)
      const ours = of(values.map((ns) => ns / 1e6))
      expect(ours.count).toBe(theirs.totalCount)
      for (const percentile of [50, 90, 99, 99.9]) {
        const ns = theirs.getValueAtPercentile(percentile)
        const difference = Math.abs(ours.quantile(percentile / 100) * 1e6 - ns)
        // Below 61 ns all is one; above, ours and theirs may each be wrong by their own width.
        expect(difference).toBeLessThanOrEqual(Math.max(ns * (1 / 128 + 1 / 1000) + 1, 62))
      }
      expect(ours.max).toBe(Math.max(...values) / 1e6)
      expect(ours.min).toBe(Math.min(...values) / 1e6)
    }),
    { seed, numRuns: 300 },
  )
})

test('every value lies in the bounds of its bucket, which are 1.6 % apart at most', () => {
  fc.assert(
    fc.property(duration, (ms) => {
      const [[index] = [-1]] = of([ms]).data().buckets
      const [from, to] = Histogram.bounds(index)
      expect(ms).toBeGreaterThanOrEqual(from)
      expect(ms).toBeLessThan(to)
      expect(to - from).toBeLessThanOrEqual(from / 63)
    }),
    { seed, numRuns: 1000 },
  )
})

test('buckets leave no room between them, and overlap nowhere', () => {
  let border = 0
  for (let index = 0; border < Number.POSITIVE_INFINITY; index++) {
    const [from, to] = Histogram.bounds(index)
    expect(from).toBe(border)
    expect(to).toBeGreaterThan(from)
    border = to
  }
})

test('merging is as if all had been recorded in one, also by way of JSON', () => {
  fc.assert(
    fc.property(durations, durations, (some, others) => {
      const merged = of(some).merge(JSON.parse(JSON.stringify(of(others).data())))
      const { sum, ...rest } = of([...some, ...others]).data()
      expect(merged.data()).toMatchObject(rest)
      expect(Math.abs(merged.sum - sum)).toBeLessThanOrEqual(sum * 1e-12)
      expect(Histogram.from(merged.data()).data()).toEqual(merged.data())
    }),
    { seed, numRuns: 300 },
  )
})

test('whole ms up to 128 are answered exactly, and p50 of two is the first', () => {
  for (let ms = 0; ms <= 128; ms++) expect(of([ms, 1000, 2000]).quantile(0.3)).toBe(ms)
  expect(of([10, 20]).quantile(0.5)).toBe(10)
  expect(of([10, 20, 30]).quantile(0.5)).toBe(20)
  expect(of([10, 20]).quantile(0)).toBe(10)
})

test('what is outside of the range is counted, with its exact extremes', () => {
  const histogram = of([0, 1e-9, 1e12])
  expect(histogram.data()).toMatchObject({ count: 3, min: 0, max: 1e12 })
  expect(histogram.quantile(0.5)).toBe(0)
  expect(histogram.quantile(1)).toBe(1e12)
})

test('one that is empty is all zeros', () => {
  const histogram = new Histogram()
  histogram.record(5, 0)
  const { count, sum, min, max, mean } = histogram
  expect([count, sum, min, max, mean, histogram.quantile(0.99)]).toEqual([0, 0, 0, 0, 0, 0])
  expect(of([7]).merge(histogram).data()).toEqual(of([7]).data())
})

test('`times` counts as often', () => {
  const histogram = new Histogram()
  histogram.record(3, 4)
  expect(histogram.data()).toEqual(of([3, 3, 3, 3]).data())
  expect(histogram.mean).toBe(3)
})

describe('what is no duration, share or bucket is refused', () => {
  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('record(%s)', (ms) => {
    expect(() => new Histogram().record(ms)).toThrow(RangeError)
  })
  test.each([-1, 0.5, Number.NaN])('record(1, %s)', (times) => {
    expect(() => new Histogram().record(1, times)).toThrow(/^times must/)
  })
  test.each([-0.1, 1.1, Number.NaN])('quantile(%s)', (q) => {
    expect(() => new Histogram().quantile(q)).toThrow(/^q must be from 0 to 1/)
  })
  test.each([-1, 0.5, 2626])('bounds(%s)', (index) => {
    expect(() => Histogram.bounds(index)).toThrow(/^index must/)
    const data = { count: 1, sum: 1, min: 1, max: 1, buckets: [[index, 1]] as const }
    expect(() => Histogram.from(data)).toThrow(/^bucket must/)
  })
})
