/** Permits that a component holds for as long as it is mounted. */

import type { WaitOptions } from '../locks/arguments'
import type { Semaphore, SemaphoreHold } from '../locks/semaphore/semaphore'
import type { Handle } from './claim'
import { identityOf } from './lock-identity'
import { useClaim } from './use-claim'
import { withSignal } from './with-signal'

/** What is asked for, and how; read when the wait begins. */
export interface UseSemaphoreOptions extends WaitOptions {
  /** Whether the permits are wanted now. Default true; `false` gives them back. */
  readonly enabled?: boolean | undefined
}

/** What `useSemaphore` answers: the same object until something changes. */
export type SemaphoreHandle = Handle<SemaphoreHold>

/**
 * Holds `permits` of `semaphore` for as long as the component is mounted, as `useLock` holds a lock.
 * More permits than there are, or none, are a `failed` with the `RangeError`.
 *
 * Fairness: as the semaphore's own.
 *
 * @param permits how many, all at once; default 1. Another number is another claim: what is held goes
 *   back first
 * @throws TypeError while rendering for what is no semaphore
 * @example
 * export function Upload() {
 *   const { status } = useSemaphore(locks.semaphore('uploads', 4))
 *   return <p>{status === 'held' ? 'Uploading…' : 'Waiting for its turn'}</p>
 * }
 */
export function useSemaphore(
  semaphore: Semaphore,
  permits = 1,
  options: UseSemaphoreOptions = {},
): SemaphoreHandle {
  const { enabled = true, ...terms } = options
  const identity = identityOf('semaphore', semaphore, ['semaphore'], [permits])
  return useClaim(identity, enabled, (own) =>
    withSignal(own, terms.signal, (signal) => semaphore.acquire(permits, { ...terms, signal })),
  )
}
