/** What the panel shows of a view: the locks that matter most, no more than one can look at. */

import type { LocksView, LockView, PartyView } from '../locks'

/** So many locks, and so many waiters of one, are shown at once. */
export const mostLocks = 50
export const mostWaiters = 20

export interface PartyRow {
  readonly key: string
  readonly party: PartyView
  readonly holds: boolean
  /** The page, worker or client whose it is. */
  readonly where: string
  /** It waits for longer than the threshold. */
  readonly late: boolean
}

export interface LockRow {
  readonly name: string
  readonly holders: number
  readonly waiters: number
  readonly late: boolean
  readonly parties: readonly PartyRow[]
  /** How many are not among these. */
  readonly more: number
}

export interface Shown {
  readonly rows: readonly LockRow[]
  /** How many locks match the filter. */
  readonly matching: number
}

/**
 * Those that are waited for too long come first, then by name.
 *
 * @param threshold in ms
 * @param now in ms since the epoch
 */
export function lockRows(
  { locks, agents }: LocksView,
  { filter, threshold, now }: { filter: string; threshold: number; now: number },
): Shown {
  const wanted = filter.trim().toLowerCase()
  const titles = new Map(agents.map(({ agent, title }) => [agent, title]))
  const matching = locks
    .filter((lock) => wanted === '' || matches(lock, wanted))
    .map((lock) => ({ lock, late: lock.waiters.some(({ since }) => now - since >= threshold) }))
    .sort((a, b) => Number(b.late) - Number(a.late))
  const rows = matching.slice(0, mostLocks).map(({ lock, late }): LockRow => {
    const { name, holders, waiters } = lock
    const times = new Map<string, number>()
    const row = (party: PartyView, holds: boolean): PartyRow => {
      const same = `${holds} ${party.agent} ${party.task} ${party.mode} ${party.since}`
      const nth = times.get(same) ?? 0
      times.set(same, nth + 1)
      const where = whereOf(party, titles.get(party.agent))
      const isLate = !holds && now - party.since >= threshold
      return { key: `${same} ${nth}`, party, holds, where, late: isLate }
    }
    const parties = [
      ...holders.slice(0, mostWaiters).map((party) => row(party, true)),
      ...waiters.slice(0, mostWaiters).map((party) => row(party, false)),
    ]
    const more = holders.length + waiters.length - parties.length
    return { name, holders: holders.length, waiters: waiters.length, late, parties, more }
  })
  return { rows, matching: matching.length }
}

function matches({ name, holders, waiters }: LockView, wanted: string): boolean {
  if (name.toLowerCase().includes(wanted)) return true
  return [...holders, ...waiters].some(({ task }) => task.toLowerCase().includes(wanted))
}

function whereOf({ agent, own }: PartyView, title: string | undefined): string {
  if (own) return 'this page'
  return title === undefined || title === '' ? agent.slice(0, 8) : title
}
