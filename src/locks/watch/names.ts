/** What the names are called under which locks stand in the mechanism's own list. */

import { cut, longestName } from './protocol'

/** What a lock is made of: an RW lock's gate, a semaphore's gate and permits, a single flight's lock. */
const parts = /!(?:w|q|s\d+|once)$/

/** What stands beside a lock: the leases of its holders, and whose turn it is to rob them. */
const beside = /!(?:t|l:(?:asked|held):[^!]*)$/

/** Locks that nobody asked for: how agents and pages find out who is who, and who is still there. */
const housekeeping = /^latchkey (?:self|presence|tab) /

/** The lock that an entry of the mechanism belongs to; `undefined` for one that is no user's. */
export function lockOf(entry: string): string | undefined {
  if (housekeeping.test(entry) || beside.test(entry)) return undefined
  return cut(entry.replace(parts, ''), longestName)
}
