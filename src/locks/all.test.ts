import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Locks } from './create-locks'
import { LockLostError, LockOrderError, ReentrancyError, TimeoutError } from './errors'
import { createLockManager } from './lock-manager'
import { testLocks } from './testing/test-locks'
import { microtasks, type VirtualClock } from './testing/virtual-clock'

let locks: Locks
let clock: VirtualClock
let steal: (name: string) => Promise<unknown>

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

function nothingLeft(): void {
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
}

test('gives the holds as they were asked for, and answers what the callback does', async () => {
  const answer = await locks.all(['b', { name: 'c', mode: 'read' }, 'a'], (holds) =>
    holds.map(({ name, mode }) => `${name} ${mode}`),
  )
  expect(answer).toEqual(['b exclusive', 'c shared', 'a exclusive'])
  nothingLeft()
})

test('takes them by name, by code unit, and gives them back the other way round', async () => {
  const told: string[] = []
  locks.subscribe(({ type, lock }) => told.push(`${type} ${lock}`))
  await locks.all(['b', 'é', 'a', 'Z', 'a:1'], () => {})
  const of = (type: string) =>
    told.filter((line) => line.startsWith(type)).map((line) => line.slice(type.length + 1))
  expect(of('grant')).toEqual(['Z', 'a', 'a:1', 'b', 'é'])
  expect(of('release')).toEqual(['é', 'b', 'a:1', 'a', 'Z'])
})

test('those who ask in another order do not wait for each other in a circle', async () => {
  const order: number[] = []
  const transfer = (names: string[], id: number) =>
    locks.all(names, async () => {
      await microtasks()
      order.push(id)
    })
  await Promise.all([
    transfer(['a', 'b'], 1),
    transfer(['b', 'a'], 2),
    transfer(['b', 'c', 'a'], 3),
  ])
  expect(order).toEqual([1, 2, 3])
})

test('sides of RW locks, of either policy', async () => {
  const reader = await locks.rwLock('a').acquireRead()
  await locks.all(
    [
      { name: 'a', mode: 'read' },
      { name: 'b', mode: 'write', policy: 'fifo' },
    ],
    async () => {
      await expect(locks.rwLock('b', { policy: 'fifo' }).tryAcquireRead()).resolves.toBe(null)
    },
  )
  reader.release()
  nothingLeft()
})

describe('misuse is refused before anything is queued', () => {
  const noop = () => {}
  test.each<[what: string, given: unknown[], Kind: unknown, message: RegExp]>([
    ['no list', [undefined, noop], TypeError, /^locks must be a non-empty array, got undefined/],
    ['a name', ['a', noop], TypeError, /^locks must be a non-empty array, got "a"/],
    ['an empty list', [[], noop], TypeError, /^locks must be a non-empty array, got an array/],
    ['an empty name', [['a', ''], noop], TypeError, /^locks\[1\] must be a non-empty string/],
    ['a dash', [['-a'], noop], RangeError, /^locks\[0\] must not start with '-'/],
    ['a number', [['a', 5], noop], TypeError, /^locks\[1\] must be an object, got 5/],
    ['null', [[null], noop], TypeError, /^locks\[0\] must be an object, got null/],
    [
      'no mode',
      [[{ name: 'a' }], noop],
      TypeError,
      /^locks\[0\]\.mode must be one of .* undefined/,
    ],
    ['a mode', [[{ name: 'a', mode: 'x' }], noop], TypeError, /^locks\[0\]\.mode .* got "x"/],
    [
      'a name twice',
      [['a', 'b', 'a'], noop],
      TypeError,
      /^locks\[2\] must not be named twice.*"a"/,
    ],
    [
      'both sides of one lock',
      [
        [
          { name: 'a', mode: 'read' },
          { name: 'a', mode: 'write' },
        ],
        noop,
      ],
      TypeError,
      /twice/,
    ],
    [
      'a policy',
      [['a', { name: 'b', mode: 'read', policy: 'x' }], noop],
      TypeError,
      /^policy .*"x"/,
    ],
    [
      'another kind of lock',
      [['a', { name: 'in use', mode: 'read' }], noop],
      TypeError,
      /in use for a mutex/,
    ],
    ['no callback', [['a'], undefined], TypeError, /^callback must be a function, got undefined/],
    ['a timeout', [['a'], noop, { timeout: -1 }], RangeError, /^timeout .*got -1/],
    ['options', [['a'], noop, 5], TypeError, /^options must be an object, got 5/],
  ])('%s', async (_what, given, Kind, message) => {
    locks.mutex('in use')
    const asked = vi.fn()
    locks.subscribe(asked)
    const answer: Promise<unknown> = Reflect.apply(locks.all, locks, given)
    await expect(answer).rejects.toThrow(Kind as typeof Error)
    await expect(answer).rejects.toThrow(message)
    expect(asked).not.toHaveBeenCalled()
    nothingLeft()
  })

  test.each([
    ['fence', true],
    ['lease', { ttl: 500 }],
    ['maxHold', 5],
  ])('%s: there is none', async (term, value) => {
    const told: string[] = []
    locks.subscribe(({ type }) => told.push(type))
    const refused = locks.all(['a', 'b'], () => {}, { [term]: value } as object)
    await expect(refused).rejects.toThrow(TypeError)
    await expect(refused).rejects.toThrow(`${term} must not be asked for of all(), got `)
    expect(told).toEqual([])
  })

  test('an aborted signal', async () => {
    const signal = AbortSignal.abort('reason')
    await expect(locks.all(['a'], noop, { signal })).rejects.toBe('reason')
  })
})

