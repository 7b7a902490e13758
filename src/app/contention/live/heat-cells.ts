/** Slices and bins as cells of a heat map: pure. */

import { boundsOf } from './bins'
import type { Slice } from './series'

export interface HeatCell {
  /** ms since the run began. */
  readonly from: number
  readonly to: number
  /** A row, from the shortest waits on. */
  readonly row: number
  readonly count: number
  /** Of the fullest cell's count, on a logarithmic scale: 0 to 1. */
  readonly heat: number
}

export interface HeatRow {
  /** ms */
  readonly from: number
  readonly to: number
}

export interface HeatMapData {
  readonly rows: readonly HeatRow[]
  readonly cells: readonly HeatCell[]
  readonly most: number
}

/** Bins that make one row: half a doubling. */
const perRow = 3

/** @param columns at most: neighbours are added up */
export function heatOf(slices: readonly Slice[], columns: number): HeatMapData {
  const merge = Math.max(1, Math.ceil(slices.length / columns))
  const counts = new Map<string, { from: number; to: number; row: number; count: number }>()
  let [lowest, highest] = [Number.POSITIVE_INFINITY, 0]
  for (const [index, slice] of slices.entries()) {
    const column = Math.floor(index / merge)
    const first = slices[column * merge] ?? slice
    const last = slices[Math.min((column + 1) * merge, slices.length) - 1] ?? slice
    for (const [bin, count] of slice.bins.entries()) {
      if (count === 0) continue
      const row = rowOf(bin)
      lowest = Math.min(lowest, row)
      highest = Math.max(highest, row)
      const key = `${column} ${row}`
      const sum = (counts.get(key)?.count ?? 0) + count
      counts.set(key, { from: first.from, to: last.to, row, count: sum })
    }
  }
  if (counts.size === 0) return { rows: [], cells: [], most: 0 }
  const most = Math.max(...[...counts.values()].map(({ count }) => count))
  const rows = Array.from({ length: highest - lowest + 1 }, (_, at) => boundsOfRow(lowest + at))
  const cells = [...counts.values()].map((cell) => ({
    ...cell,
    row: cell.row - lowest,
    heat: most === 1 ? 1 : (1 + Math.log(cell.count)) / (1 + Math.log(most)),
  }))
  return { rows, cells, most }
}

/** The first bin is a row of its own: who did not wait at all. */
const rowOf = (bin: number) => (bin === 0 ? 0 : 1 + Math.floor((bin - 1) / perRow))

function boundsOfRow(row: number): HeatRow {
  if (row === 0) return { from: 0, to: boundsOf(0)[1] }
  const first = 1 + (row - 1) * perRow
  return { from: boundsOf(first)[0], to: boundsOf(first + perRow - 1)[1] }
}
