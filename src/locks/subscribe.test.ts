/** Events: what is told, when, and what listeners may do. */

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createLocks, Locks } from './create-locks'
import { NotHeldError, TimeoutError } from './errors'
import type { LockEvent } from './events'
import { createLockManager } from './lock-manager'
import { Space } from './space'
import { ScriptedPort } from './testing/scripted-port'
import { type TestLocks, testLocks } from './testing/test-locks'
import { testPorts } from './testing/test-ports'
import { VirtualClock } from './testing/virtual-clock'

let made: TestLocks
let locks: Locks
let told: LockEvent[]

function open(port?: string): void {
  made = testLocks(port)
  locks = made.locks
  told = []
  locks.subscribe((event) => told.push(event))
}

beforeEach(() => open())

const words = () => told.map(({ type, task }) => `${type} ${task}`)

describe.each(Object.keys(testPorts))('%s', (port) => {
  test('a release is told before the grants it causes', async () => {
    open(port)
    const first = await locks.task('first').rwLock('a').acquireWrite()
    const readers = ['r1', 'r2'].map((id) => locks.task(id).rwLock('a').acquireRead())
    await made.clock.settle()
    told = []
    first.release()
    await made.clock.settle()
    expect(words()).toEqual(['release first', 'grant r1', 'grant r2'])
    for (const reader of readers) (await reader).release()
    await made.clock.settle()
  })

  test('a loss is told before the grants it causes', async () => {
    open(port)
    await locks.task('first').rwLock('a').acquireRead()
    await locks.task('second').rwLock('a').acquireRead()
    const next = locks.task('next').rwLock('a').acquireWrite()
    await made.clock.settle()
    told = []
    const manager = createLockManager({ port: locks.space.ports.strict })
    await manager.request('a', { steal: true }, () => {})
    await made.clock.settle()
    expect(words()).toEqual(['lost first', 'lost second', 'grant next'])
    ;(await next).release()
    await made.clock.settle()
  })

  test('an abort is told before the grants it causes', async () => {
    open(port)
    const controller = new AbortController()
    const reader = await locks.task('reader').rwLock('a').acquireRead()
    const writer = locks.task('writer').rwLock('a').acquireWrite({ signal: controller.signal })
    await made.clock.settle()
    const behind = locks.task('behind').rwLock('a').acquireRead()
    await made.clock.settle()
    told = []
    controller.abort('enough')
    await expect(writer).rejects.toBe('enough')
    await made.clock.settle()
    expect(words()).toEqual(['abort writer', 'grant behind'])
    reader.release()
    ;(await behind).release()
    await made.clock.settle()
  })

  test('a wait of no time ends as a timeout, a try as refused', async () => {
    open(port)
    const mutex = locks.mutex('a')
    const held = await mutex.acquire()
    told = []
    const waiting = mutex.acquire({ timeout: 0 })
    waiting.catch(() => {})
    await made.clock.settle()
    made.clock.advance(1000)
    await expect(waiting).rejects.toBeInstanceOf(TimeoutError)
    await expect(mutex.tryAcquire()).resolves.toBe(null)
    expect(told.map(({ type }) => type)).toEqual(['request', 'timeout', 'request', 'refuse'])
    held.release()
    await made.clock.settle()
  })

  test('every request ends once, and every grant too', async () => {
    open(port)
    const { clock } = made
    const mutex = locks.mutex('a')
    const held = await mutex.acquire()
    await mutex.tryAcquire()
    mutex.acquire({ timeout: 0 }).catch(() => {})
    mutex.acquire({ timeout: 5 }).catch(() => {})
    const controller = new AbortController()
    mutex.acquire({ signal: controller.signal }).catch(() => {})
    const run = mutex.run(() => {})
    await clock.settle()
    controller.abort()
    clock.advance(5)
    held.release()
    await run
    await mutex.run(() => Promise.reject(new Error('mine'))).catch(() => {})
    await clock.settle()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    const ends = ['grant', 'abort', 'timeout', 'refuse', 'deadlock']
    for (const { request } of told.filter(({ type }) => type === 'request')) {
      const own = told.filter((event) => event.request === request).map(({ type }) => type)
      expect(own.filter((type) => ends.includes(type))).toHaveLength(1)
      expect(own.filter((type) => type === 'release' || type === 'lost')).toHaveLength(
        own.includes('grant') ? 1 : 0,
      )
    }
  })
})

