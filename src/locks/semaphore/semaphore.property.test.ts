/**
 * Random programs on one semaphore in several agents, which acquire, try, give up, time out, are
 * robbed and die at any moment: never are more permits out than there are, nobody is overtaken who
 * must not be, every acquisition has one end, and in the end all permits are back.
 *
 * `SEED=… npx vitest run …` plays a run again; `RUNS=…` makes it longer.
 */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { Fairness } from '../arguments'
import { Locks } from '../create-locks'
import type { LockEvent } from '../events'
import type { LockPort } from '../ports/port'
import { Space } from '../space'
import { Probe } from '../testing/probe'
import { type TestAgent, type TestAgents, testAgents } from '../testing/test-agents'
import { slotName } from './names'
import type { Semaphore, SemaphoreHold } from './semaphore'

vi.setConfig({ testTimeout: 120_000 })

const numRuns = Number(process.env.RUNS ?? 60)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`semaphore.property.test.ts: SEED=${seed}`)

/** `at once`: the next step comes before anything that this one began has been answered. */
type Step = { readonly atOnce: boolean } & (
  | {
      readonly do: 'ask'
      readonly agent: number
      readonly permits: number
      readonly timeout: number | undefined
    }
  | { readonly do: 'try'; readonly agent: number; readonly permits: number }
  | { readonly do: 'release' | 'abort' | 'rob'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'die'; readonly agent: number }
)

const agents = 3
const atOnce = fc.boolean()
const agent = fc.nat(agents - 1)
/** Of a dozen it is asked which are free; fewer are simply tried. */
const permits = fc.constantFrom(1, 1, 2, 2, 3, 4, 12)
const timeout = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined })
const which = fc.nat(20)
const one = <T extends string>(what: T) => fc.constant(what)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: one('ask'), atOnce, agent, permits, timeout }) },
  { weight: 2, arbitrary: fc.record({ do: one('try'), atOnce, agent, permits }) },
  { weight: 7, arbitrary: fc.record({ do: one('release'), atOnce, which }) },
  { weight: 3, arbitrary: fc.record({ do: one('abort'), atOnce, which }) },
  { weight: 1, arbitrary: fc.record({ do: one('rob'), atOnce, which }) },
  { weight: 3, arbitrary: fc.record({ do: one('pass'), atOnce, ms: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ do: one('die'), atOnce, agent }) },
)

interface Asked {
  readonly agent: number
  readonly permits: number
  /** Whether everybody before it had come to the mechanism by then. */
  readonly settled: boolean
  readonly controller: AbortController
  state: 'waiting' | 'held' | 'over'
  hold: SemaphoreHold | undefined
}

class World {
  readonly world: TestAgents
  readonly agents: {
    readonly test: TestAgent
    readonly locks: Locks
    readonly semaphore: Semaphore
    alive: boolean
  }[] = []
  readonly asked: Asked[] = []
  readonly mistakes: string[] = []
  #asking: Asked | undefined
  readonly #byRequest = new Map<string, Asked>()
  #settled = true

  constructor(
    mechanism: string,
    readonly fair: Fairness,
    readonly permits: number,
  ) {
    this.world = (testAgents[mechanism] as () => TestAgents)()
    for (let index = 0; index < agents; index++) this.#open()
  }

  #open(): void {
    const test = this.world.open()
    const strict = mortal(test.strict, () => agent.alive)
    const ports = { bounded: strict, strict }
    const locks = new Locks(new Space('origin', () => ports, this.world.clock))
    const semaphore = locks.semaphore('s', this.permits, { fair: this.fair })
    const agent = { test, locks, semaphore, alive: true }
    locks.subscribe((event) => agent.alive && this.#hear(event))
    this.agents.push(agent)
  }

  get out(): number {
    const held = this.asked.filter(({ state }) => state === 'held')
    return held.reduce((sum, { permits }) => sum + permits, 0)
  }

