/** Deadlocks are found in every topology, whatever carries the locks, and nothing else is. */

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { DeadlockError } from '../errors'
import type { LockEvent } from '../events'
import type { Hold, Task } from '../hold'
import { extend, type TestAgent, type TestAgents, testAgents } from '../testing/test-agents'
import { type DeadlockOptions, detectDeadlocks } from './detect-deadlocks'

vi.setConfig({ testTimeout: 10_000 })

describe.each(Object.keys(testAgents))('%s', (name) => {
  let world: TestAgents
  let events: LockEvent[]

  beforeEach(() => {
    const make = testAgents[name]
    if (make === undefined) throw new Error(name)
    world = make()
    events = []
  })

  function open(options: DeadlockOptions = {}): TestAgent {
    const agent = world.open()
    extend(agent.locks, { deadlock: detectDeadlocks(options) })
    agent.locks.subscribe((event) => events.push(event))
    return agent
  }

  async function pass(ms: number): Promise<void> {
    world.clock.advance(ms)
    await world.settle()
  }

  /** Tasks of these agents, in the order of their ages, the oldest first. */
  async function tasksOf(...agents: readonly TestAgent[]): Promise<Task[]> {
    const tasks: Task[] = []
    for (const [index, { locks }] of agents.entries()) {
      tasks.push(locks.task(`t${index}`))
      await pass(1)
    }
    return tasks
  }

  /** Each task holds a lock of its own and asks for the next one's. */
  async function circle(tasks: readonly Task[]): Promise<Promise<Hold>[]> {
    const holds: Hold[] = []
    for (const [index, task] of tasks.entries()) {
      const asked = task.mutex(`lock ${index}`).acquire()
      await world.settle()
      holds.push(await asked)
    }
    const waits = tasks.map(async (task, index) => {
      const next = await task.mutex(`lock ${(index + 1) % tasks.length}`).acquire()
      holds[index]?.release()
      return next
    })
    // The victim gives up what it holds.
    for (const wait of waits) wait.catch(() => holds.at(-1)?.release())
    await world.settle()
    return waits
  }

  const deadlocks = () => events.filter(({ type }) => type === 'deadlock')

  test.each([
    ['two tasks of one agent', 2, 1],
    ['two agents', 2, 2],
    ['five tasks of five agents', 5, 5],
    ['five tasks of two agents', 5, 2],
  ])('%s: the youngest is rejected, the others go on', async (_what, count, of) => {
    const agents = Array.from({ length: of }, () => open())
    const tasks = await tasksOf(
      ...Array.from({ length: count }, (_, index) => agents[index % of] as TestAgent),
    )
    const waits = await circle(tasks)
    await pass(990)
    expect(deadlocks()).toEqual([])
    await pass(20)
    const error: DeadlockError = await waits[count - 1]?.then(
      () => Promise.reject(new Error('it was granted')),
      (reason) => reason,
    )
    expect(error).toBeInstanceOf(DeadlockError)
    expect(error.cycle.map(({ task }) => task)).toEqual([
      `t${count - 1}`,
      ...Array.from({ length: count - 1 }, (_, index) => `t${index}`),
    ])
    expect(error.cycle[0]).toEqual({
      agent: agents[(count - 1) % of]?.locks.space.agent,
      task: `t${count - 1}`,
      lock: 'lock 0',
      mode: 'exclusive',
      behind: 'holder',
      for: expect.any(Number),
    })
    for (let index = count - 2; index >= 0; index--) {
      await world.settle()
      ;(await waits[index])?.release()
    }
    await world.settle()
    expect(deadlocks()).toHaveLength(1)
    expect(deadlocks()[0]).toMatchObject({ task: `t${count - 1}`, cycle: error.cycle })
    for (const { locks } of agents) expect(locks.stats().waits).toBe(0)
  })

  test.each([
    ['of the same agent', 1],
    ['of another agent', 2],
  ])('a reader reads again, with a writer %s in between', async (_whose, of) => {
    const agents = Array.from({ length: of }, () => open())
    const [reader, writer] = await tasksOf(agents[0] as TestAgent, agents[of - 1] as TestAgent)
    const asked = reader?.rwLock('rw').acquireRead()
    await world.settle()
    const outer = await asked
    const write = writer?.rwLock('rw').acquireWrite()
    write?.catch(() => {})
    // Beyond the budget of a cohort: before, it would let the reader in.
    await pass(10)
    const inner = reader?.rwLock('rw').acquireRead({ reentrant: 'wait' })
    inner?.catch(() => {})
    await world.settle()
    await pass(1_010)
    // The writer, though younger, holds nothing that anybody waits for.
    const error: DeadlockError = await (inner as Promise<Hold>).catch((reason) => reason)
    expect(error).toBeInstanceOf(DeadlockError)
    expect(error.cycle).toMatchObject([
      { task: 't0', lock: 'rw', mode: 'shared', behind: 'waiter' },
      { task: 't1', lock: 'rw', mode: 'exclusive', behind: 'holder' },
    ])
    outer?.release()
    await world.settle()
    ;(await write)?.release()
    await world.settle()
  })

  test('two readers both want to write', async () => {
    const [one, other] = [open(), open()]
    const tasks = await tasksOf(one, other)
    const holds: Hold[] = []
    for (const task of tasks) {
      const asked = task.rwLock('rw').acquireRead()
      await world.settle()
      holds.push(await asked)
    }
    const writes = tasks.map((task) => task.rwLock('rw').acquireWrite({ reentrant: 'wait' }))
    for (const write of writes) write.catch(() => {})
    await pass(1_010)
    await expect(writes[1]).rejects.toBeInstanceOf(DeadlockError)
    holds[1]?.release()
    holds[0]?.release()
    await world.settle()
    ;(await writes[0])?.release()
    await world.settle()
  })

  test('a writer behind the gate of another one waits for readers as well', async () => {
    const agents = [open(), open(), open()]
    const [reader, first, second] = await tasksOf(...agents)
    const take = async (asked: Promise<Hold> | undefined) => {
      await world.settle()
      return asked as Promise<Hold>
    }
    const read = await take(reader?.rwLock('rw').acquireRead())
    const held = await take(second?.mutex('m').acquire())
    const writes = [first?.rwLock('rw').acquireWrite(), undefined]
    await world.settle()
    writes[1] = second?.rwLock('rw').acquireWrite()
    writes[1]?.catch(() => {})
    await world.settle()
    const asks = reader?.mutex('m').acquire()
    await pass(1_010)
    const error: DeadlockError = await (writes[1] as Promise<Hold>).catch((reason) => reason)
    // The first writer only waits: to reject him would help nobody.
    expect(error.cycle.map(({ task, behind }) => [task, behind])).toEqual([
      ['t2', 'holder'],
      ['t0', 'holder'],
    ])
    held.release()
    ;(await take(asks)).release()
    read.release()
    ;(await take(writes[0])).release()
    await world.settle()
  })

  test('an anonymous wait that others wait behind is part of the circle and no victim', async () => {
    const [one, other] = [open(), open()]
    const [reader] = await tasksOf(one)
    const asked = reader?.rwLock('rw').acquireRead()
    await world.settle()
    const outer = await asked
    const write = other.locks.rwLock('rw').acquireWrite()
    write.catch(() => {})
    await pass(10)
    const inner = reader?.rwLock('rw').acquireRead({ reentrant: 'wait' })
    inner?.catch(() => {})
    await pass(1_010)
    await expect(inner).rejects.toBeInstanceOf(DeadlockError)
    outer?.release()
    await world.settle()
    ;(await write).release()
    await world.settle()
  })

  test('is only reported, once, where that is asked for', async () => {
    const told: DeadlockError[] = []
    const agent = open({ onDeadlock: 'report' })
    const other = open({ onDeadlock: (error) => told.push(error) })
    const tasks = await tasksOf(agent, other)
    const waits = await circle(tasks)
    for (let round = 0; round < 3; round++) await pass(1_010)
    expect(deadlocks()).toHaveLength(1)
    expect(deadlocks()[0]).toMatchObject({ task: 't1', goesOn: true })
    expect(told).toHaveLength(1)
    expect(told[0]?.message).toBe(
      `deadlock: task "t1" waits for "lock 0" (exclusive), held by task "t0" in agent ${agent.locks.space.agent}; ` +
        `task "t0" in agent ${agent.locks.space.agent} waits for "lock 1" (exclusive), held by task "t1"`,
    )
    expect([agent, other].map(({ locks }) => locks.stats().waits)).toEqual([1, 1])
    agent.die()
    await pass(5_000)
    ;(await waits[1])?.release()
  })

  test('waits that are merely long are none', async () => {
    const agents = [open(), open(), open()]
    const tasks = await tasksOf(...agents)
    const take = async (asked: Promise<Hold> | undefined) => {
      await world.settle()
      return asked as Promise<Hold>
    }
    const held = await take(tasks[0]?.mutex('a').acquire())
    const middle = await take(tasks[1]?.mutex('b').acquire())
    const chain = [tasks[1]?.mutex('a').acquire(), tasks[2]?.mutex('b').acquire()]
    for (let round = 0; round < 3; round++) await pass(1_010)
    held.release()
    ;(await take(chain[0])).release()
    middle.release()
    ;(await take(chain[1])).release()
    await pass(2_000)
    expect(deadlocks()).toEqual([])
  })

  test('two who ask side by side on behalf of one task do not wait for each other', async () => {
    const [one, other, holder] = [open(), open(), open()]
    const [task, between, first] = await tasksOf(one, other, holder)
    const take = async (asked: Promise<Hold> | undefined) => {
      await world.settle()
      return asked as Promise<Hold>
    }
    const held = await take(first?.mutex('a').acquire())
    const asked = [task?.mutex('a').acquire()]
    await world.settle()
    asked.push(between?.mutex('a').acquire())
    await world.settle()
    asked.push(task?.mutex('a').acquire())
    await world.settle()
    held.release()
    await world.settle()
    for (let round = 0; round < 3; round++) await pass(1_010)
    expect(deadlocks()).toEqual([])
    for (const each of asked) each?.then((hold) => hold.release())
    await pass(10)
    await Promise.all(asked)
  })

  test('lost messages are made good by the next round', async () => {
    const tasks = await tasksOf(open(), open())
    const waits = await circle(tasks)
    let sent = 0
    world.bus.loses = () => true
    await pass(1_010)
    // The first round is heard, the second is not.
    world.bus.loses = ({ type }) => type === 'deadlock probe' && ++sent > 2
    await pass(1_010)
    expect(sent).toBeGreaterThan(2)
    expect(deadlocks()).toEqual([])
    world.bus.loses = () => false
    await pass(1_010)
    await expect(waits[1]).rejects.toBeInstanceOf(DeadlockError)
    await world.settle()
    ;(await waits[0])?.release()
    await world.settle()
  })

  test('an agent that dies in the midst ends the circle', async () => {
    const agents = [open(), open(), open()]
    const tasks = await tasksOf(...agents)
    const waits = await circle(tasks)
    // Found, and not yet confirmed: the second round begins with the third probe of a chain.
    let probes = 0
    world.bus.loses = (message) => {
      if (message.type === 'deadlock probe' && ++probes === 4) agents[1]?.die()
      return false
    }
    await pass(1_010)
    expect(probes).toBeGreaterThanOrEqual(4)
    world.bus.loses = () => false
    for (let round = 0; round < 5; round++) await pass(1_010)
    expect(deadlocks()).toEqual([])
    ;(await waits[0])?.release()
    await world.settle()
    ;(await waits[2])?.release()
    await world.settle()
  })

  test('nothing is left behind, and nothing is sent while nobody waits long', async () => {
    const agents = [open(), open()]
    const tasks = await tasksOf(...agents)
    for (let round = 0; round < 5; round++) {
      const asked = tasks.map((task) => task.mutex('a').run(() => {}))
      await world.settle()
      await Promise.all(asked)
    }
    await pass(2_000)
    expect(world.bus.posted.filter((type) => type.startsWith('deadlock'))).toEqual([])
  })
})

test('a crowd of waits is looked into a few at a time, each in its turn', async () => {
  const world = testAgents['one queue']?.() as TestAgents
  const [holder, crowd] = [world.open(), world.open()]
  extend(crowd.locks, { deadlock: detectDeadlocks() })
  const hold = await holder.locks.mutex('wanted').acquire()
  const works = Array.from({ length: 50 }, (_, index) => {
    const task = crowd.locks.task()
    return task.mutex(`own ${index}`).run(() => task.mutex('wanted').run(() => {}))
  })
  await world.settle()
  const probes = () => world.bus.posted.length
  for (const expected of [0, 20, 40, 50, 50]) {
    world.clock.advance(expected === 20 ? 990 : 10)
    await world.settle()
    expect(probes()).toBe(expected)
  }
  hold.release()
  await world.settle()
  await Promise.all(works)
})
