/** A lock that a component holds for as long as it is mounted. */

import { checkChoice } from '../locks/arguments'
import type { LockMode } from '../locks/events'
import type { Hold } from '../locks/hold'
import { escapePart } from '../locks/key'
import type { Key, KeyedMutex } from '../locks/keyed-mutex'
import type { Mutex } from '../locks/mutex'
import type { RWLock } from '../locks/rw-lock'
import type { AcquireOptions } from '../locks/terms'
import type { Handle } from './claim'
import { type Described, identityOf, kindOf } from './lock-identity'
import { useClaim } from './use-claim'
import { withSignal } from './with-signal'

/** What is asked for, and how; read when the wait begins. */
export interface UseLockOptions extends AcquireOptions {
  /** Whether the lock is wanted now. Default true; `false` gives it back. */
  readonly enabled?: boolean | undefined
}

export interface UseRWLockOptions extends UseLockOptions {
  /** `shared` to read, `exclusive` (default) to write. */
  readonly mode?: LockMode | undefined
}

export interface UseKeyedMutexOptions extends UseLockOptions {
  /** Whose lock. */
  readonly key: Key
}

const lockKinds = ['mutex', 'rw-lock', 'keyed-mutex'] as const
const modes = ['shared', 'exclusive'] as const

/** What `useLock` answers: the same object until something changes. */
export type LockHandle = Handle<Hold>

/**
 * Holds `lock` for as long as the component is mounted: asked for after it is committed, given back
 * when it is unmounted, when `enabled` becomes false, and when it is given another lock. Nothing is
 * asked for on a server. The lock may be made while rendering: it is known by its name and kind.
 *
 * `status` is `idle`, `waiting`, `held`, `lost` (taken away: `error` says why) or `failed` (`error` is
 * what `acquire` rejected with). What was lost is not asked for again before `retry()`. The first
 * render shows `idle`.
 *
 * Fairness: as the lock's own. Each component asks for itself: two of one page exclude each other.
 *
 * @param options as of `acquire`; a change of them matters from the next wait on, except `enabled`,
 *   `mode` and `key`
 * @throws TypeError while rendering for what is no such lock, a `mode` that is none, and a keyed mutex
 *   without a `key`
 * @example
 * export function Draft() {
 *   const { status } = useLock(locks.mutex('draft'))
 *   return <textarea readOnly={status !== 'held'} />
 * }
 */
export function useLock(lock: Mutex, options?: UseLockOptions): LockHandle
export function useLock(lock: RWLock, options?: UseRWLockOptions): LockHandle
export function useLock(lock: KeyedMutex, options: UseKeyedMutexOptions): LockHandle
export function useLock(
  lock: Mutex | RWLock | KeyedMutex,
  options: UseLockOptions & { readonly mode?: LockMode | undefined; readonly key?: Key } = {},
): LockHandle {
  const { enabled = true, mode = 'exclusive', key, ...terms } = options
  checkChoice('mode', mode, modes)
  const identity = identityOf('lock', lock as Described, lockKinds, [mode, key])
  const kind = kindOf(lock as Described)
  if (kind === 'keyed-mutex') escapePart(key, 0)
  return useClaim(identity, enabled, (own) =>
    withSignal(own, terms.signal, (signal) => {
      const asked = { ...terms, signal }
      if (kind === 'keyed-mutex') return (lock as KeyedMutex).acquire(key as Key, asked)
      if (kind !== 'rw-lock') return (lock as Mutex).acquire(asked)
      const both = lock as RWLock
      return mode === 'shared' ? both.acquireRead(asked) : both.acquireWrite(asked)
    }),
  )
}
