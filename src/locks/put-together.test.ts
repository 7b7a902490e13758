/** Locks that are put together from a carrier: what they promise without `createLocks`. */

import { afterEach, describe, expect, test, vi } from 'vitest'
import { Carrier } from './carrier'
import {
  LockLostError,
  NotHeldError,
  ReentrancyError,
  TimeoutError,
  UnsupportedError,
} from './errors'
import type { PlainHold } from './hold'
import { keyedMutex } from './keyed-mutex'
import { mutex } from './mutex'
import { rwLock } from './rw-lock'
import { Probe } from './testing/probe'
import { testLocks } from './testing/test-locks'
import { testPorts } from './testing/test-ports'
import { webLocks } from './web-locks'

describe.each(Object.keys(testPorts))('%s', (port) => {
  function setUp() {
    const { locks, far, clock } = testLocks(port)
    return { locks, far, clock, carrier: new Carrier(() => locks.space.ports, clock) }
  }

  test('they exclude the locks that createLocks makes of the same name', async () => {
    const { locks, carrier, clock } = setUp()
    const hold = await mutex(carrier, 'a').acquire()
    await expect(locks.mutex('a').tryAcquire()).resolves.toBe(null)
    const next = locks.mutex('a').acquire()
    hold.release()
    await clock.settle()
    await expect(mutex(carrier, 'a').tryAcquire()).resolves.toBe(null)
    ;(await next).release()
  })

  test('the lock of a key is the mutex of its name', async () => {
    const { carrier } = setUp()
    const users = keyedMutex(carrier, 'user')
    const hold = await users.acquire('a:b')
    expect(hold.name).toBe('user:a%3ab')
    await expect(mutex(carrier, 'user:a%3ab').tryAcquire()).resolves.toBe(null)
    await expect(users.run('other', () => 'done')).resolves.toBe('done')
    hold.release()
  })

  test('a waiting writer holds back readers; its release lets all of them in', async () => {
    const { carrier, clock } = setUp()
    const lock = rwLock(carrier, 'a')
    const order: string[] = []
    const reader = await lock.acquireRead()
    const asked: Promise<PlainHold>[] = []
    for (const id of ['w1', 'r2', 'w3', 'r4']) {
      const hold = id.startsWith('w') ? lock.acquireWrite() : lock.acquireRead()
      hold.then(() => order.push(id))
      asked.push(hold)
      // A writer is behind the gate before the next one asks.
      await clock.settle()
    }
    expect(order).toEqual([])
    reader.release()
    ;(await asked[0])?.release()
    await clock.settle()
    expect(order).toEqual(['w1', 'r2', 'r4'])
    for (const each of [1, 3, 2]) (await asked[each])?.release()
    expect(order).toEqual(['w1', 'r2', 'r4', 'w3'])
  })

  test('a stolen lock is lost: its signal aborts, and run rejects when its callback is over', async () => {
    const { carrier, far, clock } = setUp()
    const work = mutex(carrier, 'a').run(async (hold) => {
      const lost = new Promise((resolve) => hold.signal.addEventListener('abort', resolve))
      new Probe(far, 'thief', { steal: true }).ask()
      await lost
      return hold.signal.reason
    })
    await expect(work).rejects.toBeInstanceOf(LockLostError)
    await clock.settle()
  })

  test('a callback that asks for its own lock is told at once', async () => {
    const { carrier } = setUp()
    const lock = mutex(carrier, 'a')
    const nested = lock.run(() => lock.run(() => {}))
    await expect(nested).rejects.toBeInstanceOf(ReentrancyError)
    await expect(nested).rejects.toThrow(
      'the task that holds "a" (exclusive) would wait for itself',
    )
    await expect(lock.run(() => 'free')).resolves.toBe('free')
  })

  test('a wait that times out leaves the queue', async () => {
    const { carrier, clock } = setUp()
    const hold = await mutex(carrier, 'a').acquire()
    const waiting = mutex(carrier, 'a').acquire({ timeout: 20 })
    waiting.catch(() => {})
    await clock.settle()
    clock.advance(20)
    await expect(waiting).rejects.toBeInstanceOf(TimeoutError)
    await expect(waiting).rejects.toThrow('timed out after 20 ms waiting for "a" (exclusive)')
    const next = mutex(carrier, 'a').acquire()
    hold.release()
    await clock.settle()
    ;(await next).release()
  })

  test('an aborted wait rejects with its reason, and lets others go on', async () => {
    const { carrier, clock } = setUp()
    const lock = rwLock(carrier, 'a')
    const reader = await lock.acquireRead()
    const controller = new AbortController()
    const writer = lock.acquireWrite({ signal: controller.signal })
    const behind = lock.acquireRead()
    controller.abort('enough')
    await expect(writer).rejects.toBe('enough')
    await clock.settle()
    ;(await behind).release()
    reader.release()
  })
})

