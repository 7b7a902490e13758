/**
 * The rows of the table, and the rule that says who holds a lock. Pure.
 *
 * A request is a row from its first moment to its last. Rows of one name are a queue in the order
 * of their keys, and the Web Locks rules make who holds the lock a matter of that order alone: the
 * first row if it is exclusive, else all shared rows before the first exclusive one. So nothing is
 * written when a lock passes on, and what is once granted stays so until its row is removed: word
 * of it may be late, or come twice, and is still true.
 */

import type { LockMode } from '../../events'

/** A request, as it is put into the table. */
export interface Entry {
  readonly name: string
  readonly mode: LockMode
  /** The agent whose request it is, by the id of its presence; `nobody` for a note. */
  readonly agent: string
  /** The agent's own number of the request: a steal changes keys. */
  readonly no: number
  /** When it was asked for: ms since the epoch. */
  readonly since: number
  readonly task?: string
  /** What the last holder left by dying is this one's. */
  readonly abandoned?: true
}

export interface Row extends Entry {
  /** The place in the queue, and the fence: later exclusive grants of a name have greater ones. */
  readonly key: number
}

/**
 * The agent of a note: the row of a holder that died with nobody behind it. Whoever comes next
 * takes its place and is told.
 */
export const nobody = ''

/** What a queue begins with: all that decides who holds the lock. */
export interface Front {
  /** The first exclusive row. */
  readonly writer: Row | undefined
  /** The first shared rows, maybe not all of them. */
  readonly readers: readonly Row[]
}

/** Whether this row of the queue holds its lock. */
export function holds(
  { key, mode }: Pick<Row, 'key' | 'mode'>,
  { writer, readers: [reader] }: Front,
): boolean {
  if (mode === 'shared') return writer === undefined || key < writer.key
  return writer?.key === key && (reader === undefined || key < reader.key)
}

/** The rows that hold the lock, of those that are known. */
export function holders(front: Front): readonly Row[] {
  const { writer, readers } = front
  if (writer !== undefined && holds(writer, front)) return [writer]
  return readers.filter((reader) => holds(reader, front))
}

/** Whether an exclusive or a shared request that came now would be granted. */
export function admits({ writer, readers }: Front, mode: LockMode): boolean {
  if (writer !== undefined) return false
  return mode === 'shared' || readers.length === 0
}

/** Whether the first in line, for which all others wait, is a note. */
export function isVacant({ writer, readers }: Front): boolean {
  // A note is written into an empty queue, so nothing stands before it.
  return writer?.agent === nobody && readers.every(({ key }) => key > writer.key)
}

/** The front of a queue of which all rows are known. */
export function frontOf(rows: readonly Row[]): Front {
  const sorted = [...rows].sort((a, b) => a.key - b.key)
  return {
    writer: sorted.find(({ mode }) => mode === 'exclusive'),
    readers: sorted.filter(({ mode }) => mode === 'shared'),
  }
}
