/** The lock spaces of a page, by the mechanism that carries them. */

import { createLockMemory, createLocks, type Locks, type Mechanism } from '../../src/locks'

/** Whatever the bench puts into it at a time must fit: 10,000 waiters and a name. */
const bytes = 2 ** 20

let memory: SharedArrayBuffer | undefined

export function lockMemory(): SharedArrayBuffer {
  memory ??= createLockMemory({ bytes })
  return memory
}

/** Which of Web Locks and IndexedDB carries the reach `origin` depends on where the page is. */
export function locksOver(mechanism: Mechanism): Locks {
  const locks =
    mechanism === 'memory'
      ? createLocks({ reach: 'realm' })
      : mechanism === 'shared-memory'
        ? createLocks({ reach: 'cluster', memory: lockMemory() })
        : createLocks()
  const support = locks.support()
  if (!support.supported || support.mechanism !== mechanism) {
    throw new Error(`${mechanism} carries nothing here: ${JSON.stringify(support)}`)
  }
  return locks
}
