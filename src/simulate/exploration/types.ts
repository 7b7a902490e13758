/** What exploring a program tells. All of it is plain data that can be posted from a worker. */

import type { Schedule } from '../../scenario'
import type { OutcomeKind } from '../program'
import type { Pause } from './pause'
import type { Interval } from './wilson'

export interface ExploreOptions {
  /**
   * Distinct states that are kept, at most (default 200,000). A program that has more is
   * sampled: the report is then of kind `sampled`.
   */
  readonly limit?: number | undefined
  /** How many schedules are drawn when a program is sampled (default 10,000). */
  readonly samples?: number | undefined
  /** Of the draws (default 1). */
  readonly seed?: number | undefined
  /** How often a waiter may be overtaken, at most (default: once by each other thread). */
  readonly overtaking?: number | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly signal?: AbortSignal | undefined
  readonly pause?: Pause | undefined
}

export type Progress =
  | { readonly kind: 'exploring'; readonly states: number; readonly depth: number }
  | { readonly kind: 'sampling'; readonly drawn: number; readonly samples: number }

/** The shortest way to an outcome. */
export interface Shortest {
  readonly schedule: Schedule
  /**
   * After how many of its steps no other outcome can be reached any more: the step before is the
   * one that decided. `undefined` where the graph was not explored to its end.
   */
  readonly decidedAfter: number | undefined
  /** No schedule to this outcome is shorter. False where it is only the shortest one drawn. */
  readonly proven: boolean
}

/** Final values of the variables that go with one outcome. */
export interface FinalValues {
  readonly variables: readonly number[]
  /** Under a uniform random scheduler. */
  readonly probability: number
  readonly schedules: bigint
}

export interface ExactOutcome {
  readonly kind: OutcomeKind
  /** How many schedules end so. */
  readonly schedules: bigint
  /** Their share of all schedules. */
  readonly share: number
  /** With a scheduler that lets each thread that can go on take the next step equally likely. */
  readonly probability: number
  readonly shortest: Shortest
  /** The most probable first. */
  readonly values: readonly FinalValues[]
}

export interface SampledOutcome {
  readonly kind: OutcomeKind
  /** How many of the drawn schedules ended so; 0 where only the graph shows that some do. */
  readonly drawn: number
  /** Of the drawn: an estimate of the probability under a uniform random scheduler. */
  readonly probability: number
  /** Wilson's, 95 %. */
  readonly interval: Interval
  readonly shortest: Shortest
}

export type PropertyId =
  | 'mutual-exclusion'
  | 'no-deadlock'
  | 'no-lost-update'
  | 'no-misuse'
  | 'bounded-overtaking'

/**
 * - `mutual-exclusion`: no lock is ever held by two that exclude each other, and no two threads
 *   are ever about to touch one variable at once, one of them to store;
 * - `no-deadlock`: no schedule ends with a thread that waits, be it in a cycle or stuck;
 * - `bounded-overtaking`: nobody who waits for a lock is overtaken more often than `bound`
 *   by threads that asked for it later.
 */
export interface Property {
  readonly id: PropertyId
  /** `unknown`: no counterexample among what was explored or drawn, which is not all. */
  readonly verdict: 'holds' | 'fails' | 'unknown'
  /** A schedule that shows that it fails, as short as any where the report is exact. */
  readonly witness?: Schedule
  /** Of `bounded-overtaking`: the bound, and the most that was seen. */
  readonly overtaking?: { readonly bound: number; readonly most: number }
}

interface Explored {
  /** Distinct states, and steps between them. */
  readonly states: number
  readonly transitions: number
  readonly properties: readonly Property[]
}

/** Every interleaving was explored: all numbers are exact. */
export interface ExactExploration extends Explored {
  readonly kind: 'exact'
  readonly schedules: bigint
  /** Those that occur, the worst first. */
  readonly outcomes: readonly ExactOutcome[]
}

/** There were more states than the limit: schedules were drawn by a uniform random scheduler. */
export interface SampledExploration extends Explored {
  readonly kind: 'sampled'
  readonly samples: number
  /** The limit that was reached. */
  readonly limit: number
  /**
   * The outcomes are all there are: a graph that leaves out what makes no difference could be
   * explored to its end. Their probabilities are estimates all the same.
   */
  readonly allOutcomes: boolean
  readonly outcomes: readonly SampledOutcome[]
}

export type Exploration = ExactExploration | SampledExploration

/** What can happen at all, from a graph that leaves out what makes no difference. */
export interface Verdict {
  /** False when the limit was reached: outcomes that are not listed may exist. */
  readonly complete: boolean
  readonly states: number
  readonly transitions: number
  readonly outcomes: readonly {
    readonly kind: OutcomeKind
    /** No schedule to this outcome is shorter, if `complete`. */
    readonly schedule: Schedule
  }[]
}
