/** `maxHold`: the longest hold, counted from its grant. */

import { expect, test, vi } from 'vitest'
import type { Locks } from '../create-locks'
import { LockLostError, NotHeldError } from '../errors'
import type { Hold } from '../hold'
import type { AcquireOptions } from '../terms'
import { type TestLocks, testLocks } from '../testing/test-locks'
import { testPorts } from '../testing/test-ports'

vi.setConfig({ testTimeout: 60_000 })

type Acquire = (locks: Locks, options?: AcquireOptions) => Promise<Hold>

const ways: Readonly<Record<string, Acquire>> = {
  mutex: (locks, options) => locks.mutex('a').acquire(options),
  'keyed mutex': (locks, options) => locks.keyedMutex('k').acquire(1, options),
  reader: (locks, options) => locks.rwLock('r').acquireRead(options),
  writer: (locks, options) => locks.rwLock('r').acquireWrite(options),
  'writer, fifo': (locks, options) => locks.rwLock('f', { policy: 'fifo' }).acquireWrite(options),
}

const cases = Object.keys(testPorts).flatMap((port) =>
  Object.entries(ways).map(([way, acquire]) => ({ port, way, acquire })),
)

/** Whatever a mechanism needs time for takes none here. */
async function settled<T>({ clock }: TestLocks, promise: Promise<T>): Promise<T> {
  await clock.settle()
  return promise
}

test.each(cases)('$way over $port: lost, and given back, at the end', async ({ port, acquire }) => {
  const made = testLocks(port)
  const { locks, clock } = made
  const lost: unknown[] = []
  locks.subscribe((event) => event.type === 'lost' && lost.push(event.reason))
  const hold = await settled(made, acquire(locks, { maxHold: 1000 }))
  const { signal } = hold
  clock.advance(999)
  expect(signal.aborted).toBe(false)
  clock.advance(1)
  expect(signal.reason).toBeInstanceOf(LockLostError)
  expect(signal.reason.message).toMatch(/ was lost: it was held for longer than its maxHold/)
  expect(lost).toEqual(['overdue'])
  const next = await settled(made, acquire(locks))
  // The next holder's lock is not this one's to release.
  hold.release()
  hold.release()
  expect(next.signal.aborted).toBe(false)
  next.release()
  expect(() => next.release()).toThrow(NotHeldError)
  await clock.settle()
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
})

test.each(cases)('$way over $port: released earlier, no timer is left', async (each) => {
  const made = testLocks(each.port)
  const { locks, clock } = made
  const timers = clock.timers
  const hold = await settled(made, each.acquire(locks, { maxHold: 1000 }))
  const held = clock.timers
  hold.release()
  await clock.settle()
  expect(held).toBeGreaterThan(clock.timers)
  if (each.port === 'memory') expect(clock.timers).toBe(timers)
  clock.advance(2000)
  expect(hold.signal.aborted).toBe(false)
})

test('the time in the queue does not count', async () => {
  const { locks, clock } = testLocks()
  const mutex = locks.mutex('a')
  const first = await mutex.acquire()
  const second = mutex.acquire({ maxHold: 1000 })
  clock.advance(10_000)
  expect(clock.timers).toBe(0)
  first.release()
  const hold = await second
  clock.advance(999)
  expect(hold.signal.aborted).toBe(false)
  clock.advance(1)
  expect(hold.signal.aborted).toBe(true)
})

test('a wait that gives up sets no timer', async () => {
  const { locks, clock } = testLocks()
  const mutex = locks.mutex('a')
  const first = await mutex.acquire()
  const waiting = expect(mutex.acquire({ maxHold: 1000, timeout: 10 })).rejects.toThrow('10 ms')
  clock.advance(10)
  await waiting
  expect(clock.timers).toBe(0)
  first.release()
})

test('a run rejects when its callback has settled, and not before', async () => {
  const { locks, clock } = testLocks()
  const mutex = locks.mutex('a')
  let finish = (_value: string) => {}
  let settledAt: number | undefined
  const run = mutex.run(
    (hold) => {
      expect(hold.name).toBe('a')
      return new Promise<string>((resolve) => {
        finish = resolve
      })
    },
    { maxHold: 1000 },
  )
  run
    .catch(() => {})
    .finally(() => {
      settledAt = clock.now()
    })
  await clock.settle()
  clock.advance(1000)
  const next = await mutex.acquire()
  expect(settledAt).toBeUndefined()
  finish('late')
  await expect(run).rejects.toThrow(LockLostError)
  expect(next.signal.aborted).toBe(false)
  next.release()
})

test('a run that is done in time answers, and no timer is left', async () => {
  const { locks, clock } = testLocks()
  expect(await locks.mutex('a').run(() => 'in time', { maxHold: 1000 })).toBe('in time')
  expect(clock.timers).toBe(0)
})

test('a write hold that is turned into a read hold has ended', async () => {
  const { locks, clock } = testLocks()
  const writer = await locks.rwLock('r').acquireWrite({ maxHold: 1000 })
  const reader = await writer.downgrade()
  expect(clock.timers).toBe(0)
  clock.advance(5000)
  expect(reader.signal.aborted).toBe(false)
})

test.each([
  ['a string', '1' as never, TypeError, /^maxHold must be a number, got "1"/],
  ['null', null as never, TypeError, /^maxHold .*got null/],
  ['nothing', 0, RangeError, /^maxHold must be between 1 and .*got 0/],
  ['NaN', Number.NaN, RangeError, /^maxHold .*got NaN/],
  ['for ever', Number.POSITIVE_INFINITY, RangeError, /^maxHold .*got Infinity/],
])('%s is refused before anything changes', async (_what, maxHold, Kind, message) => {
  const { locks } = testLocks()
  for (const acquire of Object.values(ways)) {
    const failing = acquire(locks, { maxHold })
    await expect(failing).rejects.toThrow(Kind as typeof Error)
    await expect(failing).rejects.toThrow(message)
  }
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
})
