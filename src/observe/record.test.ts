/** What a recorder sees of real locks, on a virtual clock. */

import fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { LockEvent } from '../locks'
import { createLocks, Locks } from '../locks/create-locks'
import { checkOrder, detectDeadlocks } from '../locks/deadlock'
import { createLockManager } from '../locks/lock-manager'
import { Space } from '../locks/space'
import { type TestLocks, testLocks } from '../locks/testing/test-locks'
import { testPorts } from '../locks/testing/test-ports'
import { Account } from './account'
import { Histogram } from './histogram'
import { type Recorder, type RecordOptions, record } from './record'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`record.test.ts: SEED=${seed}`)

vi.setConfig({ testTimeout: 120_000 })

let made: TestLocks
let recorder: Recorder

function open(options: RecordOptions = { sample: 1 }, port?: string): TestLocks {
  made = testLocks(port)
  recorder = record(made.locks, options)
  return made
}

beforeEach(() => {
  recorder?.stop()
})

/** Holds it for some ms. */
async function hold(name: string, ms: number, task?: string): Promise<void> {
  const { locks, clock } = made
  const asking = (task === undefined ? locks : locks.task(task)).mutex(name).acquire()
  await clock.settle()
  const held = await asking
  clock.advance(ms)
  held.release()
  await clock.settle()
}

const lockOf = (name: string) => recorder.recording().locks.find(({ lock }) => lock === name)

describe('one acquisition after the other', () => {
  test('is counted and timed', async () => {
    open()
    for (const ms of [10, 20, 30]) await hold('a', ms)
    const found = lockOf('a')
    expect(found).toMatchObject({ requests: 3, grants: 3, releases: 3, contended: 0 })
    expect(found?.wait).toMatchObject({ count: 3, sum: 0 })
    expect(found?.hold).toMatchObject({ count: 3, sum: 60, min: 10, max: 30 })
    expect(found?.unmeasured).toBeUndefined()
  })

  test('is the same without samples', async () => {
    open({ sample: 1e9 })
    for (const ms of [10, 20, 30]) await hold('a', ms)
    expect(lockOf('a')?.hold).toMatchObject({ count: 3, sum: 60 })
    expect(recorder.recording().events).toEqual([])
  })

  test('becomes events, as somebody who subscribes hears them', async () => {
    const { locks } = open()
    const heard: LockEvent[] = []
    const unsubscribe = locks.subscribe((event) => heard.push(event))
    await hold('a', 10, 'first')
    unsubscribe()
    const events = recorder
      .recording()
      .events.map((event) => (event.type === 'release' ? { ...event, ran: undefined } : event))
    expect(events).toEqual(heard)
  })
})

describe('contention', () => {
  /** `first` holds it for 30 ms; after 10 and 20 ms two others ask. */
  async function queue(): Promise<void> {
    const { locks, clock } = made
    const first = await locks.task('first').mutex('a').acquire()
    clock.advance(10)
    const second = locks.task('second').mutex('a').acquire()
    clock.advance(10)
    const third = locks.task('third').mutex('a').acquire()
    clock.advance(10)
    first.release()
    await clock.settle()
    clock.advance(5)
    ;(await second).release()
    await clock.settle()
    ;(await third).release()
    await clock.settle()
  }

  test('is charged to who waited and to who stood in the way', async () => {
    open()
    await queue()
    const { contention, locks } = recorder.recording()
    expect(locks).toMatchObject([{ requests: 3, grants: 3, contended: 2 }])
    expect(locks[0]?.wait).toMatchObject({ count: 3, sum: 35, max: 20 })
    expect(contention).toMatchObject([
      { charged: 'waiter', lock: 'a', contentions: 2, delay: 35 },
      { charged: 'releaser', lock: 'a', contentions: 2, delay: 35 },
    ])
  })

  test('is what an account makes of the events', async () => {
    open()
    await queue()
    const { locks, contention, events } = recorder.recording()
    const account = new Account()
    for (const event of events) account.add(event)
    const again = account.recording()
    expect(again.locks).toEqual(locks)
    expect(again.contention).toEqual(contention)
  })

  test('counts for as many as each sample stands for', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    open({ sample: 10 })
    await queue()
    vi.restoreAllMocks()
    const [waiter] = recorder.recording().contention
    expect(waiter).toMatchObject({ contentions: 20, delay: 350 })
  })

  test('waits that end in vain are counted by how they end', async () => {
    const { locks, clock } = open()
    const mutex = locks.mutex('a')
    const held = await mutex.acquire()
    const controller = new AbortController()
    mutex.acquire({ signal: controller.signal }).catch(() => {})
    mutex.acquire({ timeout: 5 }).catch(() => {})
    mutex.acquire({ timeout: 0 }).catch(() => {})
    await mutex.tryAcquire()
    clock.advance(7)
    controller.abort()
    await clock.settle()
    held.release()
    await clock.settle()
    const [found] = recorder.recording().locks
    expect(found).toMatchObject({ requests: 5, grants: 1, aborts: 1, timeouts: 2, refusals: 1 })
    const waiter = recorder.recording().contention.find(({ charged }) => charged === 'waiter')
    expect(waiter).toMatchObject({ contentions: 2, delay: 12 })
  })

  test('a wait that goes on is a request', async () => {
    const { locks, clock } = open()
    const held = await locks.mutex('a').acquire()
    const next = locks.mutex('a').acquire()
    await clock.settle()
    expect(lockOf('a')).toMatchObject({ requests: 2, grants: 1 })
    recorder.clear()
    expect(lockOf('a')).toBeUndefined()
    held.release()
    await clock.settle()
    ;(await next).release()
    // It was asked for before.
    expect(lockOf('a')).toMatchObject({ requests: 0, grants: 1, releases: 2 })
  })
})