test('an event tells time, agent, task, lock, mode and request', async () => {
  const hold = await locks.task('checkout').rwLock('a').acquireWrite()
  expect(told[1]).toMatchObject({
    type: 'grant',
    time: performance.timeOrigin + made.clock.now(),
    agent: expect.stringMatching(/^[0-9a-z]{8}$/),
    task: 'checkout',
    lock: 'a',
    mode: 'exclusive',
    request: hold.id,
  })
  hold.release()
  // The gate is not told of.
  expect(told.map(({ type, lock }) => `${type} ${lock}`)).toEqual([
    'request a',
    'grant a',
    'release a',
  ])
})

test('a second release is told, with the hold it was of', async () => {
  const hold = await locks.task('t').mutex('a').acquire()
  hold.release()
  const next = await locks.task('next').mutex('a').acquire()
  told = []
  expect(() => hold.release()).toThrow(NotHeldError)
  hold[Symbol.dispose]()
  expect(told).toMatchObject([{ type: 'not-held', task: 't', lock: 'a', request: hold.id }])
  next.release()
})

test('a wait whose mechanism failed says why; one that was given up does not', async () => {
  const clock = new VirtualClock()
  const port = new ScriptedPort(clock)
  const space = new Space('realm', () => ({ bounded: port, strict: port }), clock)
  const failing = new Locks(space)
  failing.subscribe((event) => told.push(event))
  const controller = new AbortController()
  const waits = [
    failing.mutex('a').acquire(),
    failing.mutex('a').acquire({ signal: controller.signal }),
  ]
  for (const wait of waits) wait.catch(() => {})
  port.fail(new Error('gone'))
  controller.abort()
  await Promise.allSettled(waits)
  const reasons = told.flatMap((event) => (event.type === 'abort' ? [event.reason] : []))
  expect(reasons).toEqual(['Error: gone', undefined])
})

test('a downgrade is a release and a grant of the same task', async () => {
  const writer = await locks.task('t').rwLock('a').acquireWrite()
  told = []
  const reader = await writer.downgrade()
  reader.release()
  expect(words()).toEqual(['request t', 'release t', 'grant t', 'release t'])
})

describe('listeners', () => {
  test('that throw break neither locks nor each other', async () => {
    const thrown: unknown[] = []
    const caught = (error: unknown) => thrown.push(error)
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', caught)
    try {
      const error = new Error('listener')
      const { locks } = testLocks()
      const heard = vi.fn()
      locks.subscribe(() => {
        throw error
      })
      locks.subscribe(heard)
      await locks.mutex('a').run(() => {})
      expect(heard).toHaveBeenCalledTimes(3)
      await vi.waitFor(() => expect(thrown).toEqual([error, error, error]))
      expect(locks.stats().holds).toBe(0)
    } finally {
      process.off('uncaughtException', caught)
      for (const listener of before) process.on('uncaughtException', listener)
    }
  })

  test('hear nothing once they stopped, each on its own account', async () => {
    const { locks } = testLocks()
    const heard = vi.fn()
    const [stop, stopOther] = [locks.subscribe(heard), locks.subscribe(heard)]
    await locks.mutex('a').run(() => {})
    expect(heard).toHaveBeenCalledTimes(6)
    stop()
    stop()
    await locks.mutex('a').run(() => {})
    expect(heard).toHaveBeenCalledTimes(9)
    stopOther()
    await locks.mutex('a').run(() => {})
    expect(heard).toHaveBeenCalledTimes(9)
  })

  test('may lock', async () => {
    const { locks } = testLocks()
    let left = 3
    let last: Promise<unknown> | undefined
    locks.subscribe(({ type }) => {
      if (type === 'release' && left-- > 0) last = locks.mutex('a').run(() => {})
    })
    await locks.mutex('a').run(() => {})
    while (left > 0) await last
    await last
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test('of one reach hear all that goes on in this agent, whoever made the locks', async () => {
    const heard = vi.fn()
    const stop = createLocks({ reach: 'realm' }).subscribe(heard)
    await createLocks({ reach: 'realm' })
      .mutex('heard')
      .run(() => {})
    stop()
    expect(heard).toHaveBeenCalledTimes(3)
  })
})
