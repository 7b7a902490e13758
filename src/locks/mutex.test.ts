/** The mutex, and what all locks have in common with it. */

import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Locks } from './create-locks'
import { LockLostError, ReentrancyError, TimeoutError } from './errors'
import type { Hold } from './hold'
import { createLockManager } from './lock-manager'
import { testLocks } from './testing/test-locks'
import { microtasks, type VirtualClock } from './testing/virtual-clock'

let locks: Locks
let clock: VirtualClock
let steal: (name: string) => Promise<unknown>

// What is loaded on demand: real time, which no virtual clock knows of.

beforeEach(() => {
  const made = testLocks()
  locks = made.locks
  clock = made.clock
  const manager = createLockManager({ port: made.port })
  steal = (name) => manager.request(name, { steal: true }, () => {})
})

/** Enough turns for what is loaded on demand, while virtual time stands still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await clock.settle()
}

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  let result: unknown = 'pending'
  promise.then(
    (value) => {
      result = value
    },
    (error) => {
      result = error
    },
  )
  await settle()
  return result
}

describe('misuse is refused before anything is queued', () => {
  const noop = () => {}
  const aborted = AbortSignal.abort('reason')

  test.each<[what: string, make: (locks: Locks) => unknown, Kind: unknown, message: RegExp]>([
    ['no name', (l) => l.mutex(undefined as never), TypeError, /^name .*got undefined/],
    ['a number', (l) => l.mutex(5 as never), TypeError, /^name .*got 5/],
    ['a symbol', (l) => l.mutex(Symbol('a') as never), TypeError, /^name .*got Symbol\(a\)/],
    ['an empty name', (l) => l.mutex(''), TypeError, /^name must be a non-empty string, got ""/],
    ['a leading dash', (l) => l.mutex('-a'), RangeError, /^name must not start with '-'.*got "-a"/],
    ['the reserved suffix', (l) => l.mutex('a!w'), RangeError, /^name .*'!w'.*got "a!w"/],
    ['a number for options', (l) => l.mutex('a', 5 as never), TypeError, /^options .*got 5/],
    ['null for options', (l) => l.mutex('a', null as never), TypeError, /^options .*got null/],
    ['unknown fairness', (l) => l.mutex('a', { fair: 'x' as never }), TypeError, /^fair .*got "x"/],
    ['a keyed mutex without a name', (l) => l.keyedMutex(''), TypeError, /^name/],
    ['an RW lock without a name', (l) => l.rwLock(''), TypeError, /^name/],
    ['a policy', (l) => l.rwLock('a', { policy: 'x' as never }), TypeError, /^policy .*got "x"/],
    [
      'a task’s name',
      (l) => l.task(5 as never),
      TypeError,
      /^name must be a string, or a task of other locks, got 5/,
    ],
    [
      'a task that is none',
      (l) => l.task({ id: 'x', name: 'x' } as never),
      TypeError,
      /^name must be a string, or a task of other locks, got an object/,
    ],
    [
      'a listener',
      (l) => l.subscribe(5 as never),
      TypeError,
      /^listener must be a function, got 5/,
    ],
  ])('%s', (_what, make, Kind, message) => {
    expect(() => make(locks)).toThrow(Kind as typeof Error)
    expect(() => make(locks)).toThrow(message)
  })

  test.each<
    [what: string, ask: (locks: Locks) => Promise<unknown>, Kind: unknown, message: RegExp]
  >([
    [
      'no callback',
      (l) => l.mutex('a').run(undefined as never),
      TypeError,
      /^callback .*got undefined/,
    ],
    [
      'a callback that is none',
      (l) => l.mutex('a').run({} as never),
      TypeError,
      /^callback .*an object/,
    ],
    [
      'a negative timeout',
      (l) => l.mutex('a').acquire({ timeout: -1 }),
      RangeError,
      /^timeout .*got -1/,
    ],
    ['NaN', (l) => l.mutex('a').acquire({ timeout: Number.NaN }), RangeError, /^timeout .*got NaN/],
    [
      'a string for it',
      (l) => l.mutex('a').acquire({ timeout: '5' as never }),
      TypeError,
      /^timeout .*got "5"/,
    ],
    [
      'null for it',
      (l) => l.mutex('a').acquire({ timeout: null as never }),
      TypeError,
      /^timeout .*got null/,
    ],
    [
      'a signal',
      (l) => l.mutex('a').acquire({ signal: {} as never }),
      TypeError,
      /^signal .*an object/,
    ],
    [
      'a null signal',
      (l) => l.mutex('a').acquire({ signal: null as never }),
      TypeError,
      /^signal .*null/,
    ],
    [
      'a controller',
      (l) => l.mutex('a').run(noop, { signal: new AbortController() as never }),
      TypeError,
      /^signal/,
    ],
    [
      'reentrant',
      (l) => l.mutex('a').acquire({ reentrant: 'x' as never }),
      TypeError,
      /^reentrant .*"x"/,
    ],
    [
      'null for options',
      (l) => l.mutex('a').acquire(null as never),
      TypeError,
      /^options .*got null/,
    ],
    [
      'a number for options',
      (l) => l.mutex('a').run(noop, 5 as never),
      TypeError,
      /^options .*got 5/,
    ],
    ['a key', (l) => l.keyedMutex('k').acquire({} as never), TypeError, /^key part 1 .*an object/],
    [
      'a key that is NaN',
      (l) => l.keyedMutex('k').run(Number.NaN, noop),
      TypeError,
      /^key part 1 .*NaN/,
    ],
    ['a key’s callback', (l) => l.keyedMutex('k').run('x', 5 as never), TypeError, /^callback/],
  ])('%s', async (_what, ask, Kind, message) => {
    const asked = vi.fn()
    locks.subscribe(asked)
    // Never thrown, always rejected.
    const answer = ask(locks)
    await expect(answer).rejects.toThrow(Kind as typeof Error)
    await expect(answer).rejects.toThrow(message)
    expect(asked).not.toHaveBeenCalled()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test('an aborted signal', async () => {
    await expect(locks.mutex('a').run(noop, { signal: aborted })).rejects.toBe('reason')
    await expect(locks.mutex('a').acquire({ signal: aborted, timeout: 0 })).rejects.toBe('reason')
  })

  test.each<[first: (l: Locks) => unknown, second: (l: Locks) => unknown]>([
    [(l) => l.mutex('a'), (l) => l.rwLock('a')],
    [(l) => l.mutex('a'), (l) => l.keyedMutex('a')],
    [(l) => l.rwLock('a'), (l) => l.mutex('a')],
    [(l) => l.rwLock('a'), (l) => l.rwLock('a', { policy: 'fifo' })],
    [(l) => l.keyedMutex('a'), (l) => l.rwLock('a')],
  ])('one name for two kinds of lock: %s, %s', (first, second) => {
    first(locks)
    expect(() => first(locks)).not.toThrow()
    expect(() => second(locks)).toThrow(/^name "a" is in use for a .*, not for a /)
  })
})

describe('run', () => {
  test('answers what the callback answers, and calls it asynchronously', async () => {
    const callback = vi.fn(() => 5)
    const done = locks.mutex('a').run(callback)
    expect(callback).not.toHaveBeenCalled()
    await expect(done).resolves.toBe(5)
    await expect(locks.mutex('a').run(async () => 6)).resolves.toBe(6)
  })

  const error = new Error('mine')
  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw error
      },
    ],
    [
      'rejects',
      async () => {
        throw error
      },
    ],
    ['rejects with undefined', () => Promise.reject(undefined)],
  ])('a callback that %s releases and rethrows', async (_how, callback) => {
    const thrown = await locks
      .mutex('a')
      .run(callback)
      .then(
        () => 'nothing',
        (reason) => reason,
      )
    expect([error, undefined]).toContain(thrown)
    expect(locks.stats().holds).toBe(0)
    await locks.mutex('a').run(() => {})
  })

  test('a hold released early stays released', async () => {
    await locks.mutex('a').run((hold) => hold.release())
    expect(locks.stats().holds).toBe(0)
  })

  test('rejects with LockLostError when the callback has settled', async () => {
    let finish = (_value: string) => {}
    let inside: Hold | undefined
    const done = locks.mutex('a').run((hold) => {
      inside = hold
      return new Promise<string>((resolve) => {
        finish = resolve
      })
    })
    await settle()
    await steal('a')
    expect(inside?.signal.reason).toBeInstanceOf(LockLostError)
    expect(await outcome(done)).toBe('pending')
    finish('too late')
    const lost = await outcome(done)
    expect(lost).toBeInstanceOf(LockLostError)
    expect(lost).toMatchObject({ code: 'lock-lost', message: expect.stringContaining('"a"') })
  })

  test('says what the callback threw on losing it', async () => {
    const done = locks.mutex('a').run(async () => {
      await steal('a')
      throw error
    })
    await expect(done).rejects.toBeInstanceOf(LockLostError)
    await expect(done).rejects.toHaveProperty('cause', error)
  })

  test('the loss is not its own cause', async () => {
    const done = locks.mutex('a').run(async (hold) => {
      await steal('a')
      hold.signal.throwIfAborted()
    })
    await expect(done).rejects.toBeInstanceOf(LockLostError)
    await expect(done).rejects.not.toHaveProperty('cause')
  })

  test.each(['run', 'acquire'] as const)(
    'a lock that is lost between its grant and %s’s answer is lost, not timed out',
    async (method) => {
      const callback = vi.fn()
      const holder = await locks.mutex('a').acquire()
      const mutex = locks.mutex('a')
      const done = method === 'run' ? mutex.run(callback) : mutex.acquire()
      holder.release()
      const stolen = steal('a')
      expect(await outcome(done)).toBeInstanceOf(LockLostError)
      await stolen
      expect(callback).not.toHaveBeenCalled()
    },
  )
})

describe('waits', () => {
  test('an abort while waiting rejects with the reason, and the place is free at once', async () => {
    const holder = await locks.mutex('a').acquire()
    const controller = new AbortController()
    const waiting = locks.mutex('a').acquire({ signal: controller.signal })
    const behind = locks.mutex('a').acquire()
    controller.abort('enough')
    expect(locks.stats()).toEqual({ holds: 1, waits: 1, names: 1 })
    await expect(waiting).rejects.toBe('enough')
    holder.release()
    ;(await behind).release()
  })

  test('without a reason of its own it is the AbortError', async () => {
    const holder = await locks.mutex('a').acquire()
    const controller = new AbortController()
    const waiting = locks.mutex('a').acquire({ signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    holder.release()
  })

  test('an abort after the grant changes nothing', async () => {
    const controller = new AbortController()
    const hold = await locks.mutex('a').acquire({ signal: controller.signal })
    controller.abort()
    expect(locks.stats().holds).toBe(1)
    expect(hold.signal.aborted).toBe(false)
    hold.release()
  })

  test('an abort in the turn of the grant comes too late', async () => {
    const holder = await locks.mutex('a').acquire()
    const controller = new AbortController()
    const waiting = locks.mutex('a').acquire({ signal: controller.signal })
    holder.release()
    controller.abort()
    ;(await waiting).release()
  })

  test('whoever hears of a request may abort it', async () => {
    const holder = await locks.mutex('a').acquire()
    const controller = new AbortController()
    const stop = locks.subscribe(({ type }) => {
      if (type === 'request') controller.abort('heard')
    })
    await expect(locks.mutex('a').acquire({ signal: controller.signal })).rejects.toBe('heard')
    stop()
    holder.release()
  })

  test('neither listeners nor timers are left behind', async () => {
    const { signal } = new AbortController()
    const add = vi.spyOn(signal, 'addEventListener')
    const remove = vi.spyOn(signal, 'removeEventListener')
    const holder = await locks.mutex('a').acquire({ signal, timeout: 1000 })
    const waiting = locks.mutex('a').acquire({ signal, timeout: 1000 })
    expect(clock.timers).toBe(1)
    holder.release()
    ;(await waiting).release()
    expect(clock.timers).toBe(0)
    expect(add.mock.calls.map(([, listener]) => listener)).toEqual(
      remove.mock.calls.map(([, listener]) => listener),
    )
  })

  test.each([
    ['Infinity', Number.POSITIVE_INFINITY],
    ['undefined', undefined],
  ])('a timeout of %s waits for ever', async (_what, timeout) => {
    const holder = await locks.mutex('a').acquire()
    const waiting = locks.mutex('a').acquire({ timeout })
    clock.advance(2 ** 40)
    holder.release()
    ;(await waiting).release()
  })

  test.each([0, -0])('a timeout of %s does not wait', async (timeout) => {
    ;(await locks.mutex('a').acquire({ timeout })).release()
    const holder = await locks.mutex('a').acquire()
    const error = await outcome(locks.mutex('a').acquire({ timeout }))
    expect(error).toBeInstanceOf(TimeoutError)
    expect(await outcome(locks.mutex('a').run(() => {}, { timeout }))).toBeInstanceOf(TimeoutError)
    holder.release()
  })

  test('a timeout is for the wait, not for the hold', async () => {
    const hold = await locks.mutex('a').acquire({ timeout: 5 })
    clock.advance(1000)
    expect(hold.signal.aborted).toBe(false)
    hold.release()
  })

  test('its error says who held the lock, how, for how long, and who else waited', async () => {
    const holder = await locks.task('checkout').mutex('cart').acquire()
    const [first] = [locks.task('sync').mutex('cart').acquire()]
    clock.advance(30)
    const asked = locks.mutex('cart').acquire({ timeout: 50 })
    await settle()
    clock.advance(50)
    const error = (await outcome(asked)) as TimeoutError
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({ name: 'TimeoutError', code: 'timeout' })
    expect(error.report).toMatchObject({
      holders: [{ task: 'checkout', mode: 'exclusive', for: 80 }],
      waiters: [{ task: 'sync', mode: 'exclusive', for: 80 }],
      unknownHolders: 0,
      unknownWaiters: 0,
    })
    expect(error.message).toBe(
      'timed out after 50 ms waiting for "cart" (exclusive): held by task "checkout" in this agent (exclusive, for 80 ms); 1 more waiting',
    )
    holder.release()
    ;(await first)?.release()
    expect(clock.timers).toBe(0)
  })

  test('it blames nobody who only got in because it gave up', async () => {
    const lock = locks.rwLock('rw')
    const reader = await locks.task('reader').rwLock('rw').acquireRead()
    const writer = lock.acquireWrite({ timeout: 50 })
    const behind = locks.task('behind').rwLock('rw').acquireRead()
    await settle()
    clock.advance(50)
    const { report } = (await outcome(writer)) as TimeoutError
    expect(report.holders.map(({ task }) => task)).toEqual(['reader'])
    expect(report.waiters.map(({ task }) => task)).toEqual(['behind'])
    reader.release()
    ;(await behind).release()
  })
})

describe('tryAcquire', () => {
  test('takes a free lock, and answers null for a held one', async () => {
    const hold = await locks.mutex('a').tryAcquire()
    await expect(locks.mutex('a').tryAcquire()).resolves.toBe(null)
    hold?.release()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test('answers null also to the task that holds it', async () => {
    const task = locks.task()
    const hold = await task.mutex('a').acquire()
    await expect(task.mutex('a').tryAcquire()).resolves.toBe(null)
    hold.release()
  })
})

describe('tasks', () => {
  test('a task that asks for what it holds is told at once', async () => {
    const task = locks.task('checkout')
    const hold = await task.mutex('a').acquire()
    const again = task.mutex('a').acquire()
    await expect(again).rejects.toBeInstanceOf(ReentrancyError)
    await expect(again).rejects.toThrow(/^task "checkout" already holds "a" \(exclusive\)/)
    await expect(again).rejects.toMatchObject({ code: 'reentrancy' })
    hold.release()
    ;(await task.mutex('a').acquire()).release()
  })

  test('unless it says that somebody else will release it', async () => {
    const task = locks.task()
    const hold = await task.mutex('a').acquire()
    const again = task.mutex('a').acquire({ reentrant: 'wait' })
    hold.release()
    ;(await again).release()
  })

  test('a callback that asks for its own lock at once is told', async () => {
    const nested = locks.mutex('a').run(() => locks.mutex('a').run(() => {}))
    await expect(nested).rejects.toBeInstanceOf(ReentrancyError)
    expect(locks.stats().holds).toBe(0)
  })

  test('through its hold also later', async () => {
    const nested = locks.mutex('a').run(async (hold) => {
      await microtasks()
      await hold.mutex('a').run(() => {})
    })
    await expect(nested).rejects.toBeInstanceOf(ReentrancyError)
  })

  test('other locks are no re-entrance, and belong to the same task', async () => {
    await locks.mutex('a').run(async (outer) => {
      await outer.mutex('b').run((inner) => expect(inner.task).toBe(outer.task))
    })
  })

  test('the ambient task ends with the synchronous beginning', async () => {
    let after: Promise<Hold> | undefined
    await locks.mutex('a').run(async (outer) => {
      await microtasks()
      const ambient = await locks.mutex('b').acquire()
      expect(ambient.task).not.toBe(outer.task)
      ambient.release()
    })
    await locks.mutex('a').run((outer) => {
      after = locks.mutex('b').acquire()
      return after.then((hold) => expect(hold.task).toBe(outer.task))
    })
    ;(await after)?.release()
  })

  test('a callback that throws leaves no ambient task', async () => {
    await locks
      .mutex('a')
      .run(() => {
        throw new Error('mine')
      })
      .catch(() => {})
    const hold = await locks.mutex('a').acquire()
    const waiting = locks.mutex('a').acquire()
    expect(locks.stats().waits).toBe(1)
    hold.release()
    ;(await waiting).release()
  })

  test('ids are unique, names need not be', () => {
    const [a, b, c] = [locks.task('x'), locks.task('x'), locks.task()]
    expect(new Set([a.id, b.id, c.id]).size).toBe(3)
    expect([a.name, b.name, c.name]).toEqual(['x', 'x', c.id])
  })
})
