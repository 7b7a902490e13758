/** Locks asked for against their order are told the first time, though nothing hangs. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Locks } from '../create-locks'
import { LockOrderError } from '../errors'
import type { LockEvent } from '../events'
import type { Task } from '../hold'
import { extend } from '../testing/test-agents'
import { testLocks } from '../testing/test-locks'
import { checkOrder } from './check-order'
import { classOf, mostClasses, OrderGraph } from './order-graph'

let locks: Locks
let warn: ReturnType<typeof vi.spyOn>
let violations: LockEvent[]

beforeEach(() => {
  ;({ locks } = testLocks())
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  violations = []
  locks.subscribe((event) => {
    if (event.type === 'order-violation') violations.push(event)
  })
})
afterEach(() => vi.restoreAllMocks())

/** One task takes these one inside the other, and releases them. */
async function nest(task: Task, ...names: readonly string[]): Promise<void> {
  const [first, ...rest] = names
  if (first !== undefined) await task.mutex(first).run(() => nest(task, ...rest))
}

describe('throw', () => {
  beforeEach(() => extend(locks, { order: checkOrder('throw') }))

  test('an order that was seen before must not be inverted', async () => {
    await nest(locks.task('one'), 'a', 'b')
    const inverted = nest(locks.task('other'), 'b', 'a')
    await expect(inverted).rejects.toBeInstanceOf(LockOrderError)
    await expect(inverted).rejects.toThrow(
      'lock order: task "other" asks for "a" while it holds "b", but before, task "one" asked for "b" while it held "a"',
    )
    await expect(inverted).rejects.toMatchObject({ code: 'lock-order' })
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    // Every time, and told once.
    await expect(nest(locks.task(), 'b', 'a')).rejects.toBeInstanceOf(LockOrderError)
    expect(violations).toMatchObject([{ task: 'other', lock: 'a', against: 'b' }])
    expect(warn).not.toHaveBeenCalled()
    await nest(locks.task(), 'a', 'b')
  })

  test('also through others in between', async () => {
    await nest(locks.task('one'), 'a', 'b')
    await nest(locks.task('two'), 'b', 'c')
    await expect(nest(locks.task('three'), 'c', 'a')).rejects.toThrow(
      /but before, task "one" asked for "b" while it held "a", and task "two" asked for "c" while it held "b"$/,
    )
  })

  test('keys are of one class: their order is that of the class', async () => {
    await locks
      .task('one')
      .keyedMutex('user')
      .run(1, (hold) => hold.mutex('log').run(() => {}))
    const inverted = locks
      .task('other')
      .mutex('log')
      .run((hold) => hold.keyedMutex('user').run(2, () => {}))
    await expect(inverted).rejects.toThrow(
      'asks for "user:2" while it holds "log", but before, task "one" asked for "log" while it held "user"',
    )
  })

  test('two of one class have no order, unless all() takes them', async () => {
    const task = locks.task('t')
    const two = task.keyedMutex('user').run(1, () => task.keyedMutex('user').run(2, () => {}))
    await expect(two).rejects.toThrow(
      'asks for "user:2" while it holds "user:1", which has no order among its own locks',
    )
    await expect(task.all(['user:2', 'user:1'], () => 'both')).resolves.toBe('both')
  })

  test('all() of other locks goes by its own order, and agrees with itself', async () => {
    // By whole names "a b" lies between "a" and "a:1".
    await locks.all(['a', 'a b'], () => {})
    await locks.all(['a:1', 'a b:1'], () => {})
    await expect(nest(locks.task(), 'a b', 'a')).rejects.toBeInstanceOf(LockOrderError)
  })

  test('a try waits for nobody; what it holds counts', async () => {
    await nest(locks.task(), 'a', 'b')
    const task = locks.task()
    const b = await task.mutex('b').tryAcquire()
    const a = await task.mutex('a').tryAcquire()
    expect(a).not.toBe(null)
    a?.release()
    await expect(task.mutex('a').acquire()).rejects.toBeInstanceOf(LockOrderError)
    b?.release()
  })

  test('the same lock again is re-entrance and no matter of order; so is a downgrade', async () => {
    const task = locks.task()
    const hold = await task.mutex('a').acquire()
    const again = task.mutex('a').acquire({ reentrant: 'wait' })
    hold.release()
    ;(await again).release()
    const writer = await task.rwLock('rw').acquireWrite()
    ;(await writer.downgrade()).release()
    expect(violations).toEqual([])
  })

  test('anonymous tasks hold nothing else', async () => {
    await nest(locks.task(), 'a', 'b')
    const b = await locks.mutex('b').acquire()
    ;(await locks.mutex('a').acquire()).release()
    await expect(b.mutex('a').acquire()).rejects.toBeInstanceOf(LockOrderError)
    b.release()
  })

  test('both places are named where call sites are recorded', async () => {
    locks.space.callSites = true
    await nest(locks.task(), 'a', 'b')
    await expect(nest(locks.task(), 'b', 'a')).rejects.toThrow(
      /asks for "a" \(at .*nest.*\) while it holds "b" \(at .*nest.*\), but before, task ".*" asked for "b" \(at .*nest.*\) while it held "a" \(at .*nest.*\)$/,
    )
  })
})