describe('what was there before', () => {
  test('a wait that had begun is counted when it ends, for as long as it took', async () => {
    made = testLocks()
    const { locks, clock } = made
    const held = await locks.mutex('a').acquire()
    const next = locks.mutex('a').acquire()
    clock.advance(40)
    recorder = record(locks)
    clock.advance(10)
    held.release()
    await clock.settle()
    ;(await next).release()
    expect(lockOf('a')).toMatchObject({ grants: 1, contended: 1, releases: 2 })
    expect(lockOf('a')?.wait).toMatchObject({ sum: 50 })
    expect(lockOf('a')?.hold).toMatchObject({ max: 50 })
  })

  test('what another recorder noted means nothing to the next', async () => {
    const { locks, clock } = open()
    const held = await locks.mutex('a').acquire()
    recorder.stop()
    clock.advance(25)
    recorder = record(locks, { sample: 1 })
    held.release()
    expect(lockOf('a')?.hold).toMatchObject({ count: 1, sum: 25 })
    expect(recorder.recording().events).toEqual([])
  })
})

test('a loss ends a hold', async () => {
  const { locks, clock } = open()
  await locks.mutex('a').acquire()
  clock.advance(15)
  const manager = createLockManager({ port: locks.space.ports.strict })
  await manager.request('a', { steal: true }, () => {})
  await clock.settle()
  expect(lockOf('a')).toMatchObject({ grants: 1, losses: 1, releases: 0 })
  expect(lockOf('a')?.hold).toMatchObject({ count: 1, sum: 15 })
  expect(recorder.recording().events.at(-1)).toMatchObject({ type: 'lost', reason: 'stolen' })
})

test('readers side by side are each timed', async () => {
  const { locks, clock } = open()
  const first = await locks.rwLock('a').acquireRead()
  clock.advance(10)
  const second = await locks.rwLock('a').acquireRead()
  const writer = locks.rwLock('a').acquireWrite()
  clock.advance(10)
  first.release()
  clock.advance(10)
  second.release()
  await clock.settle()
  ;(await writer).release()
  const { locks: found, contention } = recorder.recording()
  expect(found.map(({ mode, grants }) => [mode, grants])).toEqual([
    ['exclusive', 1],
    ['shared', 2],
  ])
  expect(found[1]?.hold).toMatchObject({ count: 2, sum: 40 })
  expect(contention).toMatchObject([
    { charged: 'waiter', mode: 'exclusive', delay: 20 },
    { charged: 'releaser', mode: 'shared', contentions: 1, delay: 20 },
  ])
})

