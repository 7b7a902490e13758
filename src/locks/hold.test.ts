/** What a hold promises to whoever has it. */

import { beforeEach, describe, expect, test } from 'vitest'
import type { Locks } from './create-locks'
import { ensureDisposalSymbols } from './disposal'
import { LockLostError, NotHeldError } from './errors'
import type { Hold } from './hold'
import { createLockManager } from './lock-manager'
import { testLocks } from './testing/test-locks'
import type { VirtualClock } from './testing/virtual-clock'

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

test('it knows its lock, its mode, its task, its time', async () => {
  const hold = await locks.task('checkout').rwLock('a').acquireRead()
  expect(hold).toMatchObject({ name: 'a', mode: 'shared', grantedAt: clock.coarse() })
  expect(hold.task.name).toBe('checkout')
  expect(hold.fence).toBe(undefined)
  expect(hold.id).toBe(hold.id)
  hold.release()
})

test('ids differ', async () => {
  const holds = await Promise.all(['a', 'b', 'c'].map((name) => locks.mutex(name).acquire()))
  expect(new Set(holds.map(({ id }) => id)).size).toBe(3)
  for (const hold of holds) hold.release()
})

describe('release', () => {
  test('twice throws, and gives nothing away', async () => {
    const hold = await locks.mutex('a').acquire()
    hold.release()
    const next = await locks.mutex('a').acquire()
    expect(() => hold.release()).toThrow(NotHeldError)
    expect(() => hold.release()).toThrow(/^"a" was released before/)
    await expect(locks.mutex('a').tryAcquire()).resolves.toBe(null)
    next.release()
  })

  test('is at once', async () => {
    const hold = await locks.mutex('a').acquire()
    hold.release()
    expect(locks.stats().holds).toBe(0)
  })

  test('does not abort the signal', async () => {
    const hold = await locks.mutex('a').acquire()
    const { signal } = hold
    hold.release()
    expect(signal.aborted).toBe(false)
  })

  test.each<[string, (hold: Hold) => unknown]>([
    ['disposal', (hold) => hold[Symbol.dispose]()],
    ['asynchronous disposal', (hold) => hold[Symbol.asyncDispose]()],
  ])('%s may come again, before or after a release', async (_how, dispose) => {
    const hold = await locks.mutex('a').acquire()
    await dispose(hold)
    await dispose(hold)
    expect(locks.stats().holds).toBe(0)
    const other = await locks.mutex('a').acquire()
    other.release()
    await dispose(other)
    expect(() => hold.release()).toThrow(NotHeldError)
  })

  test('works with using', async () => {
    {
      using hold = await locks.mutex('a').acquire()
      expect(hold.name).toBe('a')
      expect(locks.stats().holds).toBe(1)
    }
    expect(locks.stats().holds).toBe(0)
    {
      await using hold = await locks.mutex('a').acquire()
      hold.release()
    }
    expect(locks.stats().holds).toBe(0)
  })
})

describe('loss', () => {
  test('aborts the signal with LockLostError, at once', async () => {
    const hold = await locks.mutex('a').acquire()
    const { signal } = hold
    const stolen = steal('a')
    expect(signal.reason).toBeInstanceOf(LockLostError)
    expect(signal.reason).toMatchObject({ message: expect.stringMatching(/^"a" was stolen/) })
    await stolen
  })

  test('shows in a signal that is asked for later', async () => {
    const hold = await locks.mutex('a').acquire()
    await steal('a')
    expect(hold.signal.reason).toBeInstanceOf(LockLostError)
    expect(hold.signal).toBe(hold.signal)
  })

  test('makes release and disposal do nothing', async () => {
    const hold = await locks.mutex('a').acquire()
    await steal('a')
    const next = await locks.mutex('a').acquire()
    hold.release()
    hold.release()
    hold[Symbol.dispose]()
    await expect(locks.mutex('a').tryAcquire()).resolves.toBe(null)
    next.release()
  })

  test('whoever asks again on hearing of it waits behind the thief', async () => {
    const hold = await locks.mutex('a').acquire()
    let again: Promise<Hold> | undefined
    hold.signal.addEventListener('abort', () => {
      again = locks.mutex('a').acquire()
    })
    let holders: number | undefined
    const manager = createLockManager({ port: locks.space.ports.strict })
    await manager.request('a', { steal: true }, async () => {
      holders = (await manager.query()).held?.length
    })
    expect(holders).toBe(1)
    ;(await again)?.release()
  })
})

describe('going on through a hold', () => {
  test.each<[string, (hold: Hold) => unknown]>([
    ['mutex', (hold) => hold.mutex('b')],
    ['keyedMutex', (hold) => hold.keyedMutex('b')],
    ['rwLock', (hold) => hold.rwLock('b')],
  ])('%s throws once it has ended', async (_name, goOn) => {
    const hold = await locks.mutex('a').acquire()
    hold.release()
    expect(() => goOn(hold)).toThrow(TypeError)
    expect(() => goOn(hold)).toThrow(/^hold of "a" has ended/)
  })

  test('all rejects', async () => {
    const hold = await locks.mutex('a').acquire()
    hold.release()
    await expect(hold.all(['b'], () => {})).rejects.toThrow(/^hold of "a" has ended/)
  })
})

describe('no copies', () => {
  const port = () => new MessageChannel().port1
  test.each<[string, (locks: Locks) => unknown]>([
    ['a mutex', (l) => l.mutex('m')],
    ['a keyed mutex', (l) => l.keyedMutex('k')],
    ['an RW lock', (l) => l.rwLock('r')],
    ['a hold', (l) => l.mutex('m').acquire()],
    ['a write hold', (l) => l.rwLock('r').acquireWrite()],
  ])('%s can be neither cloned nor posted, and the error says what can', async (_what, make) => {
    const thing = await make(locks)
    for (const copy of [
      () => structuredClone(thing),
      () => structuredClone({ deep: [thing] }),
      () => port().postMessage(thing),
    ]) {
      expect(copy).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
      expect(copy).toThrow(/cannot be copied: send its name or lock\.descriptor\(\)/)
    }
  })
})

test('disposal symbols are defined where the engine lacks them, and left alone where not', () => {
  const { dispose, asyncDispose } = Symbol
  ensureDisposalSymbols()
  expect([Symbol.dispose, Symbol.asyncDispose]).toEqual([dispose, asyncDispose])
  expect([typeof dispose, typeof asyncDispose]).toEqual(['symbol', 'symbol'])
})