test('warn: it goes on, and each pair is told of once', async () => {
  extend(locks, { order: checkOrder('warn') })
  await nest(locks.task(), 'a', 'b')
  for (let i = 0; i < 3; i++) await nest(locks.task('other'), 'b', 'a')
  expect(violations).toHaveLength(1)
  expect(warn.mock.calls).toEqual([
    [expect.stringMatching(/^lock order: task "other" asks for "a"/)],
  ])
})

describe('a declared order', () => {
  test('holds from the start, and only for its classes', async () => {
    extend(locks, { order: checkOrder(['account', 'audit']) })
    await nest(locks.task(), 'x', 'audit', 'y')
    await nest(locks.task(), 'y', 'x')
    await expect(nest(locks.task('t'), 'audit', 'account:1')).rejects.toThrow(
      'task "t" asks for "account:1" while it holds "audit", but "account" is declared to come before "audit"',
    )
    await nest(locks.task(), 'account:1', 'audit')
  })

  test('may only be warned of', async () => {
    extend(locks, { order: checkOrder(['a', 'b'], { onViolation: 'warn' }) })
    await nest(locks.task(), 'b', 'a')
    expect(violations).toHaveLength(1)
    expect(warn).toHaveBeenCalledTimes(1)
  })
})

test('the graph is bounded: what comes later is not learned', () => {
  const graph = new OrderGraph()
  const evidence = () => ({ task: 't', heldSite: undefined, askedSite: undefined })
  for (let i = 0; i < mostClasses + 5; i++) graph.learn(`c${i}`, `c${i + 1}`, evidence)
  expect(graph.knows(`c${mostClasses - 2}`, `c${mostClasses - 1}`)).toBe(true)
  expect(graph.knows(`c${mostClasses - 1}`, `c${mostClasses}`)).toBe(false)
  expect(graph.way('c0', `c${mostClasses - 1}`)).toHaveLength(mostClasses - 1)
  expect(graph.way(`c${mostClasses - 1}`, 'c0')).toBe(undefined)
})

test.each([
  ['user:7', 'user'],
  ['user', 'user'],
  [':7', ''],
])('the class of %j is %j', (name, lockClass) => {
  expect(classOf(name)).toBe(lockClass)
})

test.each([
  [() => checkOrder('panic' as never), /^order must be one of "warn", "throw", got "panic"/],
  [() => checkOrder(null as never), /^order must be 'warn', 'throw' or an array.* got null/],
  [() => checkOrder(['a', '']), /^order\[1\] must be a lock class.* got ""/],
  [() => checkOrder(['a:b']), /^order\[0\] must be a lock class.* got "a:b"/],
  [() => checkOrder(['a', 'b', 'a']), /^order\[2\] must not be named twice, got "a"/],
  [() => checkOrder(Array(1001).fill('a')), /^order must have at most 1000 classes, got 1001/],
  [
    () => checkOrder('warn', { onViolation: 'x' as never }),
    /^onViolation must be one of.* got "x"/,
  ],
  [() => checkOrder('warn', 5 as never), /^options must be an object, got 5/],
])('bad arguments are named: %s', (call, message) => {
  expect(call).toThrow(message)
})