test('whoever holds the lock is unknown to the error of a wait', async () => {
  const { locks, far, clock } = testLocks('cohort over web locks')
  const other = new Probe(far, 'other', {})
  other.ask()
  await clock.settle()
  const carrier = new Carrier(() => locks.space.ports, clock)
  const waiting = mutex(carrier, 'a').acquire({ timeout: 0 })
  await expect(waiting).rejects.toMatchObject({
    report: { holders: [], waiters: [], unknownHolders: 1, unknownWaiters: 0 },
  })
  other.end()
})

describe('a hold', () => {
  const { locks, clock } = testLocks()
  const carrier = new Carrier(() => locks.space.ports, clock)

  test('is released once, and may be disposed of again', async () => {
    const hold = await mutex(carrier, 'a').acquire()
    hold.release()
    hold[Symbol.dispose]()
    expect(() => hold.release()).toThrow(NotHeldError)
  })

  test('cannot be copied, nor can a lock', async () => {
    const hold = await mutex(carrier, 'a').acquire()
    const all = [hold, mutex(carrier, 'a'), keyedMutex(carrier, 'k'), rwLock(carrier, 'r')]
    for (const each of all) expect(() => structuredClone(each)).toThrow(/cannot be copied/)
    hold.release()
  })

  test('has no task: what is not put in is not on the type', async () => {
    const hold = await mutex(carrier, 'a').acquire()
    // @ts-expect-error: only holds of createLocks go on as a task
    expect(hold.mutex).toBeUndefined()
    // @ts-expect-error: and only its locks can be sent to others
    expect(mutex(carrier, 'a').descriptor).toBeUndefined()
    hold.release()
  })
})

test.each<[string, (carrier: Carrier) => unknown, RegExp]>([
  ['no name', (c) => mutex(c, ''), /^name must be a non-empty string, got ""/],
  ['a reserved name', (c) => keyedMutex(c, '-a'), /^name must not start with '-'/],
  ['a fairness', (c) => mutex(c, 'a', { fair: 'no' as never }), /^fair must be one of/],
  ['a policy', (c) => rwLock(c, 'a', { policy: 'no' as never }), /^policy must be one of/],
])('bad arguments are refused before anything is asked: %s', (_what, make, message) => {
  const open = vi.fn()
  expect(() => make(new Carrier(open))).toThrow(message)
  expect(open).not.toHaveBeenCalled()
})

describe('webLocks', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test('is one for all locks of the agent, and touches nothing before the first acquisition', () => {
    expect(webLocks()).toBe(webLocks())
    expect(() => mutex(webLocks(), 'a')).not.toThrow()
  })

  test.each([
    ['a server process', {}],
    ['a page without Web Locks', { window: {}, navigator: {} }],
  ])('%s is refused when it asks', async (_where, globals) => {
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
    const asked = mutex(webLocks(), 'a').run(() => {})
    await expect(asked).rejects.toBeInstanceOf(UnsupportedError)
    await expect(asked).rejects.toThrow(/^webLocks\(\) needs Web Locks: https/)
  })
})
