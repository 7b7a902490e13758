/** One holder at a time. */

import {
  type BlockOptions,
  checkChoice,
  checkName,
  checkOptions,
  type Fairness,
  fairnesses,
  type WaitOptions,
} from './arguments'
import type { Carrier } from './carrier'
import type { MutexDescriptor } from './descriptor'
import { Entrance, plain } from './entrance'
import type { Hold, PlainHold } from './hold'
import type { AcquireOptions } from './terms'

export interface LockOptions {
  /** Default `bounded`. */
  readonly fair?: Fairness | undefined
}

/**
 * A mutual exclusion lock: at most one hold at a time, as far as its `reach` goes.
 *
 * Fairness: first come, first served inside an agent; between agents see {@link LockOptions.fair}.
 * A mutex is not re-entrant.
 */
export interface PlainMutex<H = PlainHold, O = WaitOptions> {
  readonly name: string

  /**
   * Runs `callback` while holding the lock; released when it returns, throws, or its promise
   * settles. The callback is always called asynchronously.
   *
   * @returns what the callback returned
   * @throws what the callback threw; `signal.reason` or `TimeoutError` if the wait was given up;
   *   `LockLostError` if the lock was lost meanwhile; `ReentrancyError` if the task holds it;
   *   `UnsupportedError` if nothing here reaches far enough.
   * @example
   * const total = await cart.run(async (hold) => {
   *   await save({ signal: hold.signal })
   *   return load()
   * })
   */
  run<T>(callback: (hold: H) => T | PromiseLike<T>, options?: O): Promise<T>

  /**
   * Waits for the lock. The hold is yours to release.
   * @example
   * await using hold = await cart.acquire({ timeout: 5_000 })
   */
  acquire(options?: O): Promise<H>

  /** Takes the lock if nobody holds it or waits for it; never waits for a holder. */
  tryAcquire(): Promise<H | null>
}

/** A mutex as `createLocks` makes it. */
export interface Mutex extends PlainMutex<Hold, AcquireOptions> {
  /**
   * As `run`, but blocks the thread while it waits; for `reach: 'cluster'`, in workers and in
   * threads of a server. The callback must not return a promise: it is over when it returns.
   *
   * @returns what the callback returned
   * @throws what the callback threw; `TimeoutError`; `DeadlockError` where `detectDeadlocks` was
   *   passed in; `LockLostError` if the lock was lost meanwhile; `ReentrancyError` if the task holds it; `TypeError` for a promise;
   *   `UnsupportedError` at once where the thread must not block (a window's), where the reach is
   *   another, where this very agent holds the lock or queues for it without blocking (it could
   *   not go on), and without a `timeout` where nobody watches over the death of holders
   */
  runSync<T>(callback: (hold: Hold) => T, options?: BlockOptions): T

  /** As `acquire`, but blocks the thread: see {@link Mutex.runSync}. The hold is yours to release. */
  acquireSync(options?: BlockOptions): Hold

  /** A plain value for other agents: `locks.from(descriptor)` is the same lock there. */
  descriptor(): MutexDescriptor
}

/**
 * The mutex of this name over `carrier`, for who counts bytes: see `webLocks`.
 * @param name any non-empty string that does not start with `-`; `key` builds safe ones
 * @throws TypeError, RangeError for bad arguments
 * @example
 * const cart = mutex(webLocks(), 'cart')
 * await cart.run(async () => { await save() })
 */
export function mutex(carrier: Carrier, name: string, options?: LockOptions): PlainMutex {
  const fair = checkLock(name, options)
  return new Entrance(carrier, undefined, name, fair, 'exclusive', plain)
}

/** Checks what all locks are made from; answers the fairness. */
export function checkLock(name: unknown, options: LockOptions | undefined): Fairness {
  checkName('name', name)
  checkOptions(options)
  const fair = options?.fair ?? 'bounded'
  checkChoice('fair', fair, fairnesses)
  return fair
}
