/** What a program on real workers is asked for, and what it gives. All data of it can be posted. */

import type { Mechanism } from '../../locks'

export type RealMode = 'mutex' | 'read' | 'write'

interface Moment {
  /** Index of the thread. */
  readonly thread: number
  /** In ms since the common start. */
  readonly time: number
}

/** A thread asks for locks, has them, or gives one back. */
export interface LockMark extends Moment {
  readonly kind: 'asks' | 'has' | 'gives'
  readonly locks: readonly string[]
  readonly mode: RealMode
}

/** A thread has read a shared variable into one of its own, or has stored a shared one. */
export interface VariableMark extends Moment {
  readonly kind: 'loads' | 'stores'
  /** Of the variable that has the value from then on. */
  readonly name: string
  readonly value: number
}

export type Mark = LockMark | VariableMark

export function isOfLocks(mark: Mark): mark is LockMark {
  return mark.kind !== 'loads' && mark.kind !== 'stores'
}

/** How a thread ended. */
export interface ThreadEnd {
  readonly thread: number
  readonly time: number
  /**
   * `victim`: its wait was rejected with `DeadlockError`; `refused`: with `ReentrancyError` or another
   * error of the library, at once.
   */
  readonly kind: 'done' | 'threw' | 'victim' | 'refused'
  /** Of `victim` and `refused`: the error's own words. */
  readonly error?: { readonly name: string; readonly message: string }
}

export interface RealProgramRun {
  readonly mechanism: Mechanism
  /** Which tab each thread was in: 0 for the page's own, 1 for the second one. */
  readonly tabs: readonly number[]
  /** How far the threads' clocks may be apart at most, in ms. */
  readonly clockError: number
  /** How late a step's own timer came at most, in ms: by more than a turn, and the order may change. */
  readonly latest: number
  /** By time. */
  readonly marks: readonly Mark[]
  /** By time; who still waited when the run was ended is not among them. */
  readonly ends: readonly ThreadEnd[]
  /** What the shared variables were at the end, in the order of the program. */
  readonly variables: readonly number[]
  /** How long after the last turn the run was given up; `undefined` when everybody ended. */
  readonly givenUpAfter: number | undefined
  /** From the latest wait of those that waited when the victim's was rejected, to its error; in ms. */
  readonly detectedAfter: number | undefined
}
