import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kneeOf, type Point } from './knee'

const curve = (xs: readonly number[], of: (x: number) => number): readonly Point[] =>
  xs.map((x) => ({ x, y: of(x) }))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const loads = [1, 2, 3, 4, 8, 12, 16, 24, 32, 48, 64]

describe('kneeOf', () => {
  it("finds that of the paper's example, f(x) = -1/x + 5, at 0.22 of its width", () => {
    const xs = upTo(10).map((index) => (index - 1) / 9)
    const knee = kneeOf(curve(xs, (x) => 5 - 1 / (x + 0.1)))
    expect(knee).toBeDefined()
    expect(xs[knee ?? 0]).toBeCloseTo(0.22, 2)
  })

  it.each([3, 4, 8, 16, 32])('finds where a line meets its ceiling: %d', (at) => {
    const knee = kneeOf(curve(loads, (x) => Math.min(x, at) * 70))
    expect(loads[knee ?? 0]).toBe(at)
  })

  it('finds a peak from which it falls again', () => {
    const knee = kneeOf(curve(loads, (x) => (x <= 8 ? x : 8 - (x - 8) / 20)))
    expect(loads[knee ?? 0]).toBe(8)
  })

  it('bears the noise of measurements', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), noise), (offs) => {
        const knee = kneeOf(
          loads.map((x, index) => ({ x, y: Math.min(x, 8) * 100 + (offs[index] ?? 0) * 10 })),
        )
        // Of the points on the line only the last is as far above as the first of the ceiling.
        expect([8, 12]).toContain(loads[knee ?? 0])
      }),
      { verbose: true },
    )
  })
  const noise = { minLength: loads.length, maxLength: loads.length }

  it.each<[string, readonly Point[]]>([
    ['nothing', []],
    ['two points', curve([1, 2], (x) => x)],
    ['a straight line', curve(loads, (x) => 3 * x)],
    ['no change at all', curve(loads, () => 7)],
    ['a curve that only rises faster', curve(loads, (x) => x * x)],
  ])('finds none in %s', (_, points) => {
    expect(kneeOf(points)).toBeUndefined()
  })

  it('does not depend on the units of either axis', () => {
    const scale = fc.double({ min: 0.001, max: 1_000, noNaN: true })
    fc.assert(
      fc.property(scale, scale, fc.integer({ min: 2, max: 9 }), (wide, high, at) => {
        const ceiling = loads[at] ?? 1
        const points = curve(loads, (x) => Math.min(x, ceiling) + 10)
        const scaled = points.map(({ x, y }) => ({ x: x * wide, y: y * high }))
        expect(kneeOf(scaled)).toBe(kneeOf(points))
      }),
      { verbose: true },
    )
  })

  it.each([
    [
      [
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ],
    ],
    [[{ x: 1, y: Number.NaN }]],
    [[{ x: Number.POSITIVE_INFINITY, y: 1 }]],
  ])('refuses %o', (points) => {
    expect(() => kneeOf(points)).toThrow(RangeError)
  })
})
