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
import type { LockDescriptor } from './descriptor'
import type { Hold } from './hold'
import type { LockKind, Space } from './space'

export interface LockOptions {
  /** Default `bounded`. */
  readonly fair?: Fairness | undefined
}

/** Checks what all locks are made from; answers the fairness. */
export function checkLock(
  space: Space,
  kind: LockKind,
  name: unknown,
  options: LockOptions | undefined,
): Fairness {
  checkName('name', name)
  checkOptions(options)
  const fair = options?.fair ?? 'bounded'
  checkChoice('fair', fair, fairnesses)
  space.claim(name, kind)
  return fair
}

/**
 * A mutual exclusion lock: at most one hold at a time, as far as its `reach` goes.
 *
 * Fairness: first come, first served inside an agent; between agents see {@link LockOptions.fair}.
 * A mutex is not re-entrant.
 */
export interface Mutex {
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
  run<T>(callback: (hold: Hold) => T | PromiseLike<T>, options?: WaitOptions): Promise<T>

  /**
   * Waits for the lock. The hold is yours to release.
   * @example
   * await using hold = await cart.acquire({ timeout: 5_000 })
   */
  acquire(options?: WaitOptions): Promise<Hold>

  /** Takes the lock if nobody holds it or waits for it; never waits for a holder. */
  tryAcquire(): Promise<Hold | null>

  /**
   * As `run`, but blocks the thread while it waits; for `reach: 'cluster'`, in workers and in
   * threads of a server. The callback must not return a promise: it is over when it returns.
   *
   * @returns what the callback returned
   * @throws what the callback threw; `TimeoutError`; `LockLostError` if the lock was lost
   *   meanwhile; `ReentrancyError` if the task holds it; `TypeError` for a promise;
   *   `UnsupportedError` at once where the thread must not block (a window's), where the reach is
   *   another, where this very agent holds the lock or queues for it without blocking (it could
   *   not go on), and without a `timeout` where nobody watches over the death of holders
   */
  runSync<T>(callback: (hold: Hold) => T, options?: BlockOptions): T

  /** As `acquire`, but blocks the thread: see {@link Mutex.runSync}. The hold is yours to release. */
  acquireSync(options?: BlockOptions): Hold

  /** A plain value for other agents: `locks.from(descriptor)` is the same lock there. */
  descriptor(): LockDescriptor
}
