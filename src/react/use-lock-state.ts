/** Who holds a lock and who waits for it, over all tabs. */

import { useCallback, useSyncExternalStore } from 'react'
import { escapePart } from '../locks/key'
import type { Key, KeyedMutex } from '../locks/keyed-mutex'
import type { Leader } from '../locks/leader'
import type { Mutex } from '../locks/mutex'
import type { RWLock } from '../locks/rw-lock'
import type { Semaphore } from '../locks/semaphore/semaphore'
import type { Space } from '../locks/space'
import { cut, longestName } from '../locks/watch/protocol'
import { type Described, everyKind, identityOf } from './lock-identity'
import { type LockState, lockStatesOf, unknown } from './lock-states'

export interface UseLockStateOptions {
  /** Of a keyed mutex: whose lock. */
  readonly key?: Key | undefined
}

/**
 * Shows who holds `lock` and who waits for it, in all tabs and workers of its reach, without asking for
 * it: `locks.watch` for one lock. All components of a page share one watch, and hear of changes ten
 * times a second at most. Only a change of this very lock renders the component anew.
 *
 * @param lock may be made while rendering: it is known by its name
 * @returns the same object until something changes; `known: false` on a server and in the first
 *   render, and with an `error` where nothing reaches that far
 * @throws TypeError while rendering for what is no lock
 * @example
 * export function Presence() {
 *   const { holders, waiters } = useLockState(locks.mutex('draft'))
 *   const [editor] = holders
 *   return <p>{editor === undefined ? 'Free' : `Edited since ${editor.since}, ${waiters.length} wait`}</p>
 * }
 */
export function useLockState(
  lock: Mutex | RWLock | Semaphore | Leader | KeyedMutex,
  { key }: UseLockStateOptions = {},
): LockState {
  const { space } = identityOf('lock', lock as Described, everyKind)
  const whole = key === undefined ? lock.name : `${lock.name}:${escapePart(key, 0)}`
  const name = cut(whole, longestName)
  const states = lockStatesOf(space as Space)
  return useSyncExternalStore(
    useCallback((changed: () => void) => states.subscribe(name, changed), [states, name]),
    () => states.current(name),
    () => unknown,
  )
}
