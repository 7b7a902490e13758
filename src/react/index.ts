'use client'

/** `latchkey/react`: locks that live as long as components do. */

export type { Held } from './claim'
export {
  type LockHandle,
  type UseKeyedMutexOptions,
  type UseLockOptions,
  type UseRWLockOptions,
  useLock,
} from './use-lock'
