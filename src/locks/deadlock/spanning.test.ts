/** Deadlocks of tasks that span several lock spaces are found, and nothing else is. */

import { describe, expect, test, vi } from 'vitest'
import type { Locks } from '../create-locks'
import { DeadlockError } from '../errors'
import type { LockEvent } from '../events'
import type { Hold, Task } from '../hold'
import { type MixedAgent, type MixedAgents, mixedAgents, realm } from '../testing/mixed-agents'
import { extend } from '../testing/test-agents'
import { checkOrder } from './check-order'
import { type DeadlockOptions, detectDeadlocks } from './detect-deadlocks'

vi.setConfig({ testTimeout: 20_000 })

class Mixture {
  readonly agents: MixedAgents
  readonly deadlocks: Extract<LockEvent, { readonly type: 'deadlock' }>[] = []

  constructor(...spaces: readonly string[]) {
    this.agents = mixedAgents(spaces)
  }

  /** @param detecting the spaces in which it does; all if none are named */
  open(options: DeadlockOptions = {}, detecting?: readonly number[]): MixedAgent {
    const agent = this.agents.open()
    for (const [index, locks] of agent.locks.entries()) {
      if (detecting === undefined || detecting.includes(index)) {
        extend(locks, { deadlock: detectDeadlocks(options) })
      }
      locks.subscribe((event) => event.type === 'deadlock' && this.deadlocks.push(event))
    }
    return agent
  }

  async pass(ms: number): Promise<void> {
    this.agents.clock.advance(ms)
    await this.agents.settle()
  }

  async take(asked: Promise<Hold> | undefined): Promise<Hold> {
    await this.agents.settle()
    return asked as Promise<Hold>
  }

  /**
   * Each task holds a lock of its space and asks for that of the next one.
   * @param places the agent and the space of each, the oldest first
   */
  async circle(places: readonly (readonly [MixedAgent, number])[]): Promise<Promise<Hold>[]> {
    const tasks: Task[] = []
    const holds: Hold[] = []
    for (const [index, [agent, space]] of places.entries()) {
      const task = locksOf(agent, space).task(`t${index}`)
      tasks.push(task)
      holds.push(await this.take(task.mutex(`lock ${index}`).acquire()))
      await this.pass(1)
    }
    const waits = places.map(async ([agent], index) => {
      const next = (index + 1) % places.length
      const there = locksOf(agent, places[next]?.[1] as number).task(tasks[index] as Task)
      const hold = await there.mutex(`lock ${next}`).acquire()
      holds[index]?.release()
      return hold
    })
    for (const wait of waits) wait.catch(() => holds.at(-1)?.release())
    await this.agents.settle()
    return waits
  }

  /** The last one is told, and all others go on. */
  async expectFound(waits: readonly Promise<Hold>[]): Promise<DeadlockError> {
    await this.pass(990)
    expect(this.deadlocks).toEqual([])
    await this.pass(20)
    expect(this.deadlocks).toHaveLength(1)
    const last = waits.length - 1
    const error: DeadlockError = await (waits[last] as Promise<Hold>).then(
      () => Promise.reject(new Error('it was granted')),
      (reason) => reason,
    )
    expect(error).toBeInstanceOf(DeadlockError)
    const others = Array.from({ length: last }, (_, index) => `t${index}`)
    expect(error.cycle.map(({ task }) => task)).toEqual([`t${last}`, ...others])
    for (const wait of waits.slice(0, last).reverse()) (await this.take(wait)).release()
    await this.agents.settle()
    expect(this.deadlocks).toHaveLength(1)
    return error
  }
}

function locksOf(agent: MixedAgent, space: number): Locks {
  return agent.locks[space] as Locks
}

const pairs = [
  ['one queue', 'one queue'],
  ['web locks', 'shared memory'],
  ['cohort over web locks', 'cohort over shared memory'],
  ['cohort over indexed db', 'shared memory'],
] as const