describe('a burst', () => {
  test('is counted exactly; what was not measured is stated', async () => {
    const { locks, clock } = open({ sample: 1e9 })
    for (let i = 0; i < 100; i++) await locks.mutex('a').run(() => {})
    expect(lockOf('a')).toMatchObject({ grants: 100, releases: 100 })
    expect(lockOf('a')?.hold.count).toBe(100)
    expect(lockOf('a')?.unmeasured).toBe(96)
    await clock.settle()
  })

  test('ends with the turn of the event loop: what waits is measured', async () => {
    const { locks, clock } = open({ sample: 1e9 })
    for (let i = 0; i < 20; i++) await locks.mutex('a').run(() => {})
    const held = await locks.mutex('a').acquire()
    await clock.settle()
    clock.advance(500)
    held.release()
    expect(lockOf('a')?.hold).toMatchObject({ count: 21, max: 500 })
  })

  test('ends with the ms', async () => {
    const { locks, clock } = open({ sample: 1e9 })
    for (let i = 0; i < 20; i++) await locks.mutex('a').run(() => {})
    clock.advance(1)
    for (const ms of [3, 4, 5]) await locks.mutex('a').run(() => clock.advance(ms))
    expect(lockOf('a')?.hold).toMatchObject({ count: 23, max: 5, sum: 12 })
    expect(lockOf('a')?.unmeasured).toBe(16)
  })
})

test('what ran before the event loop turned is told of a sample', async () => {
  const { locks, clock } = open()
  const held = await locks.mutex('a').acquire()
  clock.advance(3)
  await clock.settle()
  clock.advance(97)
  held.release()
  expect(recorder.recording().events.at(-1)).toMatchObject({ type: 'release', ran: 3 })
})

test('only so many samples are kept, the latest', async () => {
  open({ sample: 1, capacity: 2 })
  for (const ms of [1, 2, 3]) await hold('a', ms, `task ${ms}`)
  const { events, dropped } = recorder.recording()
  expect(events.map(({ task }) => task)).toEqual([2, 2, 2, 3, 3, 3].map((ms) => `task ${ms}`))
  expect(dropped).toBe(3)
})

test('one in a hundred is one in a hundred, and not always the same', async () => {
  const { locks } = open({ sample: 100, capacity: 100_000 })
  for (let i = 0; i < 20_000; i++) await locks.mutex(`key ${i % 100}`).run(() => {})
  const { events } = recorder.recording()
  // 200 are expected, with a deviation of about 8.
  expect(events.length / 3).toBeGreaterThan(140)
  expect(events.length / 3).toBeLessThan(260)
  expect(new Set(events.map(({ lock }) => lock)).size).toBeGreaterThan(50)
})

test('deadlocks and violations of order are kept, whoever is sampled', async () => {
  open({ sample: 1e9 })
  const { locks, clock } = made
  checkOrder('warn').install(locks.space)
  detectDeadlocks({ after: 100, onDeadlock: 'report' }).install(locks.space)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const [first, second] = ['first', 'second'].map((name) => locks.task(name))
  const holds = [await first?.mutex('a').acquire(), await second?.mutex('b').acquire()]
  const waits = [first?.mutex('b').acquire(), second?.mutex('a').acquire()]
  await clock.settle()
  clock.advance(300)
  await clock.settle()
  vi.restoreAllMocks()
  const types = recorder.recording().events.map(({ type }) => type)
  expect(types).toEqual(['order-violation', 'deadlock'])
  for (const each of holds) each?.release()
  await clock.settle()
  for (const wait of waits) (await wait)?.release()
  await clock.settle()
})

test.each(Object.keys(testPorts))('over %s it counts what events tell', async (port) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          name: fc.constantFrom('a', 'b'),
          mode: fc.constantFrom('read' as const, 'write' as const),
          wait: fc.constantFrom(undefined, 0, 5),
          pass: fc.integer({ min: 0, max: 9 }),
          end: fc.boolean(),
        }),
        { minLength: 1, maxLength: 25 },
      ),
      async (steps) => {
        const { locks, clock } = open({ sample: 1 }, port)
        const account = new Account({ resolution: 0 })
        const unsubscribe = locks.subscribe((event) => account.add(event))
        const held: { release(): void }[] = []
        for (const { name, mode, wait, pass, end } of steps) {
          const lock = locks.rwLock(name)
          const options = wait === undefined ? {} : { timeout: wait }
          const asked = mode === 'read' ? lock.acquireRead(options) : lock.acquireWrite(options)
          asked.then((hold) => held.push(hold)).catch(() => {})
          await clock.settle()
          clock.advance(pass)
          await clock.settle()
          if (end) held.shift()?.release()
          await clock.settle()
        }
        for (let each = held.shift(); each !== undefined; each = held.shift()) {
          clock.advance(1)
          each.release()
          await clock.settle()
        }
        const ours = recorder.recording()
        recorder.stop()
        unsubscribe()
        const theirs = account.recording()
        // Who waited for no time at all has waited, which events do not tell.
        const all = { contended: expect.any(Number) }
        expect(ours.locks).toEqual(theirs.locks.map((each) => ({ ...each, ...all })))
        const byCharge = (records: typeof ours.contention) =>
          records.map(({ charged, lock, mode, contentions, delay }) =>
            [charged, lock, mode, contentions, Math.round(delay * 1e6)].join(' '),
          )
        expect(byCharge(ours.contention).sort()).toEqual(byCharge(theirs.contention).sort())
      },
    ),
    // Each transaction of fake-indexeddb takes real time.
    { seed, numRuns: port.includes('indexed') ? 5 : 15 },
  )
})

