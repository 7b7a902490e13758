/** The lock that a workload asks for, each in its own words, behind one face. */

import { Mutex as AsyncMutex } from 'async-mutex'
import { createLocks, type Locks, type RWLock, type Semaphore } from '../../locks'
import type { Action, Workload, WorkloadLock, WorkloadReach } from '../../scenario'

/** Runs `section` under the lock of the action's key. Rejects with `signal.reason` if that comes before. */
export type Lock = (
  action: Action,
  signal: AbortSignal,
  section: () => Promise<void>,
) => Promise<void>

/**
 * @param name of the run: all locks' names begin with it
 * @param memory for reach `cluster`
 */
export function openLock(
  { lock }: Pick<Workload, 'lock'>,
  name: string,
  memory: SharedArrayBuffer | undefined,
): Lock {
  switch (lock.kind) {
    case 'mutex': {
      const mutex = libraryLocks(lock.reach, memory).mutex(name, { fair: lock.fair })
      return (_, signal, section) => mutex.run(section, { signal })
    }
    case 'keyed-mutex': {
      const mutex = libraryLocks(lock.reach, memory).keyedMutex(name, { fair: lock.fair })
      return (action, signal, section) => mutex.run(action.key, section, { signal })
    }
    case 'rw-lock':
      return rwLocks(libraryLocks(lock.reach, memory), lock, name)
    case 'semaphore':
      return semaphores(libraryLocks(lock.reach, memory), lock, name)
    case 'navigator-locks':
      return (action, signal, section) => {
        const mode = action.mode === 'read' ? 'shared' : 'exclusive'
        return navigator.locks.request(nameOf(name, action), { mode, signal }, section)
      }
    case 'async-mutex':
      return asyncMutexes()
    case 'none':
      return (_action, _signal, section) => section()
  }
}

export function libraryLocks(reach: WorkloadReach, memory: SharedArrayBuffer | undefined): Locks {
  if (reach === 'cluster') return createLocks({ reach, memory })
  return createLocks(reach === 'indexed-db' ? { mechanism: reach } : { reach })
}

function rwLocks(
  locks: Locks,
  { fair, policy }: Extract<WorkloadLock, { kind: 'rw-lock' }>,
  name: string,
): Lock {
  const known = new Map<number, RWLock>()
  return (action, signal, section) => {
    const lock = known.get(action.key) ?? locks.rwLock(nameOf(name, action), { fair, policy })
    known.set(action.key, lock)
    return lock[action.mode](section, { signal })
  }
}

function semaphores(
  locks: Locks,
  { fair, permits }: Extract<WorkloadLock, { kind: 'semaphore' }>,
  name: string,
): Lock {
  const known = new Map<number, Semaphore>()
  return (action, signal, section) => {
    const semaphore =
      known.get(action.key) ?? locks.semaphore(nameOf(name, action), permits, { fair })
    known.set(action.key, semaphore)
    return semaphore.run(section, { signal })
  }
}

/** As a keyed mutex calls them. */
function nameOf(name: string, action: Action): string {
  return `${name}:${action.key}`
}

/** Its waits know no signal: they can only be cancelled all at once, which is what a run's end does. */
function asyncMutexes(): Lock {
  const mutexes = new Map<number, AsyncMutex>()
  const followed = new WeakSet<AbortSignal>()
  const follow = (signal: AbortSignal) => {
    if (followed.has(signal)) return
    followed.add(signal)
    const cancel = () => {
      for (const mutex of mutexes.values()) mutex.cancel()
    }
    signal.addEventListener('abort', cancel, { once: true })
  }
  return async (action, signal, section) => {
    signal.throwIfAborted()
    follow(signal)
    const mutex = mutexes.get(action.key) ?? new AsyncMutex(cancelled)
    mutexes.set(action.key, mutex)
    try {
      await mutex.runExclusive(section)
    } catch (error) {
      throw error === cancelled ? signal.reason : error
    }
  }
}

const cancelled = new Error('the run is over')
