/** What a semaphore promises, over every mechanism that runs in one process. */

import { describe, expect, test, vi } from 'vitest'
import { createLocks } from '../create-locks'
import { checkOrder, detectDeadlocks } from '../deadlock'
import {
  LockLostError,
  NotHeldError,
  ReentrancyError,
  TimeoutError,
  UnsupportedError,
} from '../errors'
import { Probe } from '../testing/probe'
import { extend } from '../testing/test-agents'
import { type TestLocks, testLocks } from '../testing/test-locks'
import { testPorts } from '../testing/test-ports'
import type { SemaphoreHold } from './semaphore'

vi.setConfig({ testTimeout: 60_000 })

describe.each(Object.keys(testPorts))('over %s', (name) => {
  describe.each(['bounded', 'strict'] as const)('%s', (fair) => {
    function open(permits: number) {
      const made = testLocks(name)
      return { ...made, semaphore: made.locks.semaphore('s', permits, { fair }) }
    }

    test('so many get in as there are permits, the others in their order', async () => {
      const { semaphore, clock, locks } = open(2)
      const order: number[] = []
      const holds: SemaphoreHold[] = []
      const all = [0, 1, 2, 3].map(async (index) => {
        const hold = await semaphore.acquire()
        order.push(index)
        holds.push(hold)
      })
      await clock.settle()
      expect(order).toEqual([0, 1])
      expect(locks.stats()).toEqual({ holds: 2, waits: 2, names: 1 })
      holds[0]?.release()
      await clock.settle()
      expect(order).toEqual([0, 1, 2])
      holds[1]?.release()
      await clock.settle()
      expect(order).toEqual([0, 1, 2, 3])
      for (const hold of holds.slice(2)) hold.release()
      await Promise.all(all)
      await clean({ locks, clock })
    })

    test('one who wants many is not overtaken', async () => {
      const { semaphore, clock, locks } = open(3)
      const first = await settled(clock, semaphore.acquire())
      const order: string[] = []
      const many = semaphore.acquire(3).then((hold) => {
        order.push('many')
        return hold
      })
      const one = semaphore.acquire().then((hold) => {
        order.push('one')
        return hold
      })
      await clock.settle()
      expect(order).toEqual([])
      expect(await settled(clock, semaphore.tryAcquire())).toBeNull()
      first.release()
      await clock.settle()
      expect(order).toEqual(['many'])
      ;(await many).release()
      ;(await settled(clock, one)).release()
      await clean({ locks, clock })
    })

    test('a wait that is given up lets those behind it through', async () => {
      const { semaphore, clock, locks } = open(2)
      const first = await settled(clock, semaphore.acquire())
      const controller = new AbortController()
      const many = semaphore.acquire(2, { signal: controller.signal })
      const one = semaphore.acquire()
      await clock.settle()
      controller.abort(new Error('enough'))
      await expect(many).rejects.toThrow('enough')
      ;(await settled(clock, one)).release()
      first.release()
      await clean({ locks, clock })
    })

    test('a wait that takes too long says who holds how many', async () => {
      const { semaphore, clock, locks } = open(3)
      const hold = await settled(clock, locks.task('copy').semaphore('s', 3, { fair }).acquire(2))
      const wait = semaphore.acquire(2, { timeout: 50 })
      await clock.settle()
      clock.advance(50)
      const error = await settled(clock, rejection(wait))
      expect(error).toBeInstanceOf(TimeoutError)
      expect((error as TimeoutError).message).toMatch(
        /^timed out after 50 ms waiting for "s" \(2 of 3 permits\): held by task "copy" in this agent/,
      )
      const { report } = error as TimeoutError
      expect(report).toMatchObject({ holders: [{ task: 'copy', permits: 2 }], unknownHolders: 0 })
      hold.release()
      await clean({ locks, clock })
    })

    test('timeout 0 does not wait', async () => {
      const { semaphore, clock, locks } = open(1)
      const hold = await settled(clock, semaphore.acquire(1, { timeout: 0 }))
      const late = rejection(semaphore.acquire(1, { timeout: 0 }))
      expect(await settled(clock, late)).toBeInstanceOf(TimeoutError)
      hold.release()
      await clean({ locks, clock })
    })

    test('a try gets what is free, or null', async () => {
      const { semaphore, clock, locks } = open(3)
      const two = await settled(clock, semaphore.tryAcquire(2))
      expect(two).toMatchObject({ permits: 2 })
      expect([two?.name, two?.mode]).toEqual(['s', 'shared'])
      expect(await settled(clock, semaphore.tryAcquire(2))).toBeNull()
      const one = await settled(clock, semaphore.tryAcquire())
      expect(await settled(clock, semaphore.tryAcquire())).toBeNull()
      two?.release()
      one?.release()
      await clean({ locks, clock })
    })

    test('each acquisition has one story, told of the semaphore', async () => {
      const { semaphore, clock, locks } = open(2)
      const told: string[] = []
      const stop = locks.subscribe(({ type, lock, mode }) => told.push(`${type} ${lock} ${mode}`))
      const hold = await settled(clock, semaphore.acquire(2))
      await settled(clock, semaphore.tryAcquire())
      await settled(clock, rejection(semaphore.acquire(1, { timeout: 0 })))
      hold.release()
      expect(() => hold.release()).toThrow(NotHeldError)
      await clock.settle()
      stop()
      expect(told.map((each) => each.replace(' s shared', ''))).toEqual([
        'request',
        'grant',
        'request',
        'refuse',
        'request',
        'timeout',
        'release',
        'not-held',
      ])
      await clean({ locks, clock })
    })

    test('a stolen permit ends its hold, whose others come back', async () => {
      const { semaphore, clock, locks, far } = open(2)
      const hold = await settled(clock, semaphore.acquire(2))
      const thief = new Probe(far, 'thief', { name: 's!s0', mode: 'exclusive', steal: true })
      thief.ask()
      await clock.settle()
      expect(hold.signal.aborted).toBe(true)
      expect(hold.signal.reason).toBeInstanceOf(LockLostError)
      const other = await settled(clock, semaphore.tryAcquire())
      expect(other?.permits).toBe(1)
      expect(await settled(clock, semaphore.tryAcquire())).toBeNull()
      hold.release()
      other?.release()
      thief.end()
      const both = await settled(clock, semaphore.tryAcquire(2))
      both?.release()
      await clean({ locks, clock })
    })

    test('query tells one entry for each hold and wait', async () => {
      const { semaphore, clock, locks } = open(3)
      const hold = await settled(clock, locks.task('a').semaphore('s', 3, { fair }).acquire(3))
      const wait = semaphore.acquire()
      await clock.settle()
      const { held, pending } = await settled(clock, locks.query())
      expect(held).toMatchObject([{ name: 's', mode: 'shared', task: 'a', permits: 3 }])
      expect(pending).toMatchObject([{ name: 's', mode: 'shared', permits: 1 }])
      hold.release()
      ;(await settled(clock, wait)).release()
      await clean({ locks, clock })
    })

    test('run gives back whatever its callback does', async () => {
      const { semaphore, clock, locks } = open(2)
      const seen = semaphore.run((hold) => hold.permits, { permits: 2 })
      expect(await settled(clock, seen)).toBe(2)
      const thrown = semaphore.run(() => Promise.reject(new Error('no')))
      expect(String(await settled(clock, rejection(thrown)))).toBe('Error: no')
      await clean({ locks, clock })
    })

    test('many permits, few of them free: those are found', async () => {
      const { semaphore, clock, locks, far } = open(16)
      // All but two, by users of the bare mechanism.
      const raw = Array.from(
        { length: 14 },
        (_, index) => new Probe(far, `raw ${index}`, { name: `s!s${index}`, mode: 'exclusive' }),
      )
      for (const each of raw) each.ask()
      await clock.settle()
      expect(await settled(clock, semaphore.tryAcquire(3))).toBeNull()
      const two = await settled(clock, semaphore.tryAcquire(2))
      const one = semaphore.acquire()
      await clock.settle()
      raw[7]?.end()
      ;(await settled(clock, one)).release()
      two?.release()
      for (const each of raw) each.end()
      await clean({ locks, clock })
    })
  })
})