  #hear({ type, request, lock, mode }: LockEvent): void {
    if (lock !== 's' || mode !== 'shared') this.mistakes.push(`told of ${lock} (${mode})`)
    if (type === 'request') {
      this.#byRequest.set(request, this.#asking as Asked)
      return
    }
    const asked = this.#byRequest.get(request) as Asked
    const expected = type === 'release' || type === 'lost' ? 'held' : 'waiting'
    if (asked.state !== expected) this.mistakes.push(`${type} of one that is ${asked.state}`)
    asked.state = type === 'grant' ? 'held' : 'over'
    if (type === 'grant') this.#granted(asked)
  }

  #granted(asked: Asked): void {
    if (this.out > this.permits) this.mistakes.push(`${this.out} of ${this.permits} are out`)
    const before = this.asked.slice(0, this.asked.indexOf(asked))
    const overtaken = before.find(
      (each) =>
        each.state === 'waiting' &&
        (each.agent === asked.agent || (this.fair === 'strict' && asked.settled)),
    )
    if (overtaken) this.mistakes.push('somebody was overtaken')
  }

  async do(step: Step): Promise<void> {
    this.#act(step)
    this.#settled = !step.atOnce
    if (!step.atOnce) await this.world.settle()
  }

  #act(step: Step): void {
    const { clock } = this.world
    if (step.do === 'pass') clock.advance(step.ms)
    else if (step.do === 'die') this.#kill(step.agent)
    else if (step.do === 'release') pick(this.#in('held'), step.which)?.hold?.release()
    else if (step.do === 'abort') pick(this.#in('waiting'), step.which)?.controller.abort()
    else if (step.do === 'rob') this.#rob(step.which)
    else if (step.do === 'try') this.#ask(step.agent, step.permits, 'try')
    else if (step.do === 'ask') this.#ask(step.agent, step.permits, step.timeout)
  }

  #in(state: Asked['state']): readonly Asked[] {
    return this.asked.filter((each) => each.state === state && this.agents[each.agent]?.alive)
  }

  #ask(index: number, wanted: number, how: 'try' | number | undefined): void {
    const agent = this.agents[index]
    if (!agent?.alive) return
    const permits = Math.min(wanted, this.permits)
    const controller = new AbortController()
    const { signal } = controller
    const settled = this.#settled
    const asked: Asked = {
      agent: index,
      permits,
      settled,
      controller,
      state: 'waiting',
      hold: undefined,
    }
    this.asked.push(asked)
    this.#asking = asked
    const answer =
      how === 'try'
        ? agent.semaphore.tryAcquire(permits)
        : agent.semaphore.acquire(permits, { signal, timeout: how })
    answer.then(
      (hold) => {
        asked.hold = hold ?? undefined
        // Whoever was granted and is told afterwards has to let go of it himself.
        if (!agent.alive) asked.state = 'over'
      },
      () => {},
    )
  }

  /** Somebody steals the lock behind a permit, and gives it back. */
  #rob(which: number): void {
    const living = this.agents.find(({ alive }) => alive)
    if (living === undefined) return
    const name = slotName('s', which % this.permits)
    const thief = new Probe(living.locks.space.ports.strict, 'thief', {
      name,
      mode: 'exclusive',
      steal: true,
    })
    thief.ask()
    this.#thieves.push(thief)
  }

  readonly #thieves: Probe[] = []

  #kill(index: number): void {
    const agent = this.agents[index]
    // Somebody has to remain.
    if (!agent?.alive || this.agents.filter(({ alive }) => alive).length === 1) return
    agent.alive = false
    for (const each of this.asked) if (each.agent === index) each.state = 'over'
    agent.test.die()
  }

  /** Everybody lets go until nobody is left: whoever waits must get in at some time. */
  async end(): Promise<void> {
    await this.world.settle()
    for (let round = 0; round < 60; round++) {
      for (const thief of this.#thieves) thief.end()
      if (this.#in('waiting').length + this.#in('held').length === 0) break
      for (const { hold, state } of this.asked) if (state === 'held') hold?.release()
      await this.world.settle()
      this.world.clock.advance(2_500)
      await this.world.settle()
    }
    expect(this.mistakes).toEqual([])
    expect(this.asked.filter(({ state }) => state !== 'over')).toEqual([])
    await this.world.settle()
    for (const { alive, locks } of this.agents) {
      if (!alive) continue
      expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
      expect([...locks.space.ports.strict.live()]).toEqual([])
      expect(locks.space.semaphores?.[this.fair].pools.size ?? 0).toBe(0)
    }
    await this.#takeAll()
  }

  /** All permits are there: one agent gets them at once. */
  async #takeAll(): Promise<void> {
    const living = this.agents.find(({ alive }) => alive)
    const index = this.agents.indexOf(living as (typeof this.agents)[0])
    this.#ask(index, this.permits, undefined)
    await this.world.settle()
    const last = this.asked.at(-1)
    expect(last?.state).toBe('held')
    last?.hold?.release()
    await this.world.settle()
  }
}

/** A port that a dead agent cannot use any more, whatever its code goes on to do here. */
function mortal(port: LockPort, isAlive: () => boolean): LockPort {
  return {
    reach: port.reach,
    bus: port.bus,
    acquire: (request) => (isAlive() ? port.acquire(request) : 'waiting'),
    release: (request) => isAlive() && port.release(request),
    cancel: (request) => isAlive() && port.cancel(request),
    live: () => port.live(),
    query: () => port.query(),
  }
}

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list[which % Math.max(1, list.length)]
}

const steps = fc.array(step, { minLength: 1, maxLength: 40 })

describe.each(['one queue', 'web locks', 'shared memory', 'indexed db'])('over %s', (mechanism) => {
  test.each(['bounded', 'strict'] as const)('%s', async (fair) => {
    const runs = mechanism === 'indexed db' ? Math.ceil(numRuns / 6) : numRuns
    await fc.assert(
      fc.asyncProperty(steps, permits, async (program, of) => {
        const world = new World(mechanism, fair, of)
        for (const each of program) await world.do(each)
        await world.end()
      }),
      { seed, numRuns: runs },
    )
  })
})