describe.each(pairs)('%s and %s', (first, second) => {
  test('two tasks of one agent', async () => {
    const mixture = new Mixture(first, second)
    const agent = mixture.open()
    await mixture.expectFound(
      await mixture.circle([
        [agent, 0],
        [agent, 1],
      ]),
    )
  })

  test.each([
    [0, 1],
    [1, 0],
  ])('two agents, one of which goes on over the other bus', async (one, other) => {
    const mixture = new Mixture(first, second)
    const waits = await mixture.circle([
      [mixture.open(), one],
      [mixture.open(), other],
    ])
    const { cycle } = await mixture.expectFound(waits)
    expect(cycle).toMatchObject([
      { lock: 'lock 0', mode: 'exclusive', behind: 'holder' },
      { lock: 'lock 1', mode: 'exclusive', behind: 'holder' },
    ])
  })

  test('five agents, in turn of one space and the other', async () => {
    const mixture = new Mixture(first, second)
    const spaces = [0, 1, 1, 0, 1]
    await mixture.expectFound(
      await mixture.circle(spaces.map((space) => [mixture.open(), space] as const)),
    )
  })

  test('five tasks over three spaces, one of which ends at each agent', async () => {
    const mixture = new Mixture(first, second, realm)
    const [one, other] = [mixture.open(), mixture.open()]
    await mixture.expectFound(
      await mixture.circle([
        [one, 2],
        [one, 0],
        [other, 1],
        [other, 2],
        [one, 1],
      ]),
    )
  })

  test('a reader behind a writer of the other agent', async () => {
    const mixture = new Mixture(first, second)
    const [one, other] = [mixture.open(), mixture.open()]
    const reader = locksOf(one, 0).task('reader')
    const read = await mixture.take(reader.rwLock('rw').acquireRead())
    await mixture.pass(1)
    const between = locksOf(other, 1).task('between')
    const held = await mixture.take(between.mutex('m').acquire())
    const write = locksOf(other, 0).rwLock('rw').acquireWrite()
    // Beyond the budget of a cohort: before, it would let the reader in.
    await mixture.pass(10)
    const behind = locksOf(other, 0).task(between).rwLock('rw').acquireRead()
    behind.catch(() => held.release())
    const wait = locksOf(one, 1).task(reader).mutex('m').acquire()
    await mixture.pass(1_010)
    expect(mixture.deadlocks).toHaveLength(1)
    await expect(behind).rejects.toMatchObject({
      cycle: [
        { task: 'between', lock: 'rw', mode: 'shared', behind: 'waiter' },
        { lock: 'rw', mode: 'exclusive', behind: 'holder' },
        { task: 'reader', lock: 'm', mode: 'exclusive', behind: 'holder' },
      ],
    })
    ;(await mixture.take(wait)).release()
    read.release()
    ;(await mixture.take(write)).release()
    await mixture.agents.settle()
  })

  test('waits that are merely long are none, and nothing is left behind', async () => {
    const mixture = new Mixture(first, second)
    const agents = [mixture.open(), mixture.open()] as const
    const holds = [
      await mixture.take(locksOf(agents[0], 0).task().mutex('a').acquire()),
      await mixture.take(locksOf(agents[1], 1).task().mutex('b').acquire()),
    ]
    const middle = locksOf(agents[0], 1)
      .task((holds[0] as Hold).task)
      .mutex('b')
      .acquire()
    const last = locksOf(agents[1], 0).task().mutex('a').acquire()
    for (let round = 0; round < 3; round++) await mixture.pass(1_010)
    holds[1]?.release()
    ;(await mixture.take(middle)).release()
    holds[0]?.release()
    ;(await mixture.take(last)).release()
    await mixture.pass(2_000)
    expect(mixture.deadlocks).toEqual([])
    for (const { locks } of agents) {
      for (const each of locks) expect(each.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    }
  })
})

test('the error says of which reach each lock is, and who is in this agent', async () => {
  const mixture = new Mixture('web locks', 'shared memory', realm)
  const [one, other] = [mixture.open(), mixture.open()]
  const waits = await mixture.circle([
    [other, 0],
    [one, 1],
    [one, 2],
  ])
  const error = await mixture.expectFound(waits)
  expect(error.cycle.map(({ lock, reach }) => [lock, reach])).toEqual([
    ['lock 0', 'origin'],
    ['lock 1', 'cluster'],
    ['lock 2', 'realm'],
  ])
  const { agent } = locksOf(other, 1).space
  expect(error.message).toBe(
    `deadlock: task "t2" waits for "lock 0" of reach "origin" (exclusive), held by task "t0" in agent ${agent}; ` +
      `task "t0" in agent ${agent} waits for "lock 1" of reach "cluster" (exclusive), held by task "t1"; ` +
      'task "t1" waits for "lock 2" of reach "realm" (exclusive), held by task "t2"',
  )
})

test('agents that have no space in common', async () => {
  const mixture = new Mixture(...Array.from({ length: 4 }, () => 'one queue'))
  // Each knows only two of them; the youngest is found by its own rounds.
  const agents = [0, 1, 2, 3].map(() => mixture.open())
  const waits = await mixture.circle(agents.map((agent, index) => [agent, index] as const))
  for (const [index, agent] of agents.entries()) {
    const used = agent.locks.map(({ space }) => space.opened)
    const expected = [0, 1, 2, 3].map((space) => space === index || space === (index + 1) % 4)
    expect(used).toEqual(expected)
  }
  await mixture.expectFound(waits)
})

test('over the bus of each space goes only what belongs there, and what is lost comes again', async () => {
  const mixture = new Mixture('web locks', 'shared memory')
  const [one, other] = [mixture.open(), mixture.open()]
  const waits = await mixture.circle([
    [one, 0],
    [other, 1],
  ])
  const [first, second] = mixture.agents.worlds.map(({ bus }) => bus)
  if (first === undefined || second === undefined) throw new Error('there are two')
  second.loses = () => true
  for (let round = 0; round < 3; round++) await mixture.pass(1_010)
  expect(mixture.deadlocks).toEqual([])
  expect(first.posted).toContain('deadlock probe')
  expect(second.posted).toContain('deadlock probe')
  second.loses = () => false
  await mixture.pass(1_010)
  expect(mixture.deadlocks).toHaveLength(1)
  await expect(waits[1]).rejects.toBeInstanceOf(DeadlockError)
  ;(await mixture.take(waits[0])).release()
  await mixture.agents.settle()
  const posted = first.posted.length + second.posted.length
  await mixture.pass(5_000)
  expect(first.posted.length + second.posted.length).toBe(posted)
})

test('an agent that dies in the midst ends the circle', async () => {
  const mixture = new Mixture('web locks', 'shared memory')
  const agents = [mixture.open(), mixture.open(), mixture.open()]
  const waits = await mixture.circle([
    [agents[0] as MixedAgent, 0],
    [agents[1] as MixedAgent, 1],
    [agents[2] as MixedAgent, 0],
  ])
  let probes = 0
  for (const { bus } of mixture.agents.worlds) {
    bus.loses = ({ type }) => {
      // The second round is under way.
      if (type === 'deadlock probe' && ++probes === 4) agents[1]?.die()
      return false
    }
  }
  for (let round = 0; round < 5; round++) await mixture.pass(1_010)
  expect(probes).toBeGreaterThanOrEqual(4)
  expect(mixture.deadlocks).toEqual([])
  ;(await mixture.take(waits[0])).release()
  ;(await mixture.take(waits[2])).release()
  await mixture.agents.settle()
})

test('where one of the spaces does not detect, it is unknown', async () => {
  const mixture = new Mixture('web locks', 'shared memory')
  const waits = await mixture.circle([
    [mixture.open(), 0],
    [mixture.open({}, [0]), 1],
  ])
  for (let round = 0; round < 3; round++) await mixture.pass(1_010)
  expect(mixture.deadlocks).toEqual([])
  for (const wait of waits) wait.catch(() => {})
})

test('a task has one face in each space', async () => {
  const mixture = new Mixture('one queue', 'one queue')
  const agent = mixture.open()
  const task = locksOf(agent, 0).task('t')
  const face = locksOf(agent, 1).task(task)
  expect(face).toMatchObject({ id: task.id, name: 't' })
  expect(locksOf(agent, 1).task(task)).toBe(face)
  expect(locksOf(agent, 0).task(face)).toBe(task)
})

describe('names of different spaces are different locks', () => {
  async function both() {
    const mixture = new Mixture('one queue', 'one queue')
    const agent = mixture.open()
    const [near, far] = [locksOf(agent, 0), locksOf(agent, 1)]
    const task = near.task('t')
    const hold = await mixture.take(task.mutex('cart').acquire())
    return { near, far, task, face: far.task(task), hold }
  }

  test('to re-entrance', async () => {
    const { far, task, face, hold } = await both()
    const second = await face.mutex('cart').acquire()
    await expect(task.mutex('cart').acquire()).rejects.toMatchObject({ code: 'reentrancy' })
    await expect(far.task(task).mutex('cart').acquire()).rejects.toMatchObject({
      code: 'reentrancy',
    })
    hold.release()
    ;(await task.mutex('cart').acquire()).release()
    await expect(face.mutex('cart').acquire()).rejects.toMatchObject({ code: 'reentrancy' })
    second.release()
  })

  test('to the order of locks', async () => {
    const { near, far, task, face, hold } = await both()
    extend(near, { order: checkOrder('throw') })
    extend(far, { order: checkOrder('throw') })
    const stock = await face.mutex('stock').acquire()
    ;(await face.mutex('cart').acquire()).release()
    // The other way round, in the other space.
    ;(await task.mutex('stock').acquire()).release()
    stock.release()
    hold.release()
    const cart = await face.mutex('cart').acquire()
    await expect(face.mutex('stock').acquire()).rejects.toMatchObject({ code: 'lock-order' })
    cart.release()
  })

  test('to all()', async () => {
    const { face, hold } = await both()
    // "a" comes before "cart", which the task holds elsewhere.
    await expect(face.all(['a', 'cart'], () => 'both')).resolves.toBe('both')
    hold.release()
  })
})

describe('the beginning of a callback', () => {
  async function nested(detecting?: readonly number[]) {
    const mixture = new Mixture('web locks', 'shared memory')
    const agent = mixture.open({}, detecting)
    const [near, far] = [locksOf(agent, 0), locksOf(agent, 1)]
    const tasks: string[] = []
    const nest = (outer: Locks, inner: Locks) =>
      outer.mutex('lock').run(async (hold) => {
        tasks.push(hold.task.id)
        const next = inner.mutex('lock')
        // In the same turn, on behalf of whoever holds the outer one.
        await next.run(({ task }) => tasks.push(task.id))
      })
    return { mixture, near, far, nest, tasks }
  }

  test('belongs to its task in the other space as well', async () => {
    const { mixture, near, far, nest, tasks } = await nested()
    await far.mutex('warm').run(() => {})
    const done = nest(near, far)
    await mixture.agents.settle()
    await done
    expect(tasks).toHaveLength(2)
    expect(tasks[1]).toBe(tasks[0])
    expect(near.space.owner).toBe(undefined)
    expect(far.space.owner).toBe(undefined)
  })

  test('so that a deadlock is found of whom nobody named', async () => {
    const { mixture, near, far, nest } = await nested()
    const ends = Promise.allSettled([nest(near, far), nest(far, near)])
    await mixture.agents.settle()
    await mixture.pass(1_010)
    const outcomes = (await ends).map(({ status }) => status).sort()
    expect(outcomes).toEqual(['fulfilled', 'rejected'])
    expect(mixture.deadlocks).toHaveLength(1)
  })

  test('does not where one of them does not detect', async () => {
    const { mixture, near, far, nest, tasks } = await nested([0])
    const done = nest(near, far)
    await mixture.agents.settle()
    await done
    const back = nest(far, near)
    await mixture.agents.settle()
    await back
    expect(tasks).toHaveLength(4)
    expect(new Set(tasks).size).toBe(4)
  })

  test('is told that it holds the lock already, through the other space', async () => {
    const { mixture, near, far } = await nested()
    const task = near.task('t')
    const held = await mixture.take(task.mutex('a').acquire())
    const inner = far
      .task(task)
      .mutex('b')
      .run(() => near.mutex('a').run(() => {}))
    const outcome = expect(inner).rejects.toMatchObject({ code: 'reentrancy' })
    await mixture.agents.settle()
    await outcome
    held.release()
  })
})