describe('bad arguments', () => {
  test.each([
    [0, RangeError],
    [1025, RangeError],
    [1.5, RangeError],
    [Number.NaN, RangeError],
    ['4', TypeError],
    [undefined, TypeError],
  ])('no semaphore of %j permits', (permits, Kind) => {
    const { locks } = testLocks()
    expect(() => locks.semaphore('s', permits as never)).toThrow(Kind)
    // Nothing of it is remembered.
    locks.mutex('s')
  })

  test.each([
    [5, RangeError, 'permits must be between 1 and 4, got 5'],
    [0, RangeError, 'permits must be between 1 and 4, got 0'],
    [1.5, RangeError, 'permits must be a whole number, got 1.5'],
    ['2', TypeError, 'permits must be a number, got "2"'],
  ])('%j of 4 permits cannot be had', async (permits, Kind, message) => {
    const { locks } = testLocks()
    const told: string[] = []
    locks.subscribe(({ type }) => told.push(type))
    const semaphore = locks.semaphore('s', 4)
    for (const refused of [
      semaphore.acquire(permits as never),
      semaphore.tryAcquire(permits as never),
      semaphore.run(() => {}, { permits: permits as never }),
    ]) {
      const error = await rejection(refused)
      expect(error).toBeInstanceOf(Kind)
      expect((error as Error).message).toBe(message)
    }
    expect(told).toEqual([])
  })

  test('options must be some', async () => {
    const semaphore = testLocks().locks.semaphore('s', 4)
    expect(await rejection(semaphore.acquire(1, 5 as never))).toBeInstanceOf(TypeError)
    expect(await rejection(semaphore.acquire(1, null as never))).toBeInstanceOf(TypeError)
    expect(await rejection(semaphore.acquire(1, { timeout: -1 }))).toBeInstanceOf(RangeError)
    expect(await rejection(semaphore.run(5 as never))).toBeInstanceOf(TypeError)
  })

  test.each([
    ['fence', true],
    ['fence', ''],
    ['lease', { ttl: 500 }],
    ['maxHold', 5],
  ])('%s (%j) is not to be had', async (term, value) => {
    const { locks } = testLocks()
    const told: string[] = []
    locks.subscribe(({ type }) => told.push(type))
    const semaphore = locks.semaphore('s', 4)
    const options = { [term]: value } as object
    for (const asked of [semaphore.acquire(1, options), semaphore.run(() => {}, options)]) {
      const error = await rejection(asked)
      expect(error).toBeInstanceOf(TypeError)
      expect(String(error)).toContain(`${term} must not be asked for of a semaphore, got `)
    }
    expect(told).toEqual([])
    const none = { fence: false, lease: undefined, maxHold: undefined } as object
    const hold = await semaphore.acquire(1, none)
    hold.release()
  })

  test.each(['bounded', 'strict'] as const)(
    'a name in use keeps its number, however many others there are (%s)',
    async (fair) => {
      const { locks, clock } = testLocks()
      const hold = await locks.semaphore('a', 2, { fair }).acquire()
      for (let count = 0; count <= 1000; count++) locks.mutex(`other ${count}`)
      const eight = locks.semaphore('a', 8, { fair })
      for (const asked of [eight.acquire(5), eight.tryAcquire(), eight.run(() => {})]) {
        const error = await rejection(asked)
        expect(error).toBeInstanceOf(RangeError)
        expect(String(error)).toContain('"a" is in use here as a semaphore of 2 permits, not of 8')
      }
      expect(locks.stats()).toEqual({ holds: 1, waits: 0, names: 1 })
      hold.release()
      await clock.settle()
      const five = await settled(clock, eight.acquire(5))
      five.release()
      await clean({ locks, clock })
    },
  )

  test('one name has one number of permits, and one kind', () => {
    const { locks } = testLocks()
    locks.semaphore('s', 4)
    locks.semaphore('s', 4, { fair: 'strict' })
    expect(() => locks.semaphore('s', 5)).toThrow('in use for a semaphore of 4, not for a')
    expect(() => locks.mutex('s')).toThrow(TypeError)
  })

  test.each(['s!q', 's!s0', 's!s12'])('no lock is called %s', (name) => {
    const { locks } = testLocks()
    expect(() => locks.mutex(name)).toThrow(RangeError)
    expect(() => locks.semaphore(name, 2)).toThrow(RangeError)
  })
})

