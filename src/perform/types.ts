/** What a run on real workers is asked for, and what it gives. */

import type { LockEvent, Mechanism } from '../locks'
import type { PolicyId, Scenario } from '../scenario'

/**
 * The policies that the library really has: Go's lock is its `phase-fair`, Web Locks' order its
 * `fifo`. Readers first and writers first exist in the simulator only.
 */
export type RealPolicy = Extract<PolicyId, 'go' | 'web-locks'>

/** How many milliseconds of the scenario pass in one of the clock on the wall. */
export type RealSpeed = 1 | 10

/** How far the run's lock reaches: whatever carries that here carries the run. */
export type RealReach = 'origin' | 'cluster'

export interface PerformOptions {
  readonly policy: RealPolicy
  readonly speed: RealSpeed
  /** Default: the first of `carriers()`. */
  readonly reach?: RealReach | undefined
  /**
   * Gives the run up: the promise rejects with `signal.reason`, once no lock and no worker of
   * the run is left.
   */
  readonly signal?: AbortSignal | undefined
  /** Each event as it arrives; the events of one thread arrive in their order. */
  readonly onEvent?: ((event: LockEvent) => void) | undefined
  readonly onProgress?: ((progress: RealProgress) => void) | undefined
}

export type RealProgress =
  /** Workers are being started; `ready` of `threads` are. */
  | { readonly kind: 'starting'; readonly ready: number; readonly threads: number }
  /** `finished` of `threads` have no section left. */
  | {
      readonly kind: 'running'
      readonly finished: number
      readonly threads: number
      /** When the scenario's time is 0, on this page's `performance.now()`. */
      readonly startAt: number
    }

/**
 * How late the machine was, in ms of the clock on the wall: the threads' own timers, and beside
 * them a worker that plays no part, with timers and a lock that nobody else wants. A run that
 * differs in times by less than that tells of the machine, not of the lock.
 */
export interface Lateness {
  /** The most that anything came late at once. */
  readonly most: number
  /** All together: sections that wait for each other add up what each is late. */
  readonly total: number
}

export interface RealRun {
  readonly scenario: Scenario
  readonly policy: RealPolicy
  readonly speed: RealSpeed
  /** What carried the lock. */
  readonly mechanism: Mechanism
  /**
   * The library's own events, by time. Mapped, never made up: `time` is scenario ms since the
   * common start, `lock` the name that simulated runs use; `task` is the thread's name.
   */
  readonly events: readonly LockEvent[]
  /** How far the threads' clocks may be apart at most, in ms of the clock on the wall. */
  readonly clockError: number
  readonly lateness: Lateness
}
