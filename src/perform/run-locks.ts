/** The locks of a run, in the page and in each of its workers. */

import { createLockMemory, createLocks, type Locks } from '../locks'
import type { RealReach } from './types'

/** What a worker needs to be told to lock with the others. */
export type SharedWith = SharedArrayBuffer | undefined

let memory: SharedArrayBuffer | undefined

/** One memory for all runs of a page: each has a name of its own in it. */
export function memoryFor(reach: RealReach): SharedWith {
  if (reach === 'origin') return undefined
  memory ??= createLockMemory()
  return memory
}

export function locksOver(shared: SharedWith): Locks {
  return shared === undefined ? createLocks() : createLocks({ reach: 'cluster', memory: shared })
}