describe('tasks', () => {
  test('may have some and ask for more, but not for more than there can be', async () => {
    const { locks } = testLocks()
    const semaphore = locks.task('a').semaphore('s', 3)
    const one = await semaphore.acquire()
    const two = await one.semaphore('s', 3).acquire(2)
    const error = await rejection(semaphore.acquire())
    expect(error).toBeInstanceOf(ReentrancyError)
    expect((error as Error).message).toMatch(
      /^task "a" has 3 of the 3 permits of "s" and asks for 1/,
    )
    expect(await semaphore.tryAcquire()).toBeNull()
    const wait = semaphore.acquire(1, { reentrant: 'wait' })
    two.release()
    ;(await wait).release()
    expect(one.task.name).toBe('a')
    one.release()
    expect(() => one.semaphore('s', 3)).toThrow(TypeError)
  })

  test('the beginning of a callback belongs to the hold', async () => {
    const { locks } = testLocks()
    const semaphore = locks.semaphore('s', 1)
    const nested = semaphore.run(() => semaphore.run(() => {}))
    expect(await rejection(nested)).toBeInstanceOf(ReentrancyError)
  })
})

describe('as a value', () => {
  test('cannot be copied, but sent by its descriptor', async () => {
    const { locks } = testLocks()
    const semaphore = locks.semaphore('s', 4, { fair: 'strict' })
    const hold = await semaphore.acquire()
    expect(() => structuredClone(semaphore)).toThrow(/cannot be copied/)
    expect(() => structuredClone(hold)).toThrow(/cannot be copied/)
    const descriptor = structuredClone(semaphore.descriptor())
    expect(descriptor).toEqual({ latchkey: 'semaphore', name: 's', fair: 'strict', permits: 4 })
    const same = locks.from(descriptor)
    expect(await same.tryAcquire(4)).toBeNull()
    hold.release()
    ;(await same.acquire(4)).release()
  })

  test('a hold is disposed of', async () => {
    const { locks } = testLocks()
    const semaphore = locks.semaphore('s', 1)
    {
      await using hold = await semaphore.acquire()
      expect(hold.permits).toBe(1)
    }
    expect(locks.stats().holds).toBe(0)
  })
})

