import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Locks } from './create-locks'
import { key } from './key'
import type { MemoryPort } from './ports/memory'
import { pauseAfter, type RetrySettings } from './retry'
import { testLocks } from './testing/test-locks'
import { microtasks, type VirtualClock } from './testing/virtual-clock'

let locks: Locks
let clock: VirtualClock
let port: MemoryPort

beforeEach(() => {
  const made = testLocks()
  locks = made.locks
  clock = made.clock
  port = made.port as MemoryPort
})

test('different keys do not wait for each other, the same key does', async () => {
  const users = locks.keyedMutex('user')
  const [a, b] = await Promise.all([users.acquire('a'), users.acquire('b')])
  await expect(users.tryAcquire('a')).resolves.toBe(null)
  a.release()
  b.release()
})

test('the lock of a key is the mutex of its name', async () => {
  const hold = await locks.keyedMutex('user').acquire('a:b')
  expect(hold.name).toBe('user:a%3ab')
  await expect(locks.mutex(key`user:${'a:b'}`).tryAcquire()).resolves.toBe(null)
  hold.release()
})

test.each([
  ['1', 1],
  ['true', true],
  ['5', 5n],
])('%j and %s are one key', async (text, other) => {
  const users = locks.keyedMutex('user')
  const hold = await users.acquire(text)
  await expect(users.tryAcquire(other)).resolves.toBe(null)
  hold.release()
})

test.each(['', '-', '!w', 'constructor', 'a:b', '💡'])('any key will do: %j', async (any) => {
  await expect(locks.keyedMutex('user').run(any, () => 'done')).resolves.toBe('done')
})

test('nothing is kept for idle keys', async () => {
  const users = locks.keyedMutex('user')
  const holds = await Promise.all(Array.from({ length: 500 }, (_, user) => users.acquire(user)))
  expect(locks.stats()).toEqual({ holds: 500, waits: 0, names: 500 })
  expect(port.queues.size).toBe(500)
  for (const hold of holds) hold.release()
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  expect(port.queues.size).toBe(0)
  expect(Object.values(users)).not.toContain(expect.any(Map))
})

test('nothing is kept for idle keys of a cohort either', async () => {
  const made = testLocks('cohort over web locks')
  const users = made.locks.keyedMutex('user')
  await Promise.all(Array.from({ length: 50 }, (_, user) => users.run(user, () => {})))
  await made.clock.settle()
  expect(made.locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  expect([...made.far.live()]).toEqual([])
})

describe('retryAcquire', () => {
  /** Lets a hundred pauses pass: each in turns of the event loop, then in time. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed++) {
      await clock.settle()
      clock.advance(1)
    }
    await clock.settle()
  }

  test('takes a free lock at once', async () => {
    const hold = await locks.keyedMutex('user').retryAcquire('a')
    hold?.release()
    expect(clock.timers).toBe(0)
  })

  test('takes a lock that comes free meanwhile, without queueing for it', async () => {
    const users = locks.keyedMutex('user')
    const holder = await users.acquire('a')
    const retried = users.retryAcquire('a')
    await pass(50)
    expect(locks.stats().waits).toBe(0)
    holder.release()
    await pass(200)
    ;(await retried)?.release()
    expect(clock.timers).toBe(0)
  })

  test('tries as often as it was told, pauses after each, then gives up', async () => {
    const users = locks.keyedMutex('user')
    const holder = await users.acquire('a')
    const tries = vi.fn()
    locks.subscribe(({ type }) => type === 'refuse' && tries())
    const started = clock.now()
    const settings = { attempts: 5, baseDelay: 10, factor: 2, maxDelay: 40, jitter: 0 }
    let ended = 0
    const retried = users.retryAcquire('a', settings).finally(() => {
      ended = clock.now()
    })
    await pass(200)
    await expect(retried).resolves.toBe(null)
    expect(tries).toHaveBeenCalledTimes(5)
    expect(ended - started).toBe(10 + 20 + 40 + 40 + 40)
    holder.release()
  })

  test('by default tries 200 times', async () => {
    const users = locks.keyedMutex('user')
    const holder = await users.acquire('a')
    const tries = vi.fn()
    locks.subscribe(({ type }) => type === 'refuse' && tries())
    const retried = users.retryAcquire('a')
    await pass(10_000)
    await expect(retried).resolves.toBe(null)
    expect(tries).toHaveBeenCalledTimes(200)
    holder.release()
  })

  test.each([
    ['while it pauses', 3],
    ['while it pauses for the last time', 12],
  ])('rejects with the reason %s, at once', async (_when, at) => {
    const users = locks.keyedMutex('user')
    const holder = await users.acquire('a')
    const controller = new AbortController()
    const settings = { attempts: 2, baseDelay: 10, jitter: 0, signal: controller.signal }
    const retried = users.retryAcquire('a', settings)
    await pass(at)
    controller.abort('enough')
    await expect(retried).rejects.toBe('enough')
    expect(clock.timers).toBe(0)
    holder.release()
  })

  test('gives back what it gets in the turn of the abort', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const stop = locks.subscribe(({ type }) => type === 'grant' && controller.abort('enough'))
    await expect(locks.keyedMutex('u').retryAcquire('a', { signal })).rejects.toBe('enough')
    stop()
    expect(locks.stats().holds).toBe(0)
  })

  test.each<[RetrySettings, RegExp]>([
    [{ attempts: 0 }, /^attempts must be between 1 and/],
    [{ attempts: Number.NaN }, /^attempts .*NaN/],
    [{ attempts: Number.POSITIVE_INFINITY }, /^attempts .*Infinity/],
    [{ attempts: '5' as never }, /^attempts must be a number, got "5"/],
    [{ baseDelay: -1 }, /^baseDelay .*-1/],
    [{ maxDelay: Number.POSITIVE_INFINITY }, /^maxDelay .*Infinity/],
    [{ factor: 0.5 }, /^factor .*0.5/],
    [{ jitter: 1.5 }, /^jitter .*1.5/],
    [{ signal: {} as never }, /^signal must be an AbortSignal, got an object/],
    [5 as never, /^options must be an object, got 5/],
  ])('refuses %j', async (settings, message) => {
    await expect(locks.keyedMutex('u').retryAcquire('a', settings)).rejects.toThrow(message)
    await microtasks()
    expect(locks.stats().holds).toBe(0)
  })

  test.each<[attempt: number, random: number, ms: number]>([
    [0, 0.99, 1e-5],
    [1, 0.5, 1.1e-5],
    [100, 0.5, 1e-5 * 1.1 ** 100],
    [150, 0.5, 1e-5 * 1.1 ** 150],
    [150, 0, 1e-5 * 1.1 ** 150 * 0.8],
    [199, 0.5, 100],
    [300, 0.5, 100],
    [300, 0, 80],
  ])('the pause after attempt %d, at %d of chance, is mapmutex’s: %d ms', (attempt, random, ms) => {
    const defaults = { baseDelay: 1e-5, maxDelay: 100, factor: 1.1, jitter: 0.2 }
    expect(pauseAfter(attempt, defaults, random)).toBeCloseTo(ms, 9)
  })

  test.each([0, 1, 5000])('no pause at all stays none: after attempt %d', (attempt) => {
    const none = { baseDelay: 0, maxDelay: 100, factor: 2, jitter: 0.2 }
    expect(pauseAfter(attempt, none, 0.5)).toBe(0)
  })
})
