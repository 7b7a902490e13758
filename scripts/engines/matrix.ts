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

/** As many of a cell as help to understand it: where all fails, most of it says nothing new. */
export function failures(cells: readonly Cell[], most = 10): readonly string[] {
  return cells.flatMap(({ place, port, outcomes }) => {
    const failed = outcomes.filter(({ error }) => error !== undefined)
    const told = failed.slice(0, most).map(({ group, title, error }) => {
      return `FAILED  ${place}, ${port}: ${group}: ${title}\n        ${error}`
    })
    const more = failed.length - told.length
    return more > 0 ? [...told, `FAILED  ${place}, ${port}: and ${more} more`] : told
  })
}
