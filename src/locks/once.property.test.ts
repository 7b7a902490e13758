/**
 * Random calls, ends, deaths and abortions over a bus with delays and losses: whatever happens, a
 * call ends, and with the outcome of a run that nobody had been told of when it was called; and where
 * no message is lost and nobody dies, whoever called during a run gets the outcome of that very run.
 *
 * `SEED=… npx vitest run …` plays a run again; `RUNS=…` makes it longer.
 */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type TestAgent, type TestAgents, testAgents } from './testing/test-agents'

vi.setConfig({ testTimeout: 300_000 })

const numRuns = Number(process.env.RUNS ?? 150)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`once.property.test.ts: SEED=${seed}`)

type Step =
  | { readonly do: 'call'; readonly agent: number; readonly name: string }
  | { readonly do: 'end'; readonly run: number; readonly fails: boolean }
  | { readonly do: 'abort'; readonly call: number }
  | { readonly do: 'die'; readonly agent: number }
  | { readonly do: 'pass'; readonly ms: number }

const agents = 4
const call = fc.record({
  do: fc.constant('call' as const),
  agent: fc.nat(agents - 1),
  name: fc.constantFrom('a', 'b'),
})
const end = fc.record({ do: fc.constant('end' as const), run: fc.nat(3), fails: fc.boolean() })
const abort = fc.record({ do: fc.constant('abort' as const), call: fc.nat(9) })
const die = fc.record({ do: fc.constant('die' as const), agent: fc.nat(agents - 1) })
const pass = fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 60 }) })

/** Delays and losses of messages, in turn: each message takes the next one. */
interface Weather {
  readonly delays: readonly number[]
  readonly losses: readonly boolean[]
}

interface Run {
  readonly name: string
  readonly agent: number
  readonly began: number
  ended: number
  /** When its outcome first came to a caller. */
  told: number
  finish(fails: boolean): void
}

interface Call {
  readonly name: string
  readonly agent: number
  readonly began: number
  readonly patience: AbortController
  /** The run whose outcome it has got, or why it gave up. */
  outcome: Run | 'gave up' | undefined
}

class Story {
  readonly runs: Run[] = []
  readonly calls: Call[] = []
  readonly dead = new Set<number>()
  readonly agents: readonly TestAgent[]
  #moment = 0

  constructor(
    readonly world: TestAgents,
    { delays, losses }: Weather,
  ) {
    this.agents = Array.from({ length: agents }, () => world.open())
    let messages = 0
    world.bus.delay = () => delays[messages % delays.length] ?? 0
    world.bus.loses = () => losses[messages++ % losses.length] ?? false
  }

  async play(step: Step): Promise<void> {
    switch (step.do) {
      case 'call':
        if (!this.dead.has(step.agent)) this.#call(step.agent, step.name)
        break
      case 'end': {
        const open = this.runs.filter((run) => run.ended === 0 && !this.dead.has(run.agent))
        open[step.run % Math.max(1, open.length)]?.finish(step.fails)
        break
      }
      case 'abort':
        this.calls[step.call]?.patience.abort('enough')
        break
      case 'die':
        this.dead.add(step.agent)
        this.agents[step.agent]?.die()
        break
      case 'pass':
        this.world.clock.advance(step.ms)
    }
    await this.world.settle()
  }

  /** Lets everything come to its end. */
  async end(): Promise<void> {
    for (let round = 0; round < 200; round++) {
      for (const run of this.#open()) run.finish(false)
      await this.world.settle()
      this.world.clock.advance(100)
      await this.world.settle()
    }
  }

  #open(): Run[] {
    return this.runs.filter(({ ended, agent }) => ended === 0 && !this.dead.has(agent))
  }

