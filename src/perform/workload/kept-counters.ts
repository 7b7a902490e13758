/**
 * Whoever closes the page during a run leaves the database that was counted in: nobody is there to delete it.
 * So each run holds a lock while it counts, which ends with its page, and deletes the databases of runs
 * that hold none.
 */

import type { Locks } from '../../locks'
import { dismiss } from '../dismiss'
import { forgetCounters } from './counters'

/** The databases' names, which are those of their runs, begin with it. */
export const countersPrefix = 'latchkey workload '

const lockOf = (database: string) => `counters of ${database}`

/**
 * Calls `count`, and has others leave `database` alone until it has settled. What it leaves there is
 * its own to delete.
 *
 * Rejects with `signal.reason` if that comes before the lock, and with what `count` rejects with.
 *
 * @param locks of every page that shares the database: of reach `origin`
 */
export async function whileCounting<T>(
  database: string,
  locks: Locks,
  signal: AbortSignal | undefined,
  count: () => Promise<T>,
): Promise<T> {
  // Nobody could tell what others still count in.
  if (!locks.support().supported) return count()
  const name = lockOf(database)
  // Before there is a database: whoever sees that sees the lock too.
  const hold = await locks.mutex(name, { fair: 'strict' }).acquire({ signal })
  // Beside the run, which need not wait for it, and of which it is no part.
  clearAway(locks).catch(() => {})
  try {
    return await count()
  } finally {
    hold[Symbol.dispose]()
    await dismiss([], locks, name)
  }
}

/** Browsers have `databases` since 2024 at the latest; before that what was left stays. */
async function clearAway(locks: Locks): Promise<void> {
  const all = (await indexedDB.databases?.()) ?? []
  const ours = all.flatMap(({ name }) => (name?.startsWith(countersPrefix) ? [name] : []))
  if (ours.length === 0) return
  // After the databases were listed: who had one then has its lock still, or has deleted it.
  const { held } = await locks.query()
  const used = new Set(held.map(({ name }) => name))
  for (const database of ours) {
    if (!used.has(lockOf(database))) forgetCounters({ kind: 'stored', database })
  }
}
