/** What a log says of locks. */

import { beforeEach, describe, expect, test } from 'vitest'
import { checkOrder, detectDeadlocks } from '../../locks/deadlock'
import { createLockManager } from '../../locks/lock-manager'
import { type TestLocks, testLocks } from '../../locks/testing/test-locks'
import type { LogFields, Logger } from './log-line'
import { type LogOptions, logTo } from './log-to'

let made: TestLocks
let lines: (readonly [level: string, message: string, fields: LogFields])[]
let stop: () => void

const logger: Logger = {
  debug: (message, fields) => lines.push(['debug', message, fields]),
  warn: (message, fields) => lines.push(['warn', message, fields]),
  error: (message, fields) => lines.push(['error', message, fields]),
}
const said = () => lines.map(([level, message]) => `${level}: ${message}`)

function listen(options?: LogOptions): void {
  made = testLocks()
  lines = []
  stop = logTo(made.locks, logger, options)
}

beforeEach(() => listen())

test('acquired and released, with how long it took', async () => {
  const { locks, clock } = made
  const hold = await locks.task('ann').mutex('cart').acquire()
  const waiting = locks.task('bob').mutex('cart').acquire()
  clock.advance(4)
  hold.release()
  ;(await waiting).release()
  expect(said()).toEqual([
    'debug: ann: acquired "cart" (exclusive) after 0 ms',
    'debug: ann: released "cart" (exclusive) after 4 ms',
    'debug: bob: acquired "cart" (exclusive) after 4 ms',
    'debug: bob: released "cart" (exclusive) after 0 ms',
  ])
  expect(lines[2]?.[2]).toEqual({
    ...{ event: 'grant', lock: 'cart', mode: 'exclusive', task: 'bob', wait: 4 },
    ...{ agent: expect.any(String), request: expect.any(String) },
  })
})

test('names forge no lines', async () => {
  await made.locks
    .task('ann\nerror: all is lost')
    .mutex('cart\n\u2028')
    .run(() => {})
  expect(said()[0]).toBe(
    'debug: ann\\u000aerror: all is lost: acquired "cart\\n\\u2028" (exclusive) after 0 ms',
  )
})

test('call sites are among the fields', async () => {
  made.locks.space.callSites = true
  await made.locks.mutex('cart').run(() => {})
  expect(lines[0]?.[2].site).toMatch(/log-to\.test\.ts:\d+:\d+/)
})

describe('a slow wait', () => {
  test('is told while it lasts, with who holds, and once more when it ends', async () => {
    listen({ slowWait: 100 })
    const { locks, clock } = made
    const hold = await locks.task('ann').mutex('cart').acquire()
    clock.advance(50)
    const waiting = locks.task('bob').mutex('cart').acquire()
    lines = []
    clock.advance(99)
    expect(said()).toEqual([])
    clock.advance(1)
    const slow =
      'warn: bob: still waits for "cart" (exclusive) after 100 ms: held by ann for 150 ms'
    expect(said()).toEqual([slow])
    expect(lines[0]?.[2]).toMatchObject({ event: 'slow-wait', wait: 100 })
    clock.advance(1000)
    expect(said()).toEqual([slow])
    hold.release()
    await waiting
    expect(said().at(-1)).toBe('warn: bob: acquired "cart" (exclusive) after 1100 ms')
  })

  test('each is told in its time, by one timer', async () => {
    listen({ slowWait: 100 })
    const { locks, clock } = made
    const hold = await locks.mutex('cart').acquire()
    locks.task('a').mutex('cart').acquire()
    clock.advance(60)
    locks.task('b').mutex('cart').acquire()
    expect(clock.timers).toBe(1)
    lines = []
    clock.advance(40)
    expect(lines.map(([, , { task }]) => task)).toEqual(['a'])
    clock.advance(60)
    expect(lines.map(([, , { task }]) => task)).toEqual(['a', 'b'])
    expect(clock.timers).toBe(0)
    hold.release()
  })

  test('that is granted in time is none, and leaves no timer', async () => {
    await made.locks.mutex('cart').run(() => {})
    expect(made.clock.timers).toBe(0)
    expect(lines.map(([level]) => level)).toEqual(['debug', 'debug'])
  })

  test('is none where none is slow', async () => {
    listen({ slowWait: Number.POSITIVE_INFINITY })
    await made.locks.mutex('cart').acquire()
    made.locks.mutex('cart').acquire()
    expect(made.clock.timers).toBe(0)
  })
})

