/**
 * A thread that blocks finds that it waits for itself, or that it does not. Here is one thread, so
 * the other agents' are blocked in the table alone; real ones are in `blocked-threads.test.ts`.
 */

import { beforeEach, describe, expect, test } from 'vitest'
import { Locks } from '../create-locks'
import { DeadlockError, TimeoutError } from '../errors'
import type { LockEvent } from '../events'
import { bit } from '../ports/shared-memory/layout'
import type { SharedMemoryPort } from '../ports/shared-memory/shared-memory'
import { Space } from '../space'
import { LocalMemory } from '../testing/local-memory'
import { TableThread } from '../testing/table-thread'
import { extend, TestBus } from '../testing/test-agents'
import { VirtualClock } from '../testing/virtual-clock'
import { type DeadlockOptions, detectDeadlocks } from './detect-deadlocks'

let clock: VirtualClock
let memory: LocalMemory
let bus: TestBus
let port: SharedMemoryPort
let locks: Locks
let events: LockEvent[]

beforeEach(() => {
  clock = new VirtualClock()
  memory = new LocalMemory(clock)
  // The first one watches.
  memory.attach()
  bus = new TestBus(clock)
  port = memory.attach({ bus: bus.open(() => true) })
  locks = new Locks(new Space('cluster', () => ({ bounded: port, strict: port }), clock))
  events = []
  locks.subscribe((event) => events.push(event))
  detect()
})

function detect(options: DeadlockOptions = {}): void {
  extend(locks, { deadlock: detectDeadlocks({ after: 300, ...options }) })
}

class Thread extends TableThread {
  constructor(detects?: boolean) {
    super(memory, detects)
  }
}

/** What becomes of a wait of a second, and when. */
function block(of: { acquireSync(options: { timeout: number }): unknown }): [unknown, number] {
  const since = clock.now()
  try {
    return [of.acquireSync({ timeout: 1_000 }), clock.now() - since]
  } catch (error) {
    return [error, clock.now() - since]
  }
}

test('the last to wait falls, after a second look', () => {
  const other = new Thread()
  other.ask('b')
  const task = locks.task('mine')
  const held = task.mutex('a').acquireSync()
  other.ask('a')
  const [error, took] = block(task.mutex('b'))
  expect(error).toBeInstanceOf(DeadlockError)
  expect(took).toBe(310)
  const client = other.seat.presence.id
  const agent = locks.space.agent
  const cycle = [
    {
      agent,
      task: 'mine',
      lock: 'b',
      mode: 'exclusive',
      behind: 'holder',
      for: 310,
      blocked: true,
    },
    {
      agent: client,
      task: 'a blocked thread',
      lock: 'a',
      mode: 'exclusive',
      behind: 'holder',
      for: 310,
      blocked: true,
    },
  ]
  expect(error).toMatchObject({ code: 'deadlock', cycle })
  expect(String(error)).toBe(
    `DeadlockError: deadlock: task "mine" waits for "b" (exclusive), held by a blocked thread in agent ${client}; a blocked thread in agent ${client} waits for "a" (exclusive), held by task "mine"`,
  )
  expect(events.map(({ type }) => type)).toEqual(['request', 'grant', 'request', 'deadlock'])
  expect(events.at(-1)).toMatchObject({ lock: 'b', cycle })
  expect(port.snapshot().pending).toMatchObject([{ name: 'a', clientId: client }])
  held.release()
  expect(port.snapshot()).toMatchObject({ held: [{ name: 'a' }, { name: 'b' }], pending: [] })
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
})

test('the look that finds somebody at the table is taken again soon', () => {
  const other = new Thread()
  other.ask('b')
  const held = locks.mutex('a').acquireSync()
  other.ask('a')
  const { words } = memory
  const wait = words.wait.bind(words)
  const begun = clock.now()
  words.wait = (index, value, timeout) => {
    const outcome = wait(index, value, timeout)
    if (clock.now() === begun + 300) other.seat.enter(1)
    if (clock.now() === begun + 310) other.seat.exit()
    return outcome
  }
  const [error, took] = block(locks.mutex('b'))
  expect([error, took]).toEqual([expect.any(DeadlockError), 320])
  held.release()
})

test('who waited before the last one does not', () => {
  const other = new Thread()
  other.ask('b')
  const task = locks.task()
  task.mutex('a').acquireSync()
  memory.words.meanwhile = () => other.ask('a')
  const [error, took] = block(task.mutex('b'))
  expect(error).toBeInstanceOf(TimeoutError)
  expect(took).toBe(1_000)
})

test('unless the last one does not detect', () => {
  const other = new Thread(false)
  other.ask('b')
  const task = locks.task()
  task.mutex('a').acquireSync()
  memory.words.meanwhile = () => other.ask('a')
  expect(block(task.mutex('b'))[0]).toBeInstanceOf(DeadlockError)
})