describe('other layers', () => {
  test('nothing is said of slots and gates by who looks for deadlocks and order', async () => {
    const { locks, clock } = testLocks('cohort over memory')
    extend(locks, { deadlock: detectDeadlocks({ after: 10 }), order: checkOrder('throw') })
    const told: string[] = []
    locks.subscribe(({ type, lock }) => told.push(`${type} ${lock}`))
    const task = locks.task()
    const a = await settled(clock, task.semaphore('a', 2).acquire(2))
    const b = await settled(clock, task.semaphore('b', 2).acquire(2))
    const waits = [locks.semaphore('a', 2).acquire(), locks.semaphore('b', 2).acquire()]
    for (let turn = 0; turn < 5; turn++) {
      await clock.settle()
      clock.advance(100)
    }
    b.release()
    a.release()
    for (const wait of waits) (await settled(clock, wait)).release()
    expect(new Set(told)).toEqual(
      new Set(['request', 'grant', 'release'].flatMap((type) => [`${type} a`, `${type} b`])),
    )
  })

  test('where nothing reaches far enough nothing is told', async () => {
    const locks = createLocks({ reach: 'network' })
    const told: string[] = []
    const stop = locks.subscribe(({ type }) => told.push(type))
    const semaphore = locks.semaphore('s', 1)
    expect(await rejection(semaphore.acquire())).toBeInstanceOf(UnsupportedError)
    stop()
    expect(told).toEqual([])
  })

  test('whoever looks at the clock twice may see two times', async () => {
    const { locks, clock } = testLocks()
    clock.coarse = () => {
      clock.set(clock.now() + 3)
      return Math.floor(clock.now())
    }
    const semaphore = locks.semaphore('s', 2)
    const all = Array.from({ length: 20 }, () => semaphore.run(() => {}))
    await settled(clock, Promise.all(all))
    expect(locks.stats().holds).toBe(0)
  })
})

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it did not reject')
    },
    (error) => error,
  )
}

async function settled<T>(clock: TestLocks['clock'], promise: Promise<T>): Promise<T> {
  await clock.settle()
  return promise
}

async function clean({ locks, clock }: Pick<TestLocks, 'locks' | 'clock'>): Promise<void> {
  await clock.settle()
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  const { bounded, strict } = locks.space.ports
  for (const port of [bounded, strict]) expect([...port.live()]).toEqual([])
  expect(await settled(clock, locks.query())).toEqual({ held: [], pending: [] })
  for (const { pools } of Object.values(locks.space.semaphores ?? {})) expect(pools.size).toBe(0)
  expect(clock.timers).toBe(0)
}
