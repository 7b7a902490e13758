'use client'

/** `latchkey/react`: locks that live as long as components do. */

export type { ClaimActions, ClaimState, Handle } from './claim'
export type { Held } from './held'
export type { LockState } from './lock-states'
export { type LeaderHandle, type UseLeaderOptions, useLeader } from './use-leader'
export {
  type LockHandle,
  type UseKeyedMutexOptions,
  type UseLockOptions,
  type UseRWLockOptions,
  useLock,
} from './use-lock'
export { type UseLockStateOptions, useLockState } from './use-lock-state'
export { type SemaphoreHandle, type UseSemaphoreOptions, useSemaphore } from './use-semaphore'
