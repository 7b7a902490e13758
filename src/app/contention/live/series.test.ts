import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acquisition, randomRun } from '../testing/random-run'
import { binCount, binOf, boundsOf, quantileOf } from './bins'
import { Series } from './series'

const start = 1_000

function seriesOf(events: Parameters<Series['add']>[0][], options = {}) {
  const series = new Series({ start, ...options })
  for (const event of events) series.add(event)
  return series
}

describe('bins', () => {
  it('lie side by side, and know where each length belongs', () => {
    for (let bin = 1; bin < binCount - 1; bin++) {
      const [from, to] = boundsOf(bin)
      expect(boundsOf(bin + 1)[0]).toBeCloseTo(to, 9)
      expect(binOf(Math.sqrt(from * to))).toBe(bin)
    }
    expect(binOf(0)).toBe(0)
    expect(binOf(Number.POSITIVE_INFINITY)).toBe(binCount - 1)
  })

  it('give quantiles that are at most 6 % off', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 1 }),
        fc.constantFrom(0.5, 0.9, 0.99, 1),
        (lengths, q) => {
          const bins = new Uint32Array(binCount)
          for (const ms of lengths) bins[binOf(ms)] = (bins[binOf(ms)] ?? 0) + 1
          const sorted = [...lengths].sort((a, b) => a - b)
          const exact = sorted[Math.max(Math.ceil(lengths.length * q), 1) - 1] ?? 0
          const found = quantileOf(bins, lengths.length, q) ?? 0
          expect(Math.abs(found / exact - 1)).toBeLessThan(0.0601)
        },
      ),
    )
  })
})

describe('Series', () => {
  it('knows throughput, waits and who waited, slice by slice', () => {
    const series = seriesOf(
      [
        ...acquisition({ request: 'a', from: 1_000, granted: 1_000, released: 1_080 }),
        ...acquisition({ request: 'b', from: 1_000, granted: 1_080, released: 1_150 }),
        ...acquisition({ request: 'c', from: 1_020, granted: 1_150, released: 1_200 }),
      ],
      { slice: 100 },
    )
    const [first, second, third] = series.slices()
    expect(first).toMatchObject({ from: 0, to: 100, grants: 2, throughput: 20 })
    // b waited 80 ms of it, c 80.
    expect(first?.waiting).toBeCloseTo(1.6)
    expect(first?.p50).toBe(0)
    expect(first?.p99 ?? 0).toBeGreaterThan(76)
    expect(first?.p99 ?? 0).toBeLessThan(85)
    expect(second?.grants).toBe(1)
    expect(second?.waiting).toBeCloseTo(0.5)
    expect(third?.grants).toBe(0)
    expect(third?.p50).toBeUndefined()
  })

  it('counts those who still wait', () => {
    const [asked] = acquisition({ request: 'a', from: 1_000, granted: 9_000, released: 9_000 })
    const [other] = acquisition({ request: 'b', from: 1_100, granted: 9_000, released: 9_000 })
    if (!asked || !other) throw new Error('no events')
    const series = seriesOf([asked, other], { slice: 50 })
    expect(series.slices()[0]?.waiting).toBeCloseTo(1)
  })

  it('says the same whoever reports first, and whatever the slices have become', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const { events, start: begun, waited, grants } = randomRun(seed, { acquisitions: 300 })
        const byAgent = events.toSorted((a, b) =>
          a.agent < b.agent ? -1 : a.agent > b.agent ? 1 : 0,
        )
        const totals = [events, byAgent].map((each) => {
          const series = new Series({ start: begun, slice: 1, most: 16 })
          for (const event of each) series.add(event)
          const slices = series.slices()
          expect(slices.length).toBeLessThanOrEqual(16)
          return slices
        })
        expect(totals[1]).toEqual(totals[0])
        const slices = totals[0] ?? []
        expect(slices.reduce((sum, each) => sum + each.grants, 0)).toBe(grants)
        const all = slices.reduce(
          (sum, each) =>
            sum +
            each.waiting * Math.max(Math.min(each.to, lengthOf(events, begun)) - each.from, 1),
          0,
        )
        expect(all).toBeCloseTo(waited, 3)
        const series = seriesOf([...events], { start: begun })
        expect(series.total().waiting * lengthOf(events, begun)).toBeCloseTo(waited, 3)
        expect(series.total().bins.reduce((sum, count) => sum + count, 0)).toBe(grants)
      }),
      { numRuns: 40 },
    )
  })
})

const lengthOf = (events: readonly { readonly time: number }[], start: number) =>
  Math.max(...events.map(({ time }) => time)) - start