  #call(agent: number, name: string): void {
    const patience = new AbortController()
    const call: Call = { name, agent, began: ++this.#moment, patience, outcome: undefined }
    this.calls.push(call)
    const { locks } = this.agents[agent] as TestAgent
    const settled = (outcome: unknown) => {
      // An error comes from an agent elsewhere as a copy.
      const id = Number(outcome instanceof Error ? outcome.message : outcome)
      const run = this.runs[id]
      call.outcome = outcome === 'enough' ? 'gave up' : run
      if (run !== undefined) run.told = Math.min(run.told, ++this.#moment)
    }
    locks
      .once(name, () => this.#run(agent, name), { signal: patience.signal })
      .then(settled, settled)
  }

  #run(agent: number, name: string): Promise<unknown> {
    // The dead do nothing, though this process goes on for them.
    if (this.dead.has(agent)) return new Promise(() => {})
    const others = this.#open().filter((run) => run.name === name)
    expect(others, 'runs of one name at one time').toEqual([])
    const id = this.runs.length
    return new Promise((resolve, reject) => {
      const run: Run = {
        ...{ name, agent, began: ++this.#moment, ended: 0, told: Number.POSITIVE_INFINITY },
        finish: (fails) => {
          run.ended = ++this.#moment
          if (fails) reject(new Error(String(id)))
          else resolve(id)
        },
      }
      this.runs.push(run)
    })
  }
}

async function play(open: () => TestAgents, steps: readonly Step[], weather: Weather) {
  const story = new Story(open(), weather)
  for (const step of steps) await story.play(step)
  await story.end()
  const { clock, bus } = story.world
  for (const [index, { strict, locks }] of story.agents.entries()) {
    if (story.dead.has(index)) continue
    expect([...strict.live()]).toEqual([])
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  }
  expect(bus.busy).toBe(0)
  // Of the dead some are left, who do not know that they are.
  if (story.dead.size === 0) expect(clock.timers).toBe(0)
  for (const { agent, name, began, outcome, patience } of story.calls) {
    if (story.dead.has(agent)) continue
    expect(outcome, 'the outcome of a call').not.toBe(undefined)
    if (outcome === undefined) continue
    if (outcome === 'gave up') expect(patience.signal.aborted).toBe(true)
    else {
      expect(outcome.name).toBe(name)
      expect(outcome.told, 'a run that nobody had been told of').toBeGreaterThan(began)
    }
  }
  return story
}

const calm = fc.record({
  delays: fc.array(fc.nat(10), { minLength: 1, maxLength: 7 }),
  losses: fc.constant([false]),
})
const stormy = fc.record({
  delays: fc.array(fc.oneof(fc.nat(20), fc.nat(2_000)), { minLength: 1, maxLength: 7 }),
  losses: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
})

describe.each(['one queue', 'web locks', 'cohort over one queue'])('%s', (mechanism) => {
  const open = testAgents[mechanism]
  if (open === undefined) throw new Error(`no agents are called ${mechanism}`)

  test('in all weathers a call ends, and with no outcome that was known before', async () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: call },
      { weight: 5, arbitrary: end },
      { weight: 2, arbitrary: abort },
      { weight: 1, arbitrary: die },
      { weight: 4, arbitrary: pass },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), stormy, async (steps, weather) => {
        await play(open, steps, weather)
      }),
      { seed, numRuns },
    )
  })

  test('where all is well, a call during a run gets the outcome of that run', async () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: call },
      { weight: 4, arbitrary: end },
      { weight: 2, arbitrary: abort },
      { weight: 3, arbitrary: pass },
    )
    let shared = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), calm, async (steps, weather) => {
        const { calls, runs } = await play(open, steps, weather)
        for (const { name, began, agent, outcome } of calls) {
          if (outcome === 'gave up') continue
          const during = runs.find(
            (run) => run.name === name && run.began < began && began < run.ended,
          )
          if (during === undefined) continue
          expect(outcome).toBe(during)
          if (during.agent !== agent) shared++
        }
      }),
      { seed, numRuns },
    )
    expect(shared).toBeGreaterThan(0)
  })
})
