/**
 * Fences in a store of IndexedDB: a row for each name, the last fence that was minted for it. Where
 * there are too many names they are forgotten together, and none of them ever begins again below
 * what the highest of them had.
 */

import { firstAfter } from '../fence-numbers'
import type { Result } from './ledger'

/** How many names have rows of their own. A row takes some dozens of bytes. */
const most = 10_000

/** What the names had that are forgotten: no lock has this name. */
const forgotten = ''

/**
 * Mints within a transaction: what is asked of `rows` here decides.
 * @returns reads the first of `count` fences in a row; throws CapacityError if none are left
 */
export function mintIn(
  rows: IDBObjectStore,
  name: string,
  count: number,
  floor: number,
): Result<number> {
  let minted: Result<number> = () => 0
  const row = rows.get(name)
  const before = rows.get(forgotten)
  // It is answered last.
  before.onsuccess = () => {
    const last = Number(row.result ?? before.result ?? 0)
    try {
      const first = firstAfter(last, floor, count)
      minted = () => first
      rows.put(first + count - 1, name)
      if (row.result === undefined) forgetMany(rows)
    } catch (error) {
      minted = () => {
        throw error
      }
    }
  }
  return () => minted()
}

function forgetMany(rows: IDBObjectStore): void {
  const count = rows.count()
  count.onsuccess = () => {
    if (count.result <= most) return
    const all: IDBRequest<number[]> = rows.getAll()
    all.onsuccess = () => {
      const highest = all.result.reduce((a, b) => Math.max(a, b), 0)
      rows.clear()
      rows.put(highest, forgotten)
    }
  }
}
