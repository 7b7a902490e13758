/**
 * What was recorded of locks, as plain data: it can be cloned, merged, written as JSON, and is all
 * that profiles, findings, exports and pictures read. Times are milliseconds on one clock, that of
 * the recording's events.
 */

import type { LockEvent, LockMode } from '../locks'

/** A distribution of durations: exact counts in buckets of known relative width, and exact extremes. */
export interface HistogramData {
  /** How many were recorded. */
  readonly count: number
  /** ms, all together. */
  readonly sum: number
  /** ms; 0 if there are none. */
  readonly min: number
  readonly max: number
  /** Bucket index and count, by index, without empty ones. `Histogram` knows each bucket's bounds. */
  readonly buckets: readonly (readonly [index: number, count: number])[]
}

/** Everything that happened to one lock in one mode: exact, whatever the sampling. */
export interface LockRecord {
  readonly lock: string
  readonly mode: LockMode
  readonly requests: number
  readonly grants: number
  /** Grants that came after a wait. */
  readonly contended: number
  readonly releases: number
  readonly aborts: number
  readonly timeouts: number
  readonly refusals: number
  readonly losses: number
  readonly deadlocks: number
  /** From request to grant, of every grant. */
  readonly wait: HistogramData
  /** From grant to release or loss. */
  readonly hold: HistogramData
  /**
   * How many of these waits and holds belonged to bursts: so many within one ms that no clock was
   * read for each. They count as long as the last one that was measured, at most 1 ms. Absent if there are none.
   */
  readonly unmeasured?: number | undefined
}

/**
 * Waiting, charged to somebody: to who stood in the way (as Go's mutex profile, which charges the
 * unlock), or to who waited (as its block profile). Estimated from the sampled acquisitions.
 */
export interface ContentionRecord {
  readonly charged: 'releaser' | 'waiter'
  readonly lock: string
  readonly mode: LockMode
  /** Where the charged one asked for the lock, if call sites are recorded. */
  readonly site?: string | undefined
  /** How many waits. */
  readonly contentions: number
  /** ms, of all of them. */
  readonly delay: number
}

/** A time in which an agent may have missed events or run late. */
export interface Gap {
  readonly from: number
  readonly to: number
  readonly why: 'hidden' | 'frozen' | 'cached' | 'silent'
}

/** A page, worker or thread that was recorded. */
export interface AgentRecord {
  readonly agent: string
  readonly kind: 'page' | 'worker' | 'thread'
  /** What people call it: the page's title or address, the worker's name. */
  readonly name: string
  /** The page it belongs to, if another agent is known to be its page: an agent. */
  readonly page?: string | undefined
  /** ms, added to its own event times to come to the recording's clock, and how wrong that may be. */
  readonly offset: number
  readonly uncertainty: number
  /** ms: the finest step that its clock was seen to make. */
  readonly resolution: number
  readonly gaps: readonly Gap[]
}

export interface Recording {
  readonly format: 'latchkey-recording'
  readonly version: 1
  readonly from: number
  readonly to: number
  /** One in so many acquisitions was sampled whole. */
  readonly sample: number
  readonly agents: readonly AgentRecord[]
  /** By lock, then mode. */
  readonly locks: readonly LockRecord[]
  readonly contention: readonly ContentionRecord[]
  /** All events of the sampled acquisitions that the buffer still had, by time. */
  readonly events: readonly LockEvent[]
  /** Events of sampled acquisitions that had to make room for later ones. */
  readonly dropped: number
}
