/**
 * The same loop under each lock. Every one is written out: a loop that is shared would keep the
 * engine from compiling each as it is in a program that has only this one.
 */

import { Mutex as AsyncMutex } from 'async-mutex'
import { createLocks, type Locks } from '../../src/locks'
import { twoTransactions } from './bare-database'

export type Contender =
  | 'ours'
  /** Ours with `fair: 'strict'`: no cohort. */
  | 'ours strict'
  /** A semaphore of ours, with so many permits as `semaphorePermits`. */
  | 'semaphore'
  /** Ours with `fence: true`. */
  | 'fenced'
  | 'fenced strict'
  | 'raw'
  | 'async-mutex'
  | 'no lock'
  /** What two transitions cost that are kept in IndexedDB. No lock either. */
  | 'two transactions'

export interface Lock {
  /** Takes and releases it so many times, one after the other. */
  readonly loop: (times: number) => Promise<void>
  /** How many are a fraction of a ms: the clock is read after so many. */
  readonly batch: number
  readonly run: (section: () => Promise<void>) => Promise<void>
}

export const locks = createLocks()

export const semaphorePermits = 4

/** @param from where ours come from; without it they reach as far as the origin */
export function lockOf(contender: Contender, name: string, from: Locks = locks): Lock {
  switch (contender) {
    case 'ours': {
      const mutex = from.mutex(name)
      return {
        batch: 250,
        loop: async (times) => {
          for (let i = 0; i < times; i++) await mutex.run(async () => {})
        },
        run: (section) => mutex.run(section),
      }
    }
    case 'ours strict': {
      const mutex = from.mutex(name, { fair: 'strict' })
      return {
        batch: 1,
        loop: async (times) => {
          for (let i = 0; i < times; i++) await mutex.run(async () => {})
        },
        run: (section) => mutex.run(section),
      }
    }
    case 'semaphore': {
      const semaphore = from.semaphore(name, semaphorePermits)
      return {
        batch: 250,
        loop: async (times) => {
          for (let i = 0; i < times; i++) await semaphore.run(async () => {})
        },
        run: (section) => semaphore.run(section),
      }
    }
    case 'fenced': {
      const mutex = from.mutex(name)
      return {
        batch: 250,
        loop: async (times) => {
          for (let i = 0; i < times; i++) await mutex.run(async () => {}, { fence: true })
        },
        run: (section) => mutex.run(section, { fence: true }),
      }
    }
    case 'fenced strict': {
      const mutex = from.mutex(name, { fair: 'strict' })
      return {
        batch: 1,
        loop: async (times) => {
          for (let i = 0; i < times; i++) await mutex.run(async () => {}, { fence: true })
        },
        run: (section) => mutex.run(section, { fence: true }),
      }
    }
    case 'raw':
      return {
        batch: 1,
        loop: async (times) => {
          for (let i = 0; i < times; i++) await navigator.locks.request(name, async () => {})
        },
        run: (section) => navigator.locks.request(name, section),
      }
    case 'async-mutex': {
      const mutex = asyncMutex(name)
      return {
        batch: 250,
        loop: async (times) => {
          for (let i = 0; i < times; i++) await mutex.runExclusive(async () => {})
        },
        run: (section) => mutex.runExclusive(section),
      }
    }
    case 'no lock': {
      const section = async () => {}
      return {
        batch: 250,
        loop: async (times) => {
          for (let i = 0; i < times; i++) await section()
        },
        run: (given) => given(),
      }
    }
    case 'two transactions':
      return {
        batch: 1,
        loop: async (times) => {
          for (let i = 0; i < times; i++) await twoTransactions(name)
        },
        run: (given) => given(),
      }
  }
}

const asyncMutexes = new Map<string, AsyncMutex>()

/** The others know their locks by name; this one is an object. */
function asyncMutex(name: string): AsyncMutex {
  const mutex = asyncMutexes.get(name) ?? new AsyncMutex()
  asyncMutexes.set(name, mutex)
  return mutex
}
