/** What goes from agent to agent instead of a lock: a plain value that names the same lock. */

import type { Fairness } from './arguments'
import type { RWPolicy } from './rw-lock'

export interface MutexDescriptor {
  readonly latchkey: 'mutex'
  readonly name: string
  readonly fair: Fairness
}

export interface KeyedMutexDescriptor {
  readonly latchkey: 'keyed-mutex'
  readonly name: string
  readonly fair: Fairness
}

export interface RWLockDescriptor {
  readonly latchkey: 'rw-lock'
  readonly name: string
  readonly fair: Fairness
  readonly policy: RWPolicy
}

export interface SemaphoreDescriptor {
  readonly latchkey: 'semaphore'
  readonly name: string
  readonly fair: Fairness
  readonly permits: number
}

export type LockDescriptor =
  | MutexDescriptor
  | KeyedMutexDescriptor
  | RWLockDescriptor
  | SemaphoreDescriptor

/** What a descriptor may say: it comes over the wire, so nothing about it is taken for granted. */
export const kinds = ['mutex', 'keyed-mutex', 'rw-lock', 'semaphore'] as const
export const policies = ['phase-fair', 'fifo'] as const
