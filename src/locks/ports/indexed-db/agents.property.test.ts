/**
 * Random programs of three agents that ask, try, steal, end, die, sleep and miss messages: nobody
 * is inside beside somebody who excludes him, unless he was told that he lost it; whoever waits
 * gets in once those before him are gone; nothing is left at the end.
 *
 * `SEED=… npx vitest run …` plays a run again; `RUNS=…` makes it longer.
 */

import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { LockMode } from '../../events'
import { Probe } from '../../testing/probe'
import { type TestAgent, TestOrigin } from '../../testing/test-origin'

vi.setConfig({ testTimeout: 120_000 })

const numRuns = Number(process.env.RUNS ?? 100)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`agents.property.test.ts: SEED=${seed}`)

const agent = fc.nat(2)
const mode = fc.constantFrom<LockMode>('exclusive', 'shared')
const name = fc.constantFrom('a', 'b')

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('ask' as const), agent, mode, name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('try' as const), agent, mode, name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('steal' as const), agent, name }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('end' as const), agent, which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), agent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sleep' as const), agent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose presence' as const), agent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deaf' as const), agent }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(1500) }) },
)

/** Whether all that was begun is over before the next step. */
const patient = fc.boolean()

interface Party {
  agent: TestAgent
  probes: Probe[]
}

test('agents that die, sleep and miss messages never meet inside, and nobody waits for ever', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, patient), { maxLength: 40 }), async (program) => {
      const origin = new TestOrigin()
      const { clock } = origin
      const parties: Party[] = [0, 1, 2].map(() => ({ agent: origin.open(), probes: [] }))
      const mistakes: string[] = []
      for (const [each, isPatient] of program) {
        const party = parties['agent' in each ? each.agent : 0] as Party
        const { probes } = party
        switch (each.do) {
          case 'ask':
          case 'try':
          case 'steal': {
            const options = {
              name: each.name,
              mode: each.do === 'steal' ? ('exclusive' as const) : each.mode,
              ifAvailable: each.do === 'try',
              steal: each.do === 'steal',
            }
            const probe = new Probe(party.agent.port, String(probes.length), options)
            probes.push(probe)
            probe.ask()
            break
          }
          case 'end': {
            const alive = probes.filter(({ state }) => state === 'held' || state === 'waiting')
            alive[each.which % alive.length]?.end()
            break
          }
          case 'die':
            party.agent.die()
            // Its own requests do and hear nothing any more; a new agent takes its place.
            mistakes.push(...probes.flatMap((probe) => probe.mistakes))
            parties[each.agent] = { agent: origin.open(), probes: [] }
            break
          case 'sleep':
            party.agent.page.dispatchEvent(new Event('freeze'))
            break
          case 'lose presence':
            party.agent.losePresence()
            break
          case 'deaf':
            party.agent.deaf = !party.agent.deaf
            break
          case 'pass':
            clock.advance(each.ms)
            break
        }
        if (!isPatient) continue
        await clock.settle()
        expectExclusion(parties)
      }
      await drain(parties, origin)
      for (const { probes } of parties) mistakes.push(...probes.flatMap((each) => each.mistakes))
      expect(mistakes).toEqual([])
      const [{ agent: last }] = parties as [Party]
      expect(await last.port.rows()).toEqual([])
      clock.advance(1000)
      await clock.settle()
      expect(clock.timers).toBe(0)
    }),
    { seed, numRuns },
  )
})

/** One who missed the message of a theft is told at his next look: he does not count yet. */
function expectExclusion(parties: readonly Party[]): void {
  for (const name of ['a', 'b']) {
    const inside = parties
      .filter(({ agent }) => !agent.deaf)
      .flatMap(({ probes }) => probes)
      .filter((probe) => probe.state === 'held' && probe.name === name)
    if (inside.length > 1) expect(inside.map((probe) => probe.mode)).not.toContain('exclusive')
  }
}

/** All wake up and hear; whoever holds lets go, again and again: everybody who waits gets in. */
async function drain(parties: readonly Party[], origin: TestOrigin): Promise<void> {
  const { clock } = origin
  for (const { agent } of parties) {
    agent.deaf = false
    agent.page.dispatchEvent(new Event('resume'))
  }
  // By the second look what was missed is known.
  for (let looks = 0; looks < 2; looks++) {
    await clock.settle()
    clock.advance(1000)
    await clock.settle()
  }
  const all = parties.flatMap(({ probes }) => probes)
  for (let round = 0; round <= all.length; round++) {
    expectExclusion(parties)
    for (const probe of all) if (probe.state === 'held') probe.release()
    await clock.settle()
  }
  expect(all.filter(({ state }) => state === 'waiting' || state === 'held')).toEqual([])
}
