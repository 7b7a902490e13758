/**
 * One agent of the hammer: several tasks that change shared cells with a read-modify-write that is
 * anything but atomic, each under the lock of its cell. Without a lock updates get lost.
 */

import { createLocks, type Hold, type Locks, TimeoutError } from '../../src/locks/index'
import { openDatabase } from './hammer-database'

/** Cell 0 is the mutex's, 1 and 2 are a writer's two fields, the others are the keys'. */
export const mutexCell = 0
export const leftCell = 1
export const rightCell = 2
export const firstKeyCell = 3
export const keys = 100
export const cells = firstKeyCell + keys

/** What the agents share, and no more atomic than it has to be. */
export interface Store {
  read(cell: number): number | Promise<number>
  write(cell: number, value: number): void | Promise<void>
}

export interface HammerTask {
  /** Absent: the cells are in IndexedDB. */
  readonly memory: SharedArrayBuffer | undefined
  /** The library at a reach, `navigator.locks` itself, or no lock at all. */
  readonly with: 'origin' | 'realm' | 'raw' | 'nothing'
  readonly tasks: number
  /** Sections for each task. */
  readonly rounds: number
  readonly seed: number
}

export interface Tally {
  /** How often each cell was counted up. */
  readonly updates: number[]
  /** Readers who saw a writer's two fields differ. */
  torn: number
  reads: number
}

type Random = () => number
/** Runs a section under a lock, or not at all if the lock was not to be had. */
type Way = (section: () => Promise<void>, random: Random) => Promise<unknown>
interface Ways {
  readonly mutex: Way
  readonly write: Way
  readonly read: Way
  readonly key: (key: number) => Way
}

export async function hammer(task: HammerTask): Promise<Tally> {
  const { memory } = task
  const store = memory === undefined ? await openDatabase() : sharedMemory(memory)
  const ways = waysOf(task.with)
  const tally: Tally = { updates: new Array(cells).fill(0), torn: 0, reads: 0 }
  const run = async (random: Random) => {
    for (let round = 0; round < task.rounds; round++) await strike(store, ways, tally, random)
  }
  const tasks = Array.from({ length: task.tasks }, (_, index) => run(mulberry32(task.seed + index)))
  await Promise.all(tasks)
  return tally
}

async function strike(store: Store, ways: Ways, tally: Tally, random: Random): Promise<void> {
  const count = (cell: number) => {
    tally.updates[cell] = (tally.updates[cell] ?? 0) + 1
  }
  const increment = (cell: number) => async () => {
    const value = await store.read(cell)
    await pause(random)
    await store.write(cell, value + 1)
    count(cell)
  }
  switch (Math.floor(random() * 4)) {
    case 0:
      await ways.mutex(increment(mutexCell), random)
      break
    case 1: {
      const key = Math.floor(random() * keys)
      await ways.key(key)(increment(firstKeyCell + key), random)
      break
    }
    case 2:
      await ways.write(async () => {
        const value = await store.read(leftCell)
        await store.write(leftCell, value + 1)
        await pause(random)
        await store.write(rightCell, value + 1)
        count(leftCell)
        count(rightCell)
      }, random)
      break
    default:
      await ways.read(async () => {
        const left = await store.read(leftCell)
        await pause(random)
        if ((await store.read(rightCell)) !== left) tally.torn++
        tally.reads++
      }, random)
  }
}

