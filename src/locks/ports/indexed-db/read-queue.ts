/** What is read of a queue within a transaction, and what those who hold its lock are marked with. */

import { byQueue } from './open-table'
import { type Front, frontOf, holders, type Row } from './rows'
import type { Result } from './turn'

/** Before anything was read. */
export const nothing = (): Front => frontOf([])

/**
 * @param limit of readers; none by default
 * @param then called within the transaction, with what was read
 */
export function readFront(
  rows: IDBObjectStore,
  name: string,
  limit: number | undefined,
  then?: (front: Front) => void,
): Result<Front> {
  const queue = rows.index(byQueue)
  const writer: IDBRequest<Row | undefined> = queue.get([name, 'exclusive'])
  const readers: IDBRequest<Row[]> = queue.getAll([name, 'shared'], limit)
  const read = () => ({ writer: writer.result, readers: readers.result })
  // It is answered last.
  if (then !== undefined) readers.onsuccess = () => then(read())
  return read
}

/** The rows of a name, in their order. */
export function readQueue(
  rows: IDBObjectStore,
  name: string,
  then: (queue: readonly Row[]) => void,
): void {
  const queue = rows.index(byQueue)
  const writers: IDBRequest<Row[]> = queue.getAll([name, 'exclusive'])
  const readers: IDBRequest<Row[]> = queue.getAll([name, 'shared'])
  readers.onsuccess = () => {
    then([...writers.result, ...readers.result].sort((a, b) => a.key - b.key))
  }
}

/**
 * Marks those who hold the lock now: what the last holder left by dying is theirs. Whether it had
 * gone in before it died nobody can tell.
 */
export function markFront(rows: IDBObjectStore, name: string, orElse?: () => void): Result<Front> {
  let marked: Row[] = []
  const front = readFront(rows, name, undefined, (found) => {
    marked = holders(found).map((row) => ({ ...row, abandoned: true }))
    for (const row of marked) rows.put(row)
    if (marked.length === 0) orElse?.()
  })
  return () => {
    const { writer, readers } = front()
    const asMarked = (row: Row) => marked.find(({ key }) => key === row.key) ?? row
    return { writer: writer && asMarked(writer), readers: readers.map(asMarked) }
  }
}