test('a second release is a warning', async () => {
  const hold = await made.locks.task('ann').mutex('cart').acquire()
  hold.release()
  expect(() => hold.release()).toThrow()
  expect(said().at(-1)).toBe(
    'warn: ann: "cart" (exclusive) was released a second time, by a hold that had ended',
  )
})

test('an order violation is a warning', async () => {
  checkOrder('warn').install(made.locks.space)
  const task = made.locks.task('ann')
  const warn = console.warn
  console.warn = () => {}
  try {
    await task.mutex('a').run((hold) => hold.mutex('b').run(() => {}))
    await task.mutex('b').run((hold) => hold.mutex('a').run(() => {}))
  } finally {
    console.warn = warn
  }
  const [, message, fields] = lines.find(([level]) => level === 'warn') ?? []
  expect(message).toBe('ann: "a" (exclusive) was asked for against the order: b is held')
  expect(fields?.against).toBe('b')
})

test('a timeout is an error; an abort and a refusal are not', async () => {
  const { locks, clock } = made
  const hold = await locks.mutex('cart').acquire()
  lines = []
  const late = locks.task('late').mutex('cart').acquire({ timeout: 10 })
  const controller = new AbortController()
  const given = locks.task('given').mutex('cart').acquire({ signal: controller.signal })
  given.catch(() => {})
  late.catch(() => {})
  clock.advance(5)
  controller.abort()
  clock.advance(5)
  await locks.task('try').mutex('cart').tryAcquire()
  await Promise.allSettled([late, given])
  expect(said()).toEqual([
    'debug: given: the wait for "cart" (exclusive) was given up after 5 ms',
    'error: late: the wait for "cart" (exclusive) timed out after 10 ms',
    'debug: try: the wait for "cart" (exclusive) was refused after 0 ms',
  ])
  hold.release()
})

test('a mechanism that fails is an error, with its reason', async () => {
  const { locks, port } = made
  const acquire = port.acquire.bind(port)
  await locks.mutex('cart').acquire()
  port.acquire = (request) => {
    queueMicrotask(() => request.failed(new Error('full')))
    return request.ifAvailable ? acquire(request) : 'waiting'
  }
  lines = []
  await expect(locks.task('ann').mutex('cart').acquire()).rejects.toThrow('full')
  expect(said()).toEqual([
    'error: ann: the wait for "cart" (exclusive) failed (Error: full) after 0 ms',
  ])
  expect(lines[0]?.[2].reason).toBe('Error: full')
})

test('a loss is an error', async () => {
  const { locks, clock } = made
  await locks.task('ann').mutex('cart').acquire()
  clock.advance(3)
  const manager = createLockManager({ port: locks.space.ports.strict })
  await manager.request('cart', { steal: true }, () => {})
  expect(said().at(-1)).toBe('error: ann: lost "cart" (exclusive) (stolen) after 3 ms')
})

test('a deadlock is an error, with its cycle', async () => {
  const { locks, clock } = made
  detectDeadlocks().install(locks.space)
  const [one, two] = [locks.task('one'), locks.task('two')]
  await one.mutex('a').acquire()
  await two.mutex('b').acquire()
  const waits = [one.mutex('b').acquire(), two.mutex('a').acquire()]
  for (const wait of waits) wait.catch(() => {})
  for (let turn = 0; turn < 20 && !lines.some(([level]) => level === 'error'); turn++) {
    await clock.settle()
    clock.advance(100)
  }
  const [, message, fields] = lines.find(([level]) => level === 'error') ?? []
  expect(message).toMatch(
    /^(one|two): the wait for "[ab]" \(exclusive\) was chosen to end a deadlock/,
  )
  expect(fields?.cycle).toMatch(/^(one → b → two → a|two → a → one → b)$/)
})

test('once stopped it says nothing, and sets no timer', async () => {
  const { locks, clock } = made
  await locks.mutex('cart').acquire()
  locks.mutex('cart').acquire()
  lines = []
  stop()
  clock.advance(10_000)
  await locks.mutex('other').run(() => {})
  expect([lines, clock.timers]).toEqual([[], 0])
})

test('what was asked for before is not written about', async () => {
  const { locks } = made
  const hold = await locks.mutex('cart').acquire()
  stop()
  lines = []
  stop = logTo(locks, logger)
  hold.release()
  expect(lines).toEqual([])
})

test('what is refused', () => {
  const { locks } = made
  expect(() => logTo(null as never, logger)).toThrow('locks must be an object, got null')
  expect(() => logTo(locks, { ...logger, warn: 1 as never })).toThrow(
    'logger.warn must be a function, got 1',
  )
  expect(() => logTo(locks, logger, { slowWait: -1 })).toThrow(RangeError)
})
