/** What came of it all: a table of passed and total by port and place, and every failure in words. */

import type { Outcome } from '../../e2e/conformance/suite'
import type { Tally } from '../tally'

/** One port in one place: an engine, or a kind of Node. */
export interface Cell {
  readonly place: string
  readonly port: string
  readonly outcomes: readonly Outcome[]
}

export function tallyOf(cells: readonly Cell[]): Tally {
  const outcomes = cells.flatMap((cell) => cell.outcomes)
  const passed = outcomes.filter(({ error }) => error === undefined).length
  return { passed, failed: outcomes.length - passed, skipped: 0 }
}

/** `-` where a port was not to be run in a place. */
export function matrix(cells: readonly Cell[]): readonly string[] {
  const places = [...new Set(cells.map(({ place }) => place))]
  const ports = [...new Set(cells.map(({ port }) => port))]
  const rows = ports.map((port) => [
    port,
    ...places.map((place) => {
      const of = cells.filter((cell) => cell.place === place && cell.port === port)
      const { passed, failed } = tallyOf(of)
      return of.length === 0 ? '-' : `${passed}/${passed + failed}`
    }),
  ])
  const table = [['port', ...places], ...rows]
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  )
  return table.map((row) =>
    row
      .map((text, column) => text.padEnd(widths?.[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export function failures(cells: readonly Cell[]): readonly string[] {
  return cells.flatMap(({ place, port, outcomes }) =>
    outcomes.flatMap(({ group, title, error }) =>
      error === undefined ? [] : `FAILED  ${place}, ${port}: ${group}: ${title}\n        ${error}`,
    ),
  )
}