test('three, and an anonymous task', () => {
  const [one, other] = [new Thread(), new Thread()]
  const held = locks.mutex('a').acquireSync()
  one.ask('b')
  other.ask('c')
  one.ask('c')
  other.ask('a')
  const [error] = block(locks.mutex('b'))
  expect(error).toMatchObject({ cycle: [{ lock: 'b' }, { lock: 'c' }, { lock: 'a' }] })
  held.release()
})

test('a long wait behind a thread that waits for somebody else is none', () => {
  const [one, other] = [new Thread(), new Thread()]
  locks.mutex('a').acquireSync()
  one.ask('b')
  other.ask('c')
  one.ask('c')
  expect(block(locks.mutex('b'))[0]).toBeInstanceOf(TimeoutError)
})

test('a holder whose thread is not blocked is none, though it waits', () => {
  const other = new Thread()
  locks.mutex('a').acquireSync()
  other.ask('b')
  other.ask('a', 'exclusive', 0)
  expect(block(locks.mutex('b'))[0]).toBeInstanceOf(TimeoutError)
})

test('what is only kept is held by nobody', () => {
  const other = new Thread()
  const { table } = other.seat
  locks.mutex('a').acquireSync()
  const at = other.ask('b')
  expect(table.keep(at, table.holding(bit.exclusive | bit.blocking))).toBe(true)
  other.ask('a')
  expect(block(locks.mutex('b'))[0]).toMatchObject({ isHeld: true })
})

test.each([
  // The new wait is the last one: the victim is there.
  ['none', true, TimeoutError, 1_000],
  ['found by a third one', false, DeadlockError, 320],
])('a cycle with another wait at the second look is %s', (_what, detects, what, when) => {
  const other = new Thread(detects)
  other.ask('b')
  locks.mutex('a').acquireSync()
  let waits = other.ask('a')
  const { words } = memory
  const wait = words.wait.bind(words)
  const begun = clock.now()
  words.wait = (index, value, timeout) => {
    // Between the two looks it gives up, and asks again.
    if (clock.now() === begun + 300) {
      other.withdraw(waits)
      waits = other.ask('a')
    }
    return wait(index, value, timeout)
  }
  const [error, took] = block(locks.mutex('b'))
  expect([error, took]).toEqual([expect.any(what), when])
})

test('readers who share a lock do not wait for each other', () => {
  const other = new Thread()
  other.ask('rw', 'shared')
  locks.mutex('a').acquireSync()
  other.ask('a')
  expect(block({ acquireSync: (how) => locks.rwLock('rw').acquireReadSync(how) })[0]).toMatchObject(
    {
      isHeld: true,
    },
  )
})

test.each([
  ['a blocked writer', bit.blocking],
  ['a writer that is not blocked', 0],
])('a reader behind %s that waits for another reader', (_whose, how) => {
  const [reader, writer] = [new Thread(), new Thread()]
  reader.ask('rw', 'shared')
  writer.ask('rw', 'exclusive', how)
  const held = locks.mutex('a').acquireSync()
  reader.ask('a')
  const [error] = block({ acquireSync: (wait) => locks.rwLock('rw').acquireReadSync(wait) })
  const task = how === 0 ? 'unknown' : 'a blocked thread'
  expect(error).toMatchObject({
    cycle: [
      { lock: 'rw', mode: 'shared', behind: 'waiter' },
      { lock: 'rw', task, mode: 'exclusive', behind: 'holder' },
      { lock: 'a', task: 'a blocked thread', mode: 'exclusive', behind: 'holder' },
    ],
  })
  held.release()
})

test('a writer that only waits ahead of others is no victim', () => {
  const [reader, other] = [new Thread(), new Thread(false)]
  reader.ask('rw', 'shared')
  other.ask('y')
  reader.ask('y')
  memory.words.meanwhile = () => other.ask('rw', 'shared')
  const [error] = block({ acquireSync: (how) => locks.rwLock('rw').acquireWriteSync(how) })
  expect(error).toBeInstanceOf(TimeoutError)
})

test('another thread at the gate of an RW lock goes by the name of the lock', () => {
  const other = new Thread()
  other.ask('b')
  const held = locks.rwLock('rw').acquireWriteSync()
  other.ask('rw!w')
  expect(block(locks.mutex('b'))[0]).toMatchObject({ cycle: [{ lock: 'b' }, { lock: 'rw' }] })
  held.release()
})

test('at the gate of an RW lock, which goes by the name of its lock', () => {
  const writer = new Thread()
  writer.ask('rw!w')
  writer.ask('rw')
  locks.mutex('a').acquireSync()
  writer.ask('a')
  const write = { acquireSync: (how: object) => locks.rwLock('rw').acquireWriteSync(how) }
  const [error] = block(write)
  expect(error).toMatchObject({ cycle: [{ lock: 'rw', behind: 'holder' }, { lock: 'a' }] })
  expect(locks.stats().waits).toBe(0)
})

