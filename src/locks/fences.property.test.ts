/**
 * Agents that take one lock with fences, give it back, are stolen from at any moment, and die: on
 * every mechanism, whoever has the lock later has the greater fence.
 */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { LockLostError } from './errors'
import type { Hold } from './hold'
import { Probe } from './testing/probe'
import { type TestAgent, testAgents } from './testing/test-agents'

vi.setConfig({ testTimeout: 120_000 })

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`fences.property.test.ts: SEED=${seed}`)

type Step =
  | { readonly what: 'take' | 'give' | 'steal' | 'die'; readonly agent: number }
  | { readonly what: 'settle' | 'pass' }

const agent = fc.integer({ min: 0, max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('take' as const), agent }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('give' as const), agent }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('steal' as const), agent }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('die' as const), agent }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constantFrom('settle' as const, 'pass' as const) }),
  },
)

/** Fences in the order in which they were had. */
async function play(mechanism: string, steps: readonly Step[]): Promise<readonly number[]> {
  const world = testAgents[mechanism]?.()
  if (world === undefined) throw new Error(`no mechanism is called ${mechanism}`)
  const fences: number[] = []
  const waits = new Map<TestAgent, number>()
  const holds = new Map<TestAgent, Hold[]>()
  const open = () => {
    const made = world.open()
    holds.set(made, [])
    return made
  }
  const agents = [open(), open(), open()]
  for (const each of steps) {
    if (each.what === 'settle') await world.settle()
    if (each.what === 'pass') world.clock.advance(10)
    if (!('agent' in each)) continue
    const one = agents[each.agent] as TestAgent
    if (each.what === 'take') {
      waits.set(one, (waits.get(one) ?? 0) + 1)
      const heard = (hold: Hold) => {
        fences.push(hold.fence ?? Number.NaN)
        holds.get(one)?.push(hold)
      }
      const failed = (error: unknown) => {
        if (!(error instanceof LockLostError)) throw error
      }
      const over = () => waits.set(one, (waits.get(one) ?? 0) - 1)
      // A task for each, or it would wait for itself.
      void one.locks.task().mutex('a').acquire({ fence: true }).then(heard, failed).then(over)
    } else if (each.what === 'give') {
      holds.get(one)?.shift()?.[Symbol.dispose]()
    } else if (each.what === 'steal') {
      const thief = new Probe(one.strict, 'thief', {
        steal: true,
        hears: (what, probe) => what === 'granted' && probe.release(),
      })
      thief.ask()
    } else {
      // The dead of these worlds do nothing more if they had nothing to do.
      await world.settle()
      if ((waits.get(one) ?? 0) > 0) continue
      one.die()
      agents[each.agent] = open()
    }
  }
  await world.settle()
  return fences
}

describe.each(Object.keys(testAgents))('%s', (mechanism) => {
  test('fences rise from holder to holder', async () => {
    let had = 0
    const rises = async (steps: readonly Step[]) => {
      const fences = await play(mechanism, steps)
      had += fences.length
      for (const [at, fence] of fences.entries()) expect(fence).toBeGreaterThan(fences[at - 1] ?? 0)
    }
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), rises)
    await fc.assert(property, { seed, numRuns: 20 })
    expect(had).toBeGreaterThan(20)
  })
})
