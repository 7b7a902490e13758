import { expect, it } from 'vitest'
import { acquisition } from '../testing/random-run'
import { heatOf } from './heat-cells'
import { Series } from './series'

function slicesOf(waits: readonly (readonly [at: number, wait: number])[]) {
  const series = new Series({ start: 0, slice: 10 })
  for (const [index, [at, wait]] of waits.entries()) {
    const events = acquisition({ request: `${index}`, from: at - wait, granted: at, released: at })
    for (const event of events) series.add(event)
  }
  return series.slices()
}

/** Half of them wait 1 ms, half 100: their mean, 50, nobody waited. */
const twoModes = Array.from(
  { length: 60 },
  (_, index) => [200 + index * 10, index % 2 === 0 ? 1 : 100] as const,
)

it('keeps two kinds of waits apart', () => {
  const { rows, cells } = heatOf(slicesOf(twoModes), 100)
  const used = [...new Set(cells.map(({ row }) => row))].map((row) => rows[row])
  expect(used).toHaveLength(2)
  for (const [length, row] of [1, 100].map((ms) => [
    ms,
    used.find((r) => r && r.from <= ms && ms < r.to),
  ])) {
    expect(row, `a row for ${length} ms`).toBeDefined()
  }
})

it('counts every grant once, however narrow it is', () => {
  for (const columns of [5, 17, 1_000]) {
    const { cells, most } = heatOf(slicesOf(twoModes), columns)
    expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(60)
    expect(Math.max(...cells.map(({ count }) => count))).toBe(most)
    expect(new Set(cells.map(({ from }) => from)).size).toBeLessThanOrEqual(columns)
    expect(cells.every(({ heat }) => heat > 0 && heat <= 1)).toBe(true)
  }
})

it('is empty where nothing was granted', () => {
  expect(heatOf([], 10)).toEqual({ rows: [], cells: [], most: 0 })
})