test.each(['report', 'a function'])('%s: the wait goes on', (how) => {
  const errors: DeadlockError[] = []
  detect({ onDeadlock: how === 'report' ? how : (error) => errors.push(error) })
  const other = new Thread()
  other.ask('b')
  locks.mutex('a').acquireSync()
  other.ask('a')
  const [error, took] = block(locks.mutex('b'))
  expect([error, took]).toEqual([expect.any(TimeoutError), 1_000])
  const found = events.filter(({ type }) => type === 'deadlock')
  expect(found).toMatchObject([{ lock: 'b', goesOn: true, cycle: [{ lock: 'b' }, { lock: 'a' }] }])
  expect(errors).toHaveLength(how === 'report' ? 0 : 1)
})

test('a wait that is granted meanwhile is granted', () => {
  const other = new Thread()
  const at = other.ask('b')
  locks.mutex('a').acquireSync()
  const waits = other.ask('a')
  const { words } = memory
  const wait = words.wait.bind(words)
  words.wait = (index, value, timeout) => {
    if (timeout === 10) {
      other.withdraw(waits)
      other.seat.table.end(at, true)
    }
    return wait(index, value, timeout)
  }
  expect(block(locks.mutex('b'))[0]).toMatchObject({ isHeld: true })
  expect(events.at(-1)).toMatchObject({ type: 'grant' })
  expect(events.at(-1)).not.toHaveProperty('cycle')
})

test('nor is it rejected if it is granted after the last look', () => {
  const other = new Thread()
  other.ask('b')
  locks.mutex('a').acquireSync()
  const waits = other.ask('a')
  const table = port.seat?.table
  if (table === undefined) throw new Error('not attached')
  const withdraw = table.withdraw.bind(table)
  table.withdraw = (at, state) => {
    other.withdraw(waits)
    other.give('b')
    return withdraw(at, state)
  }
  expect(block(locks.mutex('b'))[0]).toMatchObject({ isHeld: true })
  expect(events.map(({ type }) => type)).not.toContain('deadlock')
})

describe('a task that waits asynchronously', () => {
  /** Longer than it takes to look twice. */
  async function pass(): Promise<void> {
    for (let i = 0; i < 3; i++) {
      clock.advance(300)
      await clock.settle()
    }
  }

  test('is the victim, whichever thread is younger', async () => {
    const [one, other] = [new Thread(), new Thread()]
    one.ask('b')
    other.ask('c')
    const held = await locks.task('main').mutex('a').acquire()
    one.ask('c')
    const wait = held.mutex('b').acquire()
    const ends = wait.catch((error) => error)
    await clock.settle()
    other.ask('a')
    await pass()
    const error = await ends
    expect(error).toBeInstanceOf(DeadlockError)
    const [first, second] = [one, other].map(({ seat }) => seat.presence.id)
    expect(error.cycle).toMatchObject([
      { agent: locks.space.agent, task: 'main', lock: 'b' },
      { agent: first, task: 'a blocked thread', lock: 'c', blocked: true },
      { agent: second, task: 'a blocked thread', lock: 'a', blocked: true },
    ])
    expect(error.cycle[0]).not.toHaveProperty('blocked')
  })

  test('finds its cycle behind a wait of a thread that is blocked for something else', async () => {
    const [reader, writer, free] = [new Thread(), new Thread(), new Thread()]
    reader.ask('rw', 'shared')
    free.ask('elsewhere')
    writer.ask('rw', 'exclusive', 0)
    writer.ask('elsewhere')
    const held = await locks.task('main').mutex('a').acquire()
    reader.ask('a')
    const ends = held
      .rwLock('rw')
      .acquireRead()
      .catch((error) => error)
    await pass()
    expect(await ends).toMatchObject({
      cycle: [
        { task: 'main', lock: 'rw', mode: 'shared', behind: 'waiter' },
        { task: 'unknown', lock: 'rw', mode: 'exclusive', behind: 'holder' },
        { task: 'a blocked thread', lock: 'a', behind: 'holder' },
      ],
    })
  })

  test('is not told for waiting ahead of threads that wait for each other', async () => {
    const [one, other] = [new Thread(), new Thread()]
    one.ask('rw', 'shared')
    other.ask('y')
    const held = await locks.task('main').mutex('a').acquire()
    const write = held.rwLock('rw').acquireWrite()
    await clock.settle()
    one.ask('y')
    const waits = other.ask('rw', 'shared')
    await pass()
    expect(locks.stats()).toMatchObject({ holds: 1, waits: 1 })
    expect(events.map(({ type }) => type)).not.toContain('deadlock')
    // Nobody is asked who could not answer.
    expect(bus.posted).toEqual([])
    // One of them gives up, as it does when it looks for itself.
    other.withdraw(waits)
    other.give('y')
    one.give('rw')
    await clock.settle()
    expect(await write).toMatchObject({ isHeld: true })
  })

  test('waits on for a thread that waits for somebody else', async () => {
    const [one, other] = [new Thread(), new Thread()]
    one.ask('b')
    other.ask('c')
    const held = await locks.task('main').mutex('a').acquire()
    one.ask('c')
    held
      .mutex('b')
      .acquire()
      .catch(() => {})
    await pass()
    expect(locks.stats()).toMatchObject({ holds: 1, waits: 1 })
  })
})
