/** `acquireSync` and `runSync`: what blocking adds to the promises of a lock. */

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createLocks, Locks } from './create-locks'
import { checkOrder } from './deadlock/check-order'
import {
  LockLostError,
  LockOrderError,
  ReentrancyError,
  TimeoutError,
  UnsupportedError,
} from './errors'
import type { LockEvent } from './events'
import { createLockManager } from './lock-manager'
import { BlockingCohortPort } from './ports/blocking-cohort'
import { MemoryPort } from './ports/memory'
import { Space } from './space'
import { BlockingTestPort } from './testing/blocking-port'
import { extend } from './testing/test-agents'
import { VirtualClock } from './testing/virtual-clock'

describe.each(['strict', 'bounded'] as const)('%s', (fair) => {
  let clock: VirtualClock
  let port: BlockingTestPort
  let locks: Locks
  /** Another agent, which is not blocked when we are. */
  let other: Locks
  let events: string[]

  beforeEach(() => {
    clock = new VirtualClock()
    port = new BlockingTestPort(clock)
    const bounded = new BlockingCohortPort(new MemoryPort(clock), port, { clock, lifecycle: [] })
    locks = new Locks(new Space('cluster', () => ({ bounded, strict: port }), clock))
    const far = { bounded: port.others, strict: port.others }
    other = new Locks(new Space('cluster', () => far, clock))
    events = []
    locks.subscribe(({ type, lock }: LockEvent) => events.push(`${type} ${lock}`))
  })

  /** Holds in another agent, for `ms` from now. */
  async function heldElsewhere(ms: number): Promise<void> {
    const hold = await other.mutex('a').acquire()
    clock.after(ms, () => hold.release())
  }

  test('locks are asked for in their order here, too', () => {
    extend(locks, { order: checkOrder(['a', 'b']) })
    const hold = locks.task().mutex('b', { fair }).acquireSync()
    expect(() => hold.mutex('a', { fair }).acquireSync()).toThrow(LockOrderError)
    hold.release()
    expect(events).toEqual(['request b', 'grant b', 'order-violation a', 'release b'])
  })

  test('a free lock is held when the call returns', () => {
    const hold = locks.mutex('a', { fair }).acquireSync()
    expect(hold).toMatchObject({ name: 'a', mode: 'exclusive', abandoned: false })
    expect(locks.stats()).toEqual({ holds: 1, waits: 0, names: 1 })
    hold.release()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    expect(events).toEqual(['request a', 'grant a', 'release a'])
  })

  test('it blocks until the holder lets go', async () => {
    await heldElsewhere(30)
    const since = clock.now()
    const hold = locks.mutex('a', { fair }).acquireSync()
    expect(clock.now() - since).toBe(30)
    hold.release()
  })

  test('runSync answers what its callback returned, and releases', () => {
    const mutex = locks.mutex('a', { fair })
    expect(mutex.runSync((hold) => `${hold.name}!`)).toBe('a!')
    expect(locks.stats().holds).toBe(0)
  })

  test('a callback that throws releases and rethrows', () => {
    const mutex = locks.mutex('a', { fair })
    const thrown = new Error('mine')
    expect(() =>
      mutex.runSync(() => {
        throw thrown
      }),
    ).toThrow(thrown)
    expect(locks.stats().holds).toBe(0)
  })

  test('a callback that answers a promise is told, with the lock released', () => {
    const mutex = locks.mutex('a', { fair })
    expect(() => mutex.runSync(async () => {})).toThrow(/^callback must not return a promise/)
    expect(locks.stats().holds).toBe(0)
  })

  test('a timeout says who holds the lock, and leaves the queue', async () => {
    await heldElsewhere(1000)
    const ask = () => locks.mutex('a', { fair }).acquireSync({ timeout: 20 })
    expect(ask).toThrow(TimeoutError)
    expect(ask).toThrow(
      /^timed out after 20 ms of blocking for "a" \(exclusive\): held by agent agent 1 \(exclusive\); 0 waiting$/,
    )
    expect(port.snapshot().pending).toEqual([])
    expect(events).toEqual(['request a', 'timeout a', 'request a', 'timeout a'])
  })

  test('0 does not wait', async () => {
    await heldElsewhere(1000)
    const since = clock.now()
    expect(() => locks.mutex('a', { fair }).acquireSync({ timeout: 0 })).toThrow(TimeoutError)
    expect(clock.now()).toBe(since)
  })

  test('a thread that must not block is told at once, and nothing is queued', () => {
    port.refusal = 'a window must not block'
    expect(() => locks.mutex('a', { fair }).acquireSync()).toThrow(UnsupportedError)
    expect(port.snapshot()).toEqual({ held: [], pending: [] })
    expect(events).toEqual(['request a', 'abort a'])
  })

  test('a lock stolen during runSync is lost, though nobody could be called back', async () => {
    const manager = createLockManager({ port: port.others })
    const work = vi.fn(() => {
      void manager.request('a', { steal: true }, () => {})
      return 1
    })
    expect(() => locks.mutex('a', { fair }).runSync(work)).toThrow(LockLostError)
    expect(work).toHaveBeenCalled()
    expect(events.at(-1)).toBe('lost a')
  })

  test('who comes after the dead is told, over the cohort too', async () => {
    port.leftByTheDead = true
    const hold = locks.mutex('a', { fair }).acquireSync()
    expect(hold.abandoned).toBe(true)
    hold.release()
  })

  test('a far hold that lingers is not in our own way', async () => {
    const mutex = locks.mutex('a', { fair })
    for (let round = 0; round < 20; round++) await mutex.run(() => {})
    mutex.acquireSync({ timeout: 0 }).release()
    await clock.settle()
  })

  test('a far hold of another name does not linger while the thread is blocked', async () => {
    const mutex = locks.mutex('b', { fair })
    for (let round = 0; round < 20; round++) await mutex.run(() => {})
    const hold = locks.mutex('a', { fair }).acquireSync()
    const { held } = await port.others.query()
    expect(held.map(({ name }) => name)).toEqual(['a'])
    hold.release()
  })

  test('a task that holds it gets ReentrancyError instead of a block for ever', () => {
    const task = locks.task('t')
    const hold = task.mutex('a', { fair }).acquireSync()
    expect(() => task.mutex('a', { fair }).acquireSync()).toThrow(ReentrancyError)
    hold.mutex('b', { fair }).acquireSync().release()
    hold.release()
  })

  test('a key of a keyed mutex', () => {
    const users = locks.keyedMutex('user', { fair })
    const hold = users.acquireSync(7)
    expect(hold.name).toBe('user:7')
    expect(users.runSync(8, ({ name }) => name)).toBe('user:8')
    hold.release()
  })

  describe.each(['phase-fair', 'fifo'] as const)('RW lock, %s', (policy) => {
    test('readers share, a writer is alone', () => {
      const lock = locks.rwLock('a', { fair, policy })
      const readers = [lock.acquireReadSync(), lock.acquireReadSync()]
      expect(() => lock.acquireWriteSync({ timeout: 5 })).toThrow(TimeoutError)
      for (const reader of readers) reader.release()
      expect(lock.writeSync(({ mode }) => mode)).toBe('exclusive')
      expect(lock.readSync(({ mode }) => mode)).toBe('shared')
      expect(port.snapshot()).toEqual({ held: [], pending: [] })
    })

    test('one timeout bounds both parts of a write', async () => {
      const lock = locks.rwLock('a', { fair, policy })
      const writer = await other.rwLock('a', { policy }).acquireWrite()
      clock.after(6, () => writer.release())
      const reader = lock.acquireReadSync({ timeout: 10 })
      const since = clock.now()
      expect(() => lock.acquireWriteSync({ timeout: 10 })).toThrow(TimeoutError)
      expect(clock.now() - since).toBe(10)
      reader.release()
      expect(port.snapshot()).toEqual({ held: [], pending: [] })
    })
  })
})

test.each([-1, Number.NaN, '5', null])(
  'a timeout of %s is refused before anything is asked',
  (timeout) => {
    const mutex = createLocks({ reach: 'realm' }).mutex('blocking arguments')
    const options = { timeout } as { timeout: number }
    expect(() => mutex.acquireSync(options)).toThrow(/^timeout must be/)
    expect(() => mutex.runSync(() => {}, options)).toThrow(/^timeout must be/)
  },
)

test('where nothing can block, the error says what can', () => {
  const mutex = createLocks({ reach: 'realm' }).mutex('a')
  expect(() => mutex.acquireSync()).toThrow(UnsupportedError)
  expect(() => mutex.runSync(() => {})).toThrow(
    /^"a" cannot be waited for by blocking at reach "realm": use createLocks\(\{ reach: 'cluster', memory \}\)/,
  )
})
