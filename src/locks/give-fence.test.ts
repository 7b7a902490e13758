/** Fences as users see them: on holds, in events and in snapshots. */

import { describe, expect, test } from 'vitest'
import { LockLostError, UnsupportedError } from './errors'
import type { LockEvent } from './events'
import type { PortRequest } from './ports/port'
import { Probe } from './testing/probe'
import { type TestLocks, testLocks } from './testing/test-locks'
import { testPorts } from './testing/test-ports'

const fence = true

describe.each(Object.keys(testPorts))('%s', (name) => {
  test('each hold that asks for a fence has a greater one, from 1; others have none', async () => {
    const { locks, clock } = testLocks(name)
    const [mutex, users, settings] = [
      locks.mutex('a'),
      locks.keyedMutex('user'),
      locks.rwLock('settings'),
    ]
    const fences = [
      await mutex.run((hold) => hold.fence, { fence }),
      await mutex.run((hold) => hold.fence),
      await mutex.run((hold) => hold.fence, { fence: false }),
      await mutex.run((hold) => hold.fence, { fence, timeout: 1000 }),
    ]
    expect([fences[0], fences[1], fences[2]]).toEqual([1, undefined, undefined])
    expect(fences[3]).toBeGreaterThan(1)
    expect(await users.run(7, (hold) => hold.fence, { fence })).toBeGreaterThan(0)
    expect(await settings.write((hold) => hold.fence, { fence })).toBeGreaterThan(0)
    const first = await mutex.acquire({ fence })
    const waiting = mutex.acquire({ fence: { floor: 0 } })
    const before = first.fence ?? Number.NaN
    first.release()
    const second = await waiting
    expect(second.fence).toBeGreaterThan(before)
    second.release()
    await clock.settle()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test('fences are above the floor', async () => {
    const { locks } = testLocks(name)
    const hold = await locks.mutex('a').acquire({ fence: { floor: 41 } })
    expect(hold.fence).toBe(42)
    hold.release()
  })
})

test.each<[unknown, typeof TypeError | typeof RangeError, string]>([
  ['yes', TypeError, 'fence must be an object, got "yes"'],
  [{ floor: 1.5 }, TypeError, 'fence.floor must be an integer, got 1.5'],
  [{ floor: '7' }, TypeError, 'fence.floor must be an integer, got "7"'],
  [{ floor: 2 ** 53 }, RangeError, 'must be between 0 and 4503599627370496, got 9007199254740992'],
  [{ floor: 2 ** 52 + 1 }, RangeError, 'fence.floor must be between 0 and 4503599627370496'],
  [{ floor: -1 }, RangeError, 'fence.floor must be between 0 and 4503599627370496, got -1'],
  ['', TypeError, 'fence must be an object, got ""'],
  [0, TypeError, 'fence must be an object, got 0'],
  [[], TypeError, 'fence must be an object, got '],
  [{ flor: 7 }, TypeError, 'fence must have no keys but floor, got "flor"'],
])('%j is refused before anything is asked', async (wish, Kind, message) => {
  const { locks } = testLocks()
  const events: LockEvent[] = []
  locks.subscribe((event) => events.push(event))
  const refused = locks.mutex('a').acquire({ fence: wish as never })
  await expect(refused).rejects.toThrow(Kind)
  await expect(refused).rejects.toThrow(message)
  expect(events).toEqual([])
})

test('the highest floor leaves fences for everybody', async () => {
  const { locks } = testLocks()
  const mutex = locks.mutex('a')
  expect(await mutex.run((hold) => hold.fence, { fence: { floor: 2 ** 52 } })).toBe(2 ** 52 + 1)
  expect(await mutex.run((hold) => hold.fence, { fence: true })).toBeGreaterThan(2 ** 52 + 1)
})

test('readers get none', async () => {
  const { locks } = testLocks()
  const read = locks.rwLock('a').acquireRead({ fence })
  await expect(read).rejects.toThrow('fence must be asked for an exclusive hold, got true')
})

test('it is told after the grant, and shown wherever holds are', async () => {
  const { locks, clock } = testLocks()
  const events: LockEvent[] = []
  locks.subscribe((event) => events.push(event))
  const hold = await locks.mutex('a').acquire({ fence })
  const { held } = await locks.query()
  expect(held).toMatchObject([{ name: 'a', fence: 1 }])
  const wait = locks.mutex('a').acquire({ timeout: 1 })
  clock.advance(1)
  const late = await wait.catch((error) => error)
  hold.release()
  expect(late.report?.holders).toMatchObject([{ fence: 1 }])
  const own = events.filter(({ request }) => request === hold.id)
  expect(own.map(({ type }) => type)).toEqual(['request', 'grant', 'fence', 'release'])
  expect(own[2]).toMatchObject({ fence: 1, lock: 'a', mode: 'exclusive' })
})

describe('what goes wrong while it is minted', () => {
  /** Fences come when the test says so. */
  function held(): TestLocks & { mint(first: number | undefined): void; fail(error: Error): void } {
    const made = testLocks()
    let answer: (first: number | undefined) => void = () => {}
    let reject: (error: Error) => void = () => {}
    const mint = (_request: PortRequest) => {
      return new Promise<number | undefined>((resolve, fail) => {
        ;[answer, reject] = [resolve, fail]
      })
    }
    Object.assign(made.port, { mint })
    return { ...made, mint: (first) => answer(first), fail: (error) => reject(error) }
  }

  test('the lock is lost: LockLostError at once', async () => {
    const { locks, port, clock } = held()
    const hold = locks.mutex('a').acquire({ fence })
    await clock.settle()
    const thief = new Probe(port, 'thief', { steal: true })
    thief.ask()
    await expect(hold).rejects.toThrow(LockLostError)
    await expect(hold).rejects.toThrow('"a" was stolen')
    thief.release()
    expect(locks.stats().holds).toBe(0)
  })

  test('it is lost though nobody has said so: LockLostError, and nothing is held', async () => {
    const { locks, clock, mint } = held()
    const events: LockEvent[] = []
    locks.subscribe((event) => events.push(event))
    const hold = locks.mutex('a').run(() => 'unfenced', { fence })
    await clock.settle()
    mint(undefined)
    await expect(hold).rejects.toThrow(LockLostError)
    expect(events.map(({ type }) => type)).toEqual(['request', 'grant', 'lost'])
    expect(await locks.mutex('a').tryAcquire()).not.toBe(null)
  })

  test('the signal aborts: the lock is given back', async () => {
    const { locks, clock } = held()
    const control = new AbortController()
    const hold = locks.mutex('a').acquire({ fence, signal: control.signal })
    await clock.settle()
    control.abort(new Error('enough'))
    await expect(hold).rejects.toThrow('enough')
    expect(await locks.mutex('a').tryAcquire()).not.toBe(null)
  })

  test('nothing can be stored: the lock is given back', async () => {
    const { locks, clock, fail } = held()
    const hold = locks.mutex('a').run(() => 'unfenced', { fence })
    await clock.settle()
    fail(new UnsupportedError('no storage'))
    await expect(hold).rejects.toThrow('no storage')
    expect(await locks.mutex('a').tryAcquire()).not.toBe(null)
  })

  test('it takes too long to hold: the lock is overdue', async () => {
    const { locks, clock } = held()
    const hold = locks.mutex('a').acquire({ fence, maxHold: 100 })
    await clock.settle()
    clock.advance(100)
    await expect(hold).rejects.toThrow(LockLostError)
    expect(await locks.mutex('a').tryAcquire()).not.toBe(null)
  })
})
