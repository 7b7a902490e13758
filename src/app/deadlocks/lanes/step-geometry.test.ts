import { describe, expect, it } from 'vitest'
import { stepGeometry } from './step-geometry'

describe('stepGeometry', () => {
  it.each([
    [0, 1],
    [6, 2],
    [40, 7],
    [320, 8],
  ])('keeps %i steps in %i lanes inside, on phones as well', (steps, lanes) => {
    for (const width of [320, 366, 760, 1080]) {
      const g = stepGeometry({ width, lanes, steps })
      expect(g.x(0)).toBe(g.plot.left)
      expect(g.x(steps + 1)).toBeCloseTo(g.plot.right)
      expect(g.plot.right).toBeLessThanOrEqual(width)
      expect(g.middle(lanes - 1) + g.barHeight('deadlock') / 2).toBeLessThanOrEqual(g.plot.bottom)
      for (let lane = 1; lane < lanes; lane++) {
        expect(g.middle(lane - 1) + g.barHeight('deadlock') / 2).toBeLessThan(
          g.middle(lane) - g.barHeight('deadlock') / 2,
        )
      }
      expect(g.ticks.every((tick) => tick <= steps)).toBe(true)
    }
  })

  it('finds the column of a place, and the nearest one outside', () => {
    const g = stepGeometry({ width: 700, lanes: 2, steps: 9 })
    for (let column = 0; column <= 9; column++) expect(g.columnAt(g.x(column) + 1)).toBe(column)
    expect(g.columnAt(-50)).toBe(0)
    expect(g.columnAt(5000)).toBe(9)
  })
})
