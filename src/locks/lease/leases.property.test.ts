/**
 * Agents that fall asleep, wake up and die at any moment, between any two things that they hear,
 * while they hold and wait for locks, with leases and without; the clock is set once in some runs.
 * - No two holders of what excludes them both count on their lease, each by its own clocks.
 * - Nobody without a lease is robbed while everybody lives.
 * - Nobody waits for ever, whoever sleeps on with a lease.
 *
 * `SEED=… npx vitest run …` plays a run again; `RUNS=…` makes it longer.
 */

import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Hold } from '../hold'
import type { TaskHold } from '../task-hold'
import type { AcquireOptions } from '../terms'
import { type SleepyAgent, SleepyOrigin } from '../testing/sleepy-agents'

vi.setConfig({ testTimeout: 300_000 })

const numRuns = Number(process.env.RUNS ?? 60)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`leases.property.test.ts: SEED=${seed}`)

const doors = ['mutex', 'read', 'write'] as const
type Door = (typeof doors)[number]

type Step =
  | { readonly do: 'ask'; readonly agent: number; readonly door: Door; readonly terms: Terms }
  | { readonly do: 'release'; readonly which: number }
  | { readonly do: 'sleep' | 'wake' | 'die'; readonly agent: number }
  | { readonly do: 'pass'; readonly ms: number; readonly moves: readonly number[] }

type Terms = Pick<AcquireOptions, 'lease'>

const agent = fc.nat(3)
const moves = fc.array(fc.nat(5), { maxLength: 12 })
const terms = fc.oneof(
  fc.constant<Terms>({}),
  fc.record({
    lease: fc.record({ ttl: fc.integer({ min: 300, max: 3000 }), renew: fc.boolean() }),
  }),
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      agent,
      door: fc.constantFrom(...doors),
      terms,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('sleep' as const, 'wake'), agent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), agent }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(1500), moves }),
  },
)

interface Held {
  readonly agent: SleepyAgent
  readonly hold: TaskHold
  readonly isLeased: boolean
}

class Run {
  readonly origin = new SleepyOrigin()
  readonly agents = Array.from({ length: 4 }, () => this.origin.open())
  holds: Held[] = []
  /** Of each agent, how many waits are for locks without a lease. */
  readonly bare = new Map<SleepyAgent, number>()
  deaths = 0

  ask(agent: SleepyAgent, door: Door, terms: Terms): void {
    if (agent.isAsleep) return
    const isLeased = terms.lease !== undefined
    if (!isLeased) this.#count(agent, 1)
    asked(agent, door, terms).then(
      (hold) => this.holds.push({ agent, hold: hold as TaskHold, isLeased }),
      // Lost before it was its user's.
      () => expect(isLeased || this.deaths > 0).toBe(true),
    )
  }

  release(which: number): void {
    const awake = this.holds.filter(({ agent }) => !agent.isAsleep)
    const released = awake[which % awake.length]
    if (released !== undefined) this.end(released)
  }

  end(held: Held): void {
    this.holds = this.holds.filter((each) => each !== held)
    if (!held.isLeased) this.#count(held.agent, -1)
    held.hold.release()
  }

  die(index: number): void {
    const dead = this.agents[index]
    if (dead === undefined) return
    this.deaths++
    dead.die()
    this.holds = this.holds.filter(({ agent }) => agent !== dead)
    this.agents[index] = this.origin.open()
  }

  check(): void {
    for (const lock of ['m', 'r']) {
      const sure = this.holds.filter(({ hold }) => hold.name === lock && countsOn(hold))
      const writers = sure.filter(({ hold }) => hold.mode === 'exclusive')
      if (writers.length > 0) expect(sure.length, `holders of ${lock}`).toBe(1)
    }
    if (this.deaths > 0) return
    for (const { hold, isLeased } of this.holds) {
      if (!isLeased) expect(hold.isHeld, 'held without a lease').toBe(true)
    }
  }

  /** Whoever stands still without a lease goes on; all others get what they wait for. */
  async finish(): Promise<void> {
    for (const agent of this.agents) if (this.bare.get(agent)) agent.wake()
    const awake = this.agents.filter(({ isAsleep }) => !isAsleep)
    const waits = () => awake.reduce((sum, { locks }) => sum + locks.stats().waits, 0)
    for (let round = 0; round < 60 && (round === 0 || waits() > 0); round++) {
      await this.origin.advance(2000, 250)
      this.check()
      for (const held of this.holds) if (!held.agent.isAsleep) this.end(held)
      await this.origin.settle()
    }
    expect(waits(), 'still waiting').toBe(0)
    for (const agent of this.agents) agent.wake()
    for (let round = 0; round < 60 && this.#left.length > 0; round++) {
      await this.origin.advance(1000, 250)
      for (const held of [...this.holds]) this.end(held)
    }
    expect(this.#left).toEqual([])
  }

  get #left() {
    const { held, pending } = this.origin.snapshot()
    return [...held, ...pending]
  }

  #count(agent: SleepyAgent, more: number): void {
    this.bare.set(agent, (this.bare.get(agent) ?? 0) + more)
  }
}

function asked({ locks }: SleepyAgent, door: Door, terms: Terms): Promise<Hold> {
  if (door === 'mutex') return locks.mutex('m').acquire(terms)
  return door === 'read'
    ? locks.rwLock('r').acquireRead(terms)
    : locks.rwLock('r').acquireWrite(terms)
}

function countsOn({ isHeld, terms }: TaskHold): boolean {
  return isHeld && (terms?.leases() ?? []).every(({ isCurrent }) => isCurrent)
}

test('random freezes, wakes, releases and deaths', async () => {
  const scenario = fc.record({
    steps: fc.array(step, { minLength: 10, maxLength: 50 }),
    jump: fc.constantFrom(0, 0, 500_000, -500_000),
    jumpAt: fc.nat(40),
  })
  await fc.assert(
    fc.asyncProperty(scenario, async ({ steps, jump, jumpAt }) => {
      const run = new Run()
      for (const [index, each] of steps.entries()) {
        if (index === jumpAt) run.origin.shift = jump
        await take(run, each)
        run.check()
      }
      await run.finish()
    }),
    { seed, numRuns },
  )
})

async function take(run: Run, each: Step): Promise<void> {
  const { origin, agents } = run
  if (each.do === 'release') run.release(each.which)
  else if (each.do === 'pass') {
    origin.clock.advance(each.ms)
    for (const move of each.moves) await origin.step((count) => move % count)
  } else {
    const agent = agents[each.agent]
    if (agent === undefined) return
    if (each.do === 'ask') run.ask(agent, each.door, each.terms)
    else if (each.do === 'die') run.die(each.agent)
    else if (each.do === 'sleep') agent.sleep()
    else agent.wake()
  }
}
