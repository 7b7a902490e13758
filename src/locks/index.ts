/** `latchkey`: locks for tasks, workers and tabs. */

export type { AllCallback, LockRequest } from './all'
export type { Fairness, WaitOptions } from './arguments'
export {
  type CreateLocksOptions,
  createLocks,
  type Locks,
  type LocksStats,
} from './create-locks'
export type { LockDescriptor } from './descriptor'
export {
  CapacityError,
  DeadlockError,
  LatchkeyError,
  type LatchkeyErrorCode,
  LockLostError,
  LockOrderError,
  type LockParty,
  NotHeldError,
  ReentrancyError,
  StaleFenceError,
  TimeoutError,
  UnsupportedError,
  type WaitReport,
} from './errors'
export type { LockEvent, LockEventListener, LockEventType, LockMode } from './events'
export type { Hold, Task, WriteHold } from './hold'
export { key } from './key'
export type { Key, KeyedMutex } from './keyed-mutex'
export type { LockOptions, Mutex } from './mutex'
export type { Mechanism, PortLockInfo, Reach } from './ports/port'
export type { RetrySettings } from './retry'
export type { RWLock, RWLockOptions, RWPolicy } from './rw-lock'
export type { AgentEntry, LockEntry, LocksSnapshot } from './snapshot'
export type { Support } from './support'
