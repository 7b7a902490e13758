/** What happened to one lock in one mode, while it is counted. */

import type { LockEventType, LockMode } from '../locks'
import { Histogram } from './histogram'
import type { LockRecord } from './recording'

export class LockTally {
  requests = 0
  grants = 0
  contended = 0
  releases = 0
  aborts = 0
  timeouts = 0
  refusals = 0
  losses = 0
  deadlocks = 0
  readonly wait = new Histogram()
  readonly hold = new Histogram()

  constructor(
    readonly lock: string,
    readonly mode: LockMode,
  ) {}

  /** Counts how an acquisition ended; a deadlock that is only reported ends none. */
  ends(how: LockEventType): void {
    if (how === 'release') this.releases++
    else if (how === 'lost') this.losses++
    else if (how === 'abort') this.aborts++
    else if (how === 'timeout') this.timeouts++
    else if (how === 'refuse') this.refusals++
    else if (how === 'deadlock') this.deadlocks++
  }

  add(record: LockRecord): void {
    for (const count of counts) this[count] += record[count]
    this.wait.merge(record.wait)
    this.hold.merge(record.hold)
  }

  record(): LockRecord {
    const { lock, mode, requests, grants, contended, releases } = this
    const { aborts, timeouts, refusals, losses, deadlocks } = this
    const ends = { releases, aborts, timeouts, refusals, losses, deadlocks }
    const [wait, hold] = [this.wait.data(), this.hold.data()]
    return { lock, mode, requests, grants, contended, ...ends, wait, hold }
  }
}

const counts = [
  'requests',
  'grants',
  'contended',
  'releases',
  'aborts',
  'timeouts',
  'refusals',
  'losses',
  'deadlocks',
] as const

/** As many locks are told apart; what happens to further ones is counted together, as `otherLocks`. */
export const mostLocks = 10_000
export const otherLocks = '(other locks)'

/** All locks, in both modes. */
export class Tallies {
  readonly #modes = {
    exclusive: new Map<string, LockTally>(),
    shared: new Map<string, LockTally>(),
  } as const

  of(lock: string, mode: LockMode): LockTally {
    const tallies = this.#modes[mode]
    const known = tallies.get(lock)
    if (known !== undefined) return known
    if (tallies.size >= mostLocks && lock !== otherLocks) return this.of(otherLocks, mode)
    const made = new LockTally(lock, mode)
    tallies.set(lock, made)
    return made
  }

  /** By lock, then mode. */
  records(): readonly LockRecord[] {
    const { exclusive, shared } = this.#modes
    const all = [...exclusive.values(), ...shared.values()]
    return all.sort(byLock).map((tally) => tally.record())
  }
}

/** By code unit, so that it is the same everywhere. */
export function byLock(
  a: { readonly lock: string; readonly mode: LockMode },
  b: { readonly lock: string; readonly mode: LockMode },
): number {
  const [left, right] = a.lock === b.lock ? [a.mode, b.mode] : [a.lock, b.lock]
  return left < right ? -1 : left > right ? 1 : 0
}