describe('stopping', () => {
  test('is for good, and leaves what was recorded', async () => {
    const { locks } = open()
    await hold('a', 10)
    recorder.stop()
    await hold('a', 10)
    expect(lockOf('a')).toMatchObject({ grants: 1 })
    expect(locks.space.recorder).toBeUndefined()
    const { to } = recorder.recording()
    made.clock.advance(1000)
    expect(recorder.recording().to).toBe(to)
  })

  test('is what disposal does', () => {
    const { locks } = open()
    recorder[Symbol.dispose]()
    expect(locks.space.recorder).toBeUndefined()
  })

  test('an earlier one does not stop a later one', () => {
    const { locks } = open()
    const earlier = recorder
    earlier.stop()
    recorder = record(locks)
    earlier.stop()
    expect(locks.space.recorder).toBeDefined()
  })
})

test('these locks can be recorded by one at a time', () => {
  const { locks } = open()
  expect(() => record(locks)).toThrow(/being recorded already/)
})

test.each([
  [{ sample: 0 }, /^sample must be between 1/],
  [{ sample: 1.5 }, /^sample must be a whole number, got 1.5/],
  [{ capacity: -1 }, /^capacity must be between/],
  [{ every: 1 }, /^every must be between/],
  [{ p99: -1 }, /^p99 must be between/],
  [{ waiting: 'many' }, /^waiting must be a number/],
  [{ onFinding: 5 }, /^onFinding must be a function/],
  [{ findings: { longHold: -1 } }, /^longHold must be between/],
])('refuses %o, and records nothing', (options, message) => {
  const { locks } = testLocks()
  expect(() => record(locks, options as object)).toThrow(message)
  expect(locks.space.recorder).toBeUndefined()
})

test('refuses what are no locks', () => {
  expect(() => record({} as Locks)).toThrow(/^locks must be what createLocks answers/)
})

test('is safe where there is nothing to lock with', () => {
  const space = new Space('origin', () => {
    throw new Error('opened')
  })
  record(new Locks(space)).stop()
  const locks = createLocks({ reach: 'realm' })
  const own = record(locks)
  expect(Histogram.from(own.recording().locks[0]?.wait ?? new Histogram().data()).count).toBe(0)
  own.stop()
})

describe('findings', () => {
  test('are told while it records, each once', async () => {
    const found: string[] = []
    open({
      sample: 1,
      every: 100,
      p99: 50,
      waiting: 1,
      onFinding: ({ kind, lock }) => found.push(`${kind} ${lock}`),
    })
    const { locks, clock } = made
    const first = await locks.mutex('a').acquire()
    const waits = [locks.mutex('a').acquire(), locks.mutex('a').acquire()]
    await clock.settle()
    clock.advance(100)
    expect(found).toEqual(['long queue a'])
    clock.advance(1000)
    expect(found).toEqual(['long queue a', 'long hold a'])
    first.release()
    await clock.settle()
    for (const wait of waits) {
      ;(await wait).release()
      await clock.settle()
    }
    clock.advance(100)
    expect(found.slice(2)).toEqual(['hot lock a', 'idle hold a', 'slow acquisition a'])
    clock.advance(1000)
    expect(found).toHaveLength(5)
    // Within the limit in between: told again.
    const again = await locks.mutex('a').acquire()
    const more = locks.mutex('a').acquire()
    clock.advance(60)
    again.release()
    await clock.settle()
    ;(await more).release()
    clock.advance(100)
    expect(found.slice(5)).toEqual(['slow acquisition a'])
    recorder.stop()
    expect(clock.timers).toBe(0)
  })
})

test('a process may end though somebody looks out for findings', () => {
  const timers = () => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length
  const before = timers()
  const own = record(createLocks({ reach: 'realm' }), { onFinding: () => {}, every: 1e6 })
  expect(timers()).toBe(before)
  // A shipment is there to be sent.
  const shipment = own.ship({ every: 1e6, to: () => {} })
  expect(timers()).toBe(before + 1)
  shipment.stop()
  own.stop()
  expect(timers()).toBe(before)
})
