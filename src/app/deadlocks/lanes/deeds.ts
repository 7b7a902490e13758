/** Loads and stores, which no bar shows: where they stand in the lanes. Pure. */

import type { Program, Schedule } from '../../../scenario'
import type { Description } from '../../../simulate'

export interface Deed {
  /** The column that its step begins. */
  readonly column: number
  readonly thread: number
  readonly text: string
}

export function deedsOf(
  { threads }: Program,
  schedule: Schedule,
  frames: readonly Description[],
): readonly Deed[] {
  return schedule.flatMap((thread, index): readonly Deed[] => {
    const [before, after] = [frames[index], frames[index + 1]]
    const at = before?.threads[thread]?.statement
    const statement = threads[thread]?.statements[at ?? -1]
    const said = (text: string) => [{ column: index + 1, thread, text }]
    if (statement?.kind === 'load') {
      const own = after?.threads[thread]?.locals.find(({ name }) => name === statement.local)
      return said(`${statement.local} = ${own?.value}`)
    }
    if (statement?.kind === 'store') {
      const now = after?.variables.find(({ name }) => name === statement.variable)
      return said(`${statement.variable} = ${now?.value}`)
    }
    return []
  })
}
