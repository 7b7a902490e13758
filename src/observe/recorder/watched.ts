/** What the watcher knows of the locks that it watches. */

import type { LockMode } from '../../locks'
import type { TaskHold } from '../../locks/task-hold'
import { Blame, type Culprit, type Standing } from '../blame'
import type { Histogram } from '../histogram'
import { LockTally, mostLocks, otherLocks } from '../lock-tally'
import type { LockRecord } from '../recording'

/** Both modes of a lock, and who of its holders stands in the way of somebody who is sampled. */
export class WatchedLock {
  exclusive: Watched | undefined
  shared: Watched | undefined
  /** There only while somebody waits who is sampled: nobody else's delay is charged. */
  #blame: Blame | undefined
  #waits = 0
  readonly #culprits = new Map<TaskHold, Culprit>()
  /** Those who have gone, and count as there until a clock is read: it is passed on meanwhile. */
  readonly #leaving: Culprit[] = []

  /** Whether somebody is known for whom has to wait who asks now. */
  isInTheWayOf(mode: LockMode): boolean {
    const { exclusive, shared } = this
    return (exclusive?.isUsed ?? false) || (mode === 'exclusive' && (shared?.isUsed ?? false))
  }

  get matters(): boolean {
    return this.#blame !== undefined
  }

  /** @param holders who holds it now, asked for if nobody knows yet */
  begin(time: number, holders: () => Iterable<TaskHold>): Standing {
    this.#waits++
    if (this.#blame === undefined) {
      this.#blame = new Blame()
      for (const hold of holders()) this.enter(hold, time)
    }
    this.#settle(time)
    return this.#blame.begin(time)
  }

  enter(hold: TaskHold, time: number): void {
    if (this.#blame === undefined) return
    this.#settle(time)
    const culprit = this.#blame.of(hold.mode, hold.site)
    this.#blame.holds(culprit, time)
    this.#culprits.set(hold, culprit)
  }

  /** @param time if it is known */
  leave(hold: TaskHold, time: number | undefined): void {
    const culprit = this.#culprits.get(hold)
    if (culprit === undefined) return
    this.#leaving.push(culprit)
    this.#culprits.delete(hold)
    if (time !== undefined) this.#settle(time)
  }

  #settle(time: number): void {
    if (this.#leaving.length === 0) return
    for (const culprit of this.#leaving.splice(0)) this.#blame?.leaves(culprit, time)
  }

  /** A wait ends. @returns who stood in its way, with which share of it */
  end(standing: Standing, time: number): ReturnType<Blame['shares']> {
    this.#settle(time)
    const shares = this.#blame?.shares(standing, time) ?? []
    if (--this.#waits === 0) {
      this.#blame = undefined
      this.#culprits.clear()
    }
    return shares
  }
}

/**
 * One lock in one mode. Counted on the path of every acquisition are grants and releases alone: all
 * else follows from them and from what was measured.
 */
export class Watched {
  grants = 0
  releases = 0
  tally: LockTally
  /** How many wait now, and how many did at most since somebody asked. */
  waiting = 0
  mostWaiting = 0
  /** Waits of a burst, not yet among the others. */
  burstWaits = 0
  /** How many waited, and how many held, already when it was counted from nothing. */
  #carried = 0
  #carriedHolds = 0
  /** ms: what was measured last, which those of a burst count as. */
  #lastHold = 0
  #lastWait = 0
  #unmeasured = 0

  constructor(
    readonly lock: WatchedLock,
    readonly name: string,
    readonly mode: LockMode,
  ) {
    this.tally = new LockTally(name, mode)
  }

  /** Whether anybody is known to hold it or to wait for it. */
  get isUsed(): boolean {
    return this.waiting > 0 || this.#holding > 0
  }

  get #holding(): number {
    return this.#carriedHolds + this.grants - this.releases - this.tally.losses
  }

  /** Somebody holds it who was granted it before this was counted. */
  findsHeld(): void {
    this.#carriedHolds++
  }

  /** A hold, which is among the releases or losses already. */
  held(ms: number): void {
    const { hold } = this.tally
    this.#take(hold, this.#lastHold, this.#burstHolds - 1)
    hold.record(ms)
    this.#lastHold = ms
  }

  waited(ms: number): void {
    const { wait } = this.tally
    this.#take(wait, this.#lastWait, this.burstWaits)
    this.burstWaits = 0
    wait.record(ms)
    this.#lastWait = ms
  }

  /** Holds that have ended, of which nothing was measured: those of a burst. */
  get #burstHolds(): number {
    const { losses, hold } = this.tally
    return this.releases + losses - hold.count
  }

  record(): LockRecord {
    const { grants, releases, tally, waiting } = this
    const { aborts, timeouts, refusals, deadlocks, wait, hold } = tally
    this.#take(hold, this.#lastHold, this.#burstHolds)
    this.#take(wait, this.#lastWait, this.burstWaits)
    this.burstWaits = 0
    // All other grants came at once.
    wait.record(0, grants - wait.count)
    const ends = grants + aborts + timeouts + refusals + deadlocks
    tally.grants = grants
    tally.releases = releases
    tally.requests = ends + waiting - this.#carried
    const record = tally.record()
    return this.#unmeasured === 0 ? record : { ...record, unmeasured: this.#unmeasured }
  }

  /** A burst's are all of one ms. */
  #take(of: Histogram, ms: number, times: number): void {
    if (times <= 0) return
    of.record(Math.min(ms, 1), times)
    this.#unmeasured += times
  }

  /** Counts from nothing again. */
  clear(): void {
    this.#carriedHolds = this.#holding
    this.grants = 0
    this.releases = 0
    this.tally = new LockTally(this.name, this.mode)
    this.burstWaits = 0
    this.#carried = this.waiting
    this.#unmeasured = 0
  }
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
    lock[mode] = made
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
      if (!watched.isUsed && !watched.lock.matters) {
        watched.lock[watched.mode] = undefined
        this.#modes[watched.mode].delete(watched.name)
      } else watched.clear()
    }
    const { exclusive, shared } = this.#modes
    for (const name of [...this.#locks.keys()]) {
      if (!exclusive.has(name) && !shared.has(name)) this.#locks.delete(name)
    }
  }
}