describe('order', () => {
  test('the task may hold only what comes before', async () => {
    const task = locks.task('checkout')
    const held = await task.mutex('m').acquire()
    const ran = vi.fn()
    await task.all(['n', 'o'], ran)
    expect(ran).toHaveBeenCalled()
    const against = task.all(['z', 'a'], ran)
    await expect(against).rejects.toBeInstanceOf(LockOrderError)
    await expect(against).rejects.toThrow(/^task "checkout" holds "m" and asks for "a"/)
    await expect(against).rejects.toMatchObject({ code: 'lock-order' })
    await expect(task.all(['m'], ran)).rejects.toBeInstanceOf(ReentrancyError)
    await expect(task.all(['a', 'm'], ran)).rejects.toMatchObject({ code: 'reentrancy' })
    held.release()
    nothingLeft()
  })

  test('through a hold, too', async () => {
    await locks.mutex('m').run(async (hold) => {
      await microtasks()
      await expect(hold.all(['a'], () => {})).rejects.toBeInstanceOf(LockOrderError)
      await hold.all(['n'], ([inner]) => expect(inner?.task).toBe(hold.task))
    })
  })

  test('and in the synchronous beginning of a callback', async () => {
    await expect(locks.mutex('m').run(() => locks.all(['a'], () => {}))).rejects.toBeInstanceOf(
      LockOrderError,
    )
  })
})

test('its callback belongs to the task that holds them all', async () => {
  const nested = locks.all(['a', 'b'], () => locks.mutex('a').run(() => {}))
  await expect(nested).rejects.toBeInstanceOf(ReentrancyError)
  nothingLeft()
})

describe('giving up', () => {
  test('the timeout is for all together; what was taken is given back', async () => {
    const [a, b] = await Promise.all([locks.mutex('a').acquire(), locks.mutex('b').acquire()])
    const ran = vi.fn()
    const asked = locks.all(['a', 'b'], ran, { timeout: 50 })
    const failed = expect(asked).rejects.toBeInstanceOf(TimeoutError)
    await settle()
    clock.advance(30)
    a.release()
    await settle()
    expect(locks.stats()).toMatchObject({ holds: 2, waits: 1 })
    clock.advance(19)
    await settle()
    expect(locks.stats().waits).toBe(1)
    clock.advance(1)
    await failed
    expect(locks.stats()).toMatchObject({ holds: 1, waits: 0 })
    b.release()
    expect(ran).not.toHaveBeenCalled()
    expect(clock.timers).toBe(0)
    nothingLeft()
  })

  test('an abort gives back what was taken', async () => {
    const b = await locks.mutex('b').acquire()
    const controller = new AbortController()
    const asked = locks.all(['a', 'b'], () => {}, { signal: controller.signal })
    const failed = expect(asked).rejects.toBe('enough')
    await settle()
    controller.abort('enough')
    await failed
    b.release()
    nothingLeft()
  })
})

describe('callbacks that fail, and locks that get lost', () => {
  const error = new Error('mine')

  test('a callback that throws gives everything back', async () => {
    const fails = () => {
      throw error
    }
    await expect(locks.all(['a', 'b'], fails)).rejects.toBe(error)
    await expect(locks.all(['a', 'b'], async () => fails())).rejects.toBe(error)
    nothingLeft()
  })

  test('the loss of one rejects when the callback has settled, and says what it threw', async () => {
    await expect(locks.all(['a', 'b'], () => steal('b'))).rejects.toBeInstanceOf(LockLostError)
    const both = locks.all(['a', 'b'], async () => {
      await steal('a')
      throw error
    })
    await expect(both).rejects.toBeInstanceOf(LockLostError)
    await expect(both).rejects.toHaveProperty('cause', error)
    nothingLeft()
  })

  test('the callback does not begin when one was lost before', async () => {
    const b = await locks.mutex('b').acquire()
    const ran = vi.fn()
    const asked = locks.all(['a', 'b'], ran)
    const failed = expect(asked).rejects.toBeInstanceOf(LockLostError)
    await settle()
    await steal('a')
    b.release()
    await failed
    expect(ran).not.toHaveBeenCalled()
    nothingLeft()
  })

  test('holds that were released early stay released', async () => {
    await locks.all(['a', 'b'], ([a]) => a?.release())
    nothingLeft()
  })
})
