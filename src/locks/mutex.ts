/** One holder at a time. */

import {
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

  /** A plain value for other agents: `locks.from(descriptor)` is the same lock there. */
  descriptor(): LockDescriptor
}
