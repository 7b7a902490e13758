/**
 * A workload: who asks for which locks, how often, and for how long. Plain data; the same one can
 * be performed on real workers and tabs, linked, and written down as a test.
 */

import type { Fairness, RWPolicy } from '../locks'

/** How long something lasts, drawn anew each time. All in ms. */
export type Spread =
  | { readonly kind: 'fixed'; readonly ms: number }
  /** A whole number of ms from 0 to one less than `below`, each as likely. */
  | { readonly kind: 'uniform'; readonly below: number }
  /** Short mostly, and now and then long: memoryless, as arrivals and service times are modelled. */
  | { readonly kind: 'exponential'; readonly mean: number }
  /** One of two; `longShare` of them (0 to 1) are `long`. */
  | {
      readonly kind: 'bimodal'
      readonly short: number
      readonly long: number
      readonly longShare: number
    }

/**
 * How far the library's locks reach in a workload: no network. `indexed-db` is the origin again, over
 * IndexedDB, where `origin` is carried by what the origin gives: Web Locks mostly.
 */
export const workloadReaches = ['realm', 'cluster', 'origin', 'indexed-db'] as const
export type WorkloadReach = (typeof workloadReaches)[number]

interface OverPort {
  readonly reach: WorkloadReach
  readonly fair: Fairness
}

/**
 * What stands before the sections. `mutex` is one lock for all keys; every other kind has a lock
 * for each key. Reads share RW locks and raw `navigator.locks`, and nothing else.
 */
export type WorkloadLock =
  | (OverPort & { readonly kind: 'mutex' })
  | (OverPort & { readonly kind: 'keyed-mutex' })
  | (OverPort & { readonly kind: 'rw-lock'; readonly policy: RWPolicy })
  /** So many sections of a key at once. */
  | (OverPort & { readonly kind: 'semaphore'; readonly permits: number })
  | { readonly kind: 'navigator-locks' }
  /** The npm package; it ends at the realm. */
  | { readonly kind: 'async-mutex' }
  /** Sections overlap, and updates get lost. */
  | { readonly kind: 'none' }

export type WorkloadLockKind = WorkloadLock['kind']

export type WorkloadEnd =
  /** Nobody asks any more after so many ms; who waits then gives up, who holds finishes. */
  | { readonly kind: 'time'; readonly ms: number }
  /**
   * So many all together, shared out among the runners: as evenly as can be, or `unevenly`, where
   * neighbours have shifted a random part of their even loads between them.
   */
  | {
      readonly kind: 'actions'
      readonly actions: number
      readonly shared: 'evenly' | 'unevenly'
    }

export interface Workload {
  readonly title: string
  /** Web Workers of the page, 1 to 8. */
  readonly workers: number
  /** Further real tabs, 0 to 4; each has one worker of its own. */
  readonly tabs: number
  /** In each of these workers: how many tasks take their turns at once. A runner is one of them. */
  readonly tasks: number
  readonly keys: number
  /** The share of actions (0 to 1) that go to the first key; the others go evenly to all keys. */
  readonly hot: number
  /** The share of actions (0 to 1) that only read. */
  readonly reads: number
  /** How long a read holds its lock, and how long a write does. */
  readonly readHold: Spread
  readonly writeHold: Spread
  /** How long a runner pauses before it asks. */
  readonly think: Spread
  readonly lock: WorkloadLock
  readonly end: WorkloadEnd
  /** A whole number from 0 to 4,294,967,295. The same seed draws the same plan under every lock. */
  readonly seed: number
}

/** What one runner does once: think, ask for the key's lock, hold it. */
export interface Action {
  /** From 0. */
  readonly key: number
  readonly mode: 'read' | 'write'
  /** ms */
  readonly think: number
  /** ms */
  readonly hold: number
}

/** How many workers there are in all: the page's own, and one in each tab. */
export function participantsOf({ workers, tabs }: Pick<Workload, 'workers' | 'tabs'>): number {
  return workers + tabs
}

/** How many tasks there are in all. Runner `r` is task `r % tasks` of worker `floor(r / tasks)`. */
export function runnersOf(workload: Pick<Workload, 'workers' | 'tabs' | 'tasks'>): number {
  return participantsOf(workload) * workload.tasks
}

/** ms */
export function meanOf(spread: Spread): number {
  switch (spread.kind) {
    case 'fixed':
      return spread.ms
    case 'uniform':
      return (spread.below - 1) / 2
    case 'exponential':
      return spread.mean
    case 'bimodal':
      return spread.short + (spread.long - spread.short) * spread.longShare
  }
}

/** How long a hold lasts on average, reads and writes together, in ms. */
export function meanHold({ reads, readHold, writeHold }: Workload): number {
  return reads * meanOf(readHold) + (1 - reads) * meanOf(writeHold)
}
