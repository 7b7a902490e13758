/**
 * Everything Latchkey rejects with, apart from `TypeError` and `RangeError` for bad arguments
 * and `signal.reason` for aborted waits. `code` is stable; messages are for people.
 */

import type { DeadlockParty, LockMode } from './events'

export type LatchkeyErrorCode =
  | 'timeout'
  | 'lock-lost'
  | 'deadlock'
  | 'lock-order'
  | 'reentrancy'
  | 'not-held'
  | 'stale-fence'
  | 'capacity'
  | 'unsupported'

export abstract class LatchkeyError extends Error {
  abstract readonly code: LatchkeyErrorCode
}

/** Somebody who holds a lock or waits for it. */
export interface LockParty {
  readonly agent: string
  readonly task: string
  readonly mode: LockMode
  /** For how long it has held or waited, in ms. */
  readonly for: number
  /** Where it asked, if call sites are recorded. */
  readonly site?: string
  /** Its fencing token, if it has one. */
  readonly fence?: number
  /** Of a semaphore: how many it has or wants. */
  readonly permits?: number
}

/** Who stands in the way of a wait. */
export interface WaitReport {
  readonly holders: readonly LockParty[]
  readonly waiters: readonly LockParty[]
  /**
   * Holds and waits that nobody explained within the deadline: code that uses the mechanism
   * directly, or an agent that is frozen or busy.
   */
  readonly unknownHolders: number
  readonly unknownWaiters: number
}

/** A wait took longer than its `timeout`. */
export class TimeoutError extends LatchkeyError {
  override readonly name = 'TimeoutError'
  readonly code = 'timeout'
  constructor(
    message: string,
    readonly report: WaitReport,
  ) {
    super(message)
  }
}

/** The lock was taken from its holder: stolen, or its mechanism went away. */
export class LockLostError extends LatchkeyError {
  override readonly name = 'LockLostError'
  readonly code = 'lock-lost'
}

/** A wait was part of a cycle of tasks that wait for each other, and was chosen to end it. */
export class DeadlockError extends LatchkeyError {
  override readonly name = 'DeadlockError'
  readonly code = 'deadlock'
  constructor(
    message: string,
    /** The victim first. */
    readonly cycle: readonly DeadlockParty[],
  ) {
    super(message)
  }
}

/** Locks are asked for against their order. */
export class LockOrderError extends LatchkeyError {
  override readonly name = 'LockOrderError'
  readonly code = 'lock-order'
}

/** A task asks for what it already holds, and would wait for itself. */
export class ReentrancyError extends LatchkeyError {
  override readonly name = 'ReentrancyError'
  readonly code = 'reentrancy'
}

/** A hold was released that is not held any more. */
export class NotHeldError extends LatchkeyError {
  override readonly name = 'NotHeldError'
  readonly code = 'not-held'
}

/** A write carried an older fence than the store has seen. */
export class StaleFenceError extends LatchkeyError {
  override readonly name = 'StaleFenceError'
  readonly code = 'stale-fence'
}

/** A bounded mechanism is full. */
export class CapacityError extends LatchkeyError {
  override readonly name = 'CapacityError'
  readonly code = 'capacity'
}

/** Nothing here reaches as far as was asked, or the lock cannot do what was asked. */
export class UnsupportedError extends LatchkeyError {
  override readonly name = 'UnsupportedError'
  readonly code = 'unsupported'
}
