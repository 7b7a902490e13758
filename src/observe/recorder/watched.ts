/** What the watcher knows of the locks that it watches. */

import type { LockMode } from '../../locks'
import type { TaskHold } from '../../locks/task-hold'
import { Blame, type Culprit, type Standing } from '../blame'
import { LockTally, mostLocks, otherLocks } from '../lock-tally'
import type { LockRecord } from '../recording'

/** One lock: who holds it, and who of them stands in the way of somebody who is sampled. */
export class WatchedLock {
  holder: TaskHold | undefined
  readonly readers = new Set<TaskHold>()
  /** There only while somebody waits who is sampled: nobody else's delay is charged. */
  #blame: Blame | undefined
  #waits = 0
  readonly #culprits = new Map<TaskHold, Culprit>()

  /** Whether holds must be timed, because of those who wait. */
  get matters(): boolean {
    return this.#blame !== undefined
  }

  begin(time: number): Standing {
    this.#waits++
    if (this.#blame === undefined) {
      this.#blame = new Blame()
      if (this.holder !== undefined) this.enter(this.holder, time)
      for (const reader of this.readers) this.enter(reader, time)
    }
    return this.#blame.begin(time)
  }

  enter(hold: TaskHold, time: number): void {
    if (this.#blame === undefined) return
    const culprit = this.#blame.of(hold.mode, hold.site)
    this.#blame.holds(culprit, time)
    this.#culprits.set(hold, culprit)
  }

  leave(hold: TaskHold, time: number): void {
    const culprit = this.#culprits.get(hold)
    if (culprit === undefined) return
    this.#blame?.leaves(culprit, time)
    this.#culprits.delete(hold)
  }

  /** A wait ends. @returns who stood in its way, with which share of it */
  end(standing: Standing, time: number): ReturnType<Blame['shares']> {
    const shares = this.#blame?.shares(standing, time) ?? []
    if (--this.#waits === 0) {
      this.#blame = undefined
      this.#culprits.clear()
    }
    return shares
  }
}

/** One lock in one mode. Public fields, for this is counted on the path of every acquisition. */
export class Watched {
  tally: LockTally
  /** Grants at once, not yet among the waits: they waited 0. */
  immediate = 0
  /** Holds and waits of a burst, not yet among the others. */
  burstHolds = 0
  burstWaits = 0
  /** How many wait now, and how many did at most since somebody asked. */
  waiting = 0
  mostWaiting = 0
  /** How many waited already when it was counted from nothing. */
  #carried = 0
  #unmeasured = 0

  constructor(
    readonly lock: WatchedLock,
    readonly name: string,
    readonly mode: LockMode,
  ) {
    this.tally = new LockTally(name, mode)
  }

  get isIdle(): boolean {
    const { holder, readers } = this.lock
    return this.waiting === 0 && holder === undefined && readers.size === 0
  }

  held(ms: number): void {
    const { hold } = this.tally
    hold.record(ms)
    if (this.burstHolds > 0) this.#unmeasured += take(hold, ms, this.burstHolds)
    this.burstHolds = 0
  }

  waited(ms: number): void {
    const { wait } = this.tally
    wait.record(ms)
    if (this.burstWaits > 0) this.#unmeasured += take(wait, ms, this.burstWaits)
    this.burstWaits = 0
  }

  record(): LockRecord {
    const { tally, immediate, waiting } = this
    this.#settle()
    tally.wait.record(0, immediate)
    this.immediate = 0
    const { grants, aborts, timeouts, refusals, deadlocks } = tally
    tally.requests = grants + aborts + timeouts + refusals + deadlocks + waiting - this.#carried
    const record = tally.record()
    return this.#unmeasured === 0 ? record : { ...record, unmeasured: this.#unmeasured }
  }

  /** Burst without any neighbour that was measured: as short as can be. */
  #settle(): void {
    const { hold, wait } = this.tally
    this.#unmeasured += take(hold, hold.quantile(0.5), this.burstHolds)
    this.#unmeasured += take(wait, wait.quantile(0.5), this.burstWaits)
    this.burstHolds = 0
    this.burstWaits = 0
  }

  /** Counts from nothing again. */
  clear(): void {
    this.tally = new LockTally(this.name, this.mode)
    this.immediate = 0
    this.burstHolds = 0
    this.burstWaits = 0
    this.#carried = this.waiting
    this.#unmeasured = 0
  }
}

/** A burst's are all of one ms. */
function take(of: LockTally['hold'], ms: number, times: number): number {
  of.record(Math.min(ms, 1), times)
  return times
}

export class WatchedLocks {
  readonly #locks = new Map<string, WatchedLock>()
  readonly #modes = {
    exclusive: new Map<string, Watched>(),
    shared: new Map<string, Watched>(),
  } as const

  of(name: string, mode: LockMode): Watched {
    const known = this.#modes[mode].get(name)
    if (known !== undefined) return known
    const isOther = this.#locks.size >= mostLocks && !this.#locks.has(name)
    if (isOther && name !== otherLocks) return this.of(otherLocks, mode)
    const lock = this.#locks.get(name) ?? new WatchedLock()
    this.#locks.set(name, lock)
    const made = new Watched(lock, name, mode)
    this.#modes[mode].set(name, made)
    return made
  }

  *[Symbol.iterator](): Generator<Watched> {
    yield* this.#modes.exclusive.values()
    yield* this.#modes.shared.values()
  }

  /** Counts from nothing again, and forgets those that nobody uses: keys may be many. */
  clear(): void {
    for (const watched of this) {
      if (watched.isIdle) this.#modes[watched.mode].delete(watched.name)
      else watched.clear()
    }
    const { exclusive, shared } = this.#modes
    for (const name of [...this.#locks.keys()]) {
      if (!exclusive.has(name) && !shared.has(name)) this.#locks.delete(name)
    }
  }
}
