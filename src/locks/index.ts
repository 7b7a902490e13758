/** `latchkey`: locks for tasks, workers and tabs. */

export type { AllCallback, LockRequest } from './all'
export type { BlockOptions, Fairness, WaitOptions } from './arguments'
export type { Carrier } from './carrier'
export {
  type CreateLocksOptions,
  createLocks,
  type Locks,
  type LocksStats,
} from './create-locks'
export type {
  KeyedMutexDescriptor,
  LockDescriptor,
  MutexDescriptor,
  RWLockDescriptor,
  SemaphoreDescriptor,
} from './descriptor'
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
export type {
  DeadlockParty,
  LockEvent,
  LockEventListener,
  LockEventType,
  LockMode,
} from './events'
export type { Extension } from './extension'
export { fenced } from './fenced'
export type { FencedHold } from './fenced/check-fence'
export type { FencedRegister, FencedState, Register } from './fenced/fenced-register'
export type { FencedStore, FencedStoreSettings } from './fenced/fenced-store'
export type { Hold, PlainHold, Task, WriteHold } from './hold'
export { key } from './key'
export { type Key, type KeyedMutex, keyedMutex, type PlainKeyedMutex } from './keyed-mutex'
export type { CampaignOptions, Leader, LeaderEvent, LeaderOptions } from './leader'
export { type LockOptions, type Mutex, mutex, type PlainMutex } from './mutex'
export type { Mechanism, OriginMechanism, PortLockInfo, Reach } from './ports/port'
export { createLockMemory, type LockMemoryOptions } from './ports/shared-memory/create-lock-memory'
export type { RetrySettings } from './retry'
export {
  type PlainRWLock,
  type RWLock,
  type RWLockOptions,
  type RWPolicy,
  rwLock,
} from './rw-lock'
export type { PermitOptions, Semaphore, SemaphoreHold } from './semaphore/semaphore'
export type { AgentEntry, LockEntry, LocksSnapshot } from './snapshot'
export type { Support } from './support'
export type { AcquireOptions, FenceSettings, LeaseSettings } from './terms'
export type { AgentView, LocksView, LockView, PartyView, WatchOptions } from './watch/view'
export { webLocks } from './web-locks'
