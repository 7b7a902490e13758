/**
 * Random programs: every port serves its queue as the plain model does, whatever is asked,
 * withdrawn, given back or stolen, and however much time passes meanwhile. Two cohorts and a
 * direct user of one far lock never meet inside, and nobody waits for ever.
 *
 * `SEED=… npx vitest run …` plays a run again; `RUNS=…` makes it longer.
 */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { LockMode } from '../events'
import { FifoModel } from '../testing/lock-model'
import { Probe } from '../testing/probe'
import { testCohort, testPorts } from '../testing/test-ports'
import type { VirtualClock } from '../testing/virtual-clock'
import { MemoryPort } from './memory'

vi.setConfig({ testTimeout: 120_000 })

const numRuns = Number(process.env.RUNS ?? 300)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`ports.property.test.ts: SEED=${seed}`)

type Step =
  | { readonly do: 'ask' | 'try'; readonly mode: LockMode }
  | { readonly do: 'steal' }
  /** Ends one of those who hold or wait, counted from the oldest. */
  | { readonly do: 'end'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number }

const mode = fc.constantFrom<LockMode>('exclusive', 'shared')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('ask' as const), mode }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('try' as const), mode }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('steal' as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(8) }) },
)

describe.each(Object.entries(testPorts))('%s', (name, open) => {
  // Each transaction of fake-indexeddb takes real time.
  const runs = name.includes('indexed') ? Math.ceil(numRuns / 4) : numRuns

  test('serves its queue as the model does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (program) => {
        const { port, clock, far } = open()
        const model = new FifoModel()
        const probes: Probe[] = []
        for (const each of program) {
          const id = probes.length
          if (each.do === 'pass') clock.advance(each.ms)
          if (each.do === 'end') {
            const alive = probes.filter(({ state }) => state === 'held' || state === 'waiting')
            const chosen = alive[each.which % alive.length]
            chosen?.end()
            if (chosen !== undefined) model.end(Number(chosen.id))
          }
          if (each.do === 'ask' || each.do === 'try' || each.do === 'steal') {
            const steal = each.do === 'steal'
            const ifAvailable = each.do === 'try'
            const mode = steal ? 'exclusive' : each.mode
            const probe = new Probe(port, String(id), { mode, ifAvailable, steal })
            probes.push(probe)
            probe.ask()
            if (steal) model.steal(id)
            else if (ifAvailable) model.attempt(id, mode)
            else model.ask(id, mode)
          }
          await clock.settle()
          expect(Object.fromEntries(probes.map(({ id, state }) => [id, state]))).toEqual(
            model.view(),
          )
        }
        for (const probe of probes.toReversed()) probe.end()
        await clock.settle()
        expect(probes.flatMap(({ mistakes }) => mistakes)).toEqual([])
        expect(await far.query()).toEqual({ held: [], pending: [] })
        if (far instanceof MemoryPort) expect(far.queues.size).toBe(0)
      }),
      { seed, numRuns: runs },
    )
  })
})

const agentStep = fc.record({ agent: fc.nat(2), step })

const farPorts = ['memory', 'web locks', 'shared memory'].flatMap((name) => {
  const open = testPorts[name]
  return open === undefined ? [] : [[name, open] as const]
})

describe.each(farPorts)('two cohorts and a direct user of %s', (_name, open) => {
  test('never meet inside, keep their own order, and nobody waits for ever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(agentStep, { maxLength: 50 }), async (program) => {
        const { strict, clock } = open()
        const ports = [testCohort(strict, clock), testCohort(strict, clock), strict]
        const probes: [agent: number, probe: Probe][] = []
        const granted: Probe[] = []
        for (const { agent, step: each } of program) {
          const own = probes.filter(([whose]) => whose === agent).map(([, probe]) => probe)
          if (each.do === 'pass') clock.advance(each.ms)
          if (each.do === 'end') {
            const alive = own.filter(({ state }) => state === 'held' || state === 'waiting')
            alive[each.which % alive.length]?.end()
          }
          if (each.do === 'ask' || each.do === 'try') {
            const probe = new Probe(ports[agent] ?? strict, String(probes.length), {
              mode: each.mode,
              ifAvailable: each.do === 'try',
              hears: (what, self) => what === 'granted' && granted.push(self),
            })
            probes.push([agent, probe])
            probe.ask()
          }
          await clock.settle()
          expectExclusion(probes)
        }
        await drain(probes, clock)
        for (const agent of [0, 1, 2]) expectOrder(agent, probes, granted)
        expect(probes.flatMap(([, { mistakes }]) => mistakes)).toEqual([])
        expect(await strict.query()).toEqual({ held: [], pending: [] })
      }),
      { seed, numRuns },
    )
  })
})

type Of = readonly [agent: number, probe: Probe]

function expectExclusion(probes: readonly Of[]): void {
  const inside = probes.filter(([, { state }]) => state === 'held').map(([, probe]) => probe)
  if (inside.length > 1) expect(inside.map(({ mode }) => mode)).not.toContain('exclusive')
}

/** Whoever holds lets go, again and again: everybody who waits must get in. */
async function drain(probes: readonly Of[], clock: VirtualClock): Promise<void> {
  for (let round = 0; round <= probes.length; round++) {
    for (const [, probe] of probes) if (probe.state === 'held') probe.release()
    clock.advance(3)
    await clock.settle()
    expectExclusion(probes)
  }
  expect(probes.filter(([, { state }]) => state === 'waiting' || state === 'held')).toEqual([])
}

/** Inside an agent a writer is granted after everybody who asked before, and before who came later. */
function expectOrder(agent: number, probes: readonly Of[], granted: readonly Probe[]): void {
  const own = probes.filter(([whose]) => whose === agent).map(([, probe]) => probe)
  const order = granted.filter((probe) => own.includes(probe))
  for (const [place, probe] of order.entries()) {
    for (const later of order.slice(place + 1)) {
      const both = probe.mode === 'shared' && later.mode === 'shared'
      if (!both) expect(Number(probe.id)).toBeLessThan(Number(later.id))
    }
  }
}