/** Nothing, a microtask, or a turn of the event loop, in which other tasks and messages run. */
async function pause(random: Random): Promise<void> {
  const choice = random()
  if (choice < 0.4) return
  if (choice < 0.7) await null
  else await turn()
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

function waysOf(what: HammerTask['with']): Ways {
  if (what === 'raw') return rawWays()
  if (what === 'nothing') {
    const bare: Way = (section) => section()
    return { mutex: bare, write: bare, read: bare, key: () => bare }
  }
  return lockedWays(createLocks({ reach: what }))
}

const mutexName = 'cart'
const rwName = 'settings'
const keyedName = 'user'

/** Every way to take a lock of the library that there is. */
function lockedWays(locks: Locks): Ways {
  const mutexes = [locks.mutex(mutexName), locks.mutex(mutexName, { fair: 'strict' })] as const
  const rwLocks = [locks.rwLock(rwName), locks.rwLock(rwName, { fair: 'strict' })] as const
  const users = locks.keyedMutex(keyedName)
  const one = <T>([often, seldom]: readonly [T, T], random: Random) =>
    random() < 0.8 ? often : seldom
  return {
    mutex(section, random) {
      const mutex = one(mutexes, random)
      return pick(random, [
        () => mutex.run(section),
        () => mutex.run(section),
        () => held(mutex.acquire(), section),
        () => held(mutex.tryAcquire(), section),
        () => impatient((signal) => mutex.run(section, { signal }), random),
        () => hurried(() => mutex.run(section, { timeout: random() < 0.5 ? 0 : 1 })),
        () => locks.all([{ name: rwName, mode: 'read' }, mutexName], section),
      ])
    },
    write(section, random) {
      const lock = one(rwLocks, random)
      return pick(random, [
        () => lock.write(section),
        () => lock.write(section),
        () => held(lock.acquireWrite(), section),
        () => held(lock.tryAcquireWrite(), section),
        () => impatient((signal) => lock.write(section, { signal }), random),
        () => locks.all([mutexName, { name: rwName, mode: 'write' }], section),
        async () => {
          const writer = await lock.acquireWrite()
          await section()
          await held(writer.downgrade(), () => pause(random))
        },
      ])
    },
    read(section, random) {
      const lock = one(rwLocks, random)
      return pick(random, [
        () => lock.read(section),
        () => lock.read(section),
        () => held(lock.acquireRead(), section),
        () => held(lock.tryAcquireRead(), section),
        () => impatient((signal) => lock.read(section, { signal }), random),
      ])
    },
    key: (key) => (section, random) =>
      pick(random, [
        () => users.run(key, section),
        () => held(users.acquire(key), section),
        () => held(users.tryAcquire(key), section),
        () => impatient((signal) => users.run(key, section, { signal }), random),
      ]),
  }
}

async function pick(
  random: Random,
  choices: readonly (() => Promise<unknown>)[],
): Promise<unknown> {
  return choices[Math.floor(random() * choices.length)]?.()
}

async function held(hold: Promise<Hold | null>, section: () => Promise<void>): Promise<void> {
  const got = await hold
  if (got === null) return
  try {
    await section()
  } finally {
    got.release()
  }
}

/** Gives up the wait a little later, unless it is over by then. */
async function impatient(
  ask: (signal: AbortSignal) => Promise<unknown>,
  random: Random,
): Promise<void> {
  const controller = new AbortController()
  const asked = ask(controller.signal)
  pause(random).then(() => controller.abort())
  try {
    await asked
  } catch (error) {
    if (error !== controller.signal.reason) throw error
  }
}

async function hurried(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask()
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
  }
}

/** Somebody who knows nothing of the library, only the names. */
function rawWays(): Ways {
  const way =
    (name: string, mode: LockMode): Way =>
    (section, random) =>
      pick(random, [
        () => navigator.locks.request(name, { mode }, section),
        () =>
          navigator.locks.request(name, { mode, ifAvailable: true }, (lock) =>
            lock === null ? undefined : section(),
          ),
        () =>
          impatient((signal) => navigator.locks.request(name, { mode, signal }, section), random),
      ])
  return {
    mutex: way(mutexName, 'exclusive'),
    write: way(rwName, 'exclusive'),
    read: way(rwName, 'shared'),
    key: (key) => way(`${keyedName}:${key}`, 'exclusive'),
  }
}

function sharedMemory(memory: SharedArrayBuffer): Store {
  // Plain reads and writes: that nobody else is there is for the locks to see to.
  const view = new Int32Array(memory)
  return {
    read: (cell) => view[cell] ?? 0,
    write(cell, value) {
      view[cell] = value
    },
  }
}

/** Small and seeded: the same numbers again for the same seed. */
export function mulberry32(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
