/** Timed runs against what can be worked out, and against what the explorer says can happen. */

import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { seeded } from '../scenario'
import { smallProgram } from '../scenario/testing/any-program'
import { parsed } from '../scenario/testing/parsed'
import { explore } from './explore'
import { playableSteps } from './program'
import { runTimed, simulateTimed } from './timed'

// Thousands of runs: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const abBa = (first: string, second: string) =>
  parsed(`thread A
  lock a
  sleep ${first}
  lock b
  unlock b
  unlock a
thread B
  sleep ${second}
  lock b
  lock a
  unlock a
  unlock b`)

test('sleeps decide: always, never', async () => {
  const always = await simulateTimed(abBa('10', '5'), { runs: 200 })
  expect(always.outcomes).toMatchObject([{ kind: 'deadlock', runs: 200, share: 1 }])
  const never = await simulateTimed(abBa('5', '6..20'), { runs: 200 })
  expect(never.outcomes).toMatchObject([{ kind: 'done', runs: 200 }])
})

test('two sleeps from one range: half of the runs, within the interval', async () => {
  const { outcomes, runs } = await simulateTimed(abBa('0..10', '0..10'), { runs: 4_000, seed: 5 })
  const [deadlock] = outcomes
  expect(runs).toBe(4_000)
  expect(deadlock?.kind).toBe('deadlock')
  // From a seed: the same interval every time, and this one has the truth in it.
  expect(deadlock?.interval.low).toBeLessThan(0.5)
  expect(deadlock?.interval.high).toBeGreaterThan(0.5)
  expect((deadlock?.interval.high ?? 1) - (deadlock?.interval.low ?? 0)).toBeLessThan(0.04)
})

test('steps happen when the sleeps are over, a wait included', () => {
  const program = parsed(`thread A
  sleep 3
  lock a
  sleep 10
  sleep 2
  unlock a
thread B
  sleep 4
  lock a
  sleep 1
  unlock a`)
  expect(runTimed(program, seeded(1))).toEqual({
    schedule: [0, 1, 0, 1],
    times: [3, 4, 15, 16],
    outcome: 'done',
  })
})

test('at one moment either may be first', async () => {
  const both = parsed('var x = 0\nthread A\nn = x\nx = n + 1\nthread B\nn = x\nx = n + 1')
  const { outcomes } = await simulateTimed(both, { runs: 500 })
  expect(outcomes.map(({ kind }) => kind)).toEqual(['lost-update', 'done'])
})

test('the same seed gives the same runs', async () => {
  const run = (seed: number) => simulateTimed(abBa('0..10', '0..10'), { runs: 100, seed })
  expect(await run(3)).toEqual(await run(3))
  expect(await run(3)).not.toEqual({ ...(await run(4)), seed: 3 })
})

test('nothing happens in time that the explorer does not find', async () => {
  await fc.assert(
    fc.asyncProperty(smallProgram({ threads: 3, statements: 5 }), async (program) => {
      const possible = (await explore(program)).outcomes.map(({ kind }) => kind)
      const { outcomes, runs } = await simulateTimed(program, { runs: 20 })
      for (const { kind, example } of outcomes) {
        expect(possible).toContain(kind)
        expect(playableSteps(program, example)).toBe(example.length)
      }
      expect(outcomes.reduce((sum, each) => sum + each.runs, 0)).toBe(runs)
    }),
    { verbose: true },
  )
})

test('is checked, and can be aborted', async () => {
  const program = abBa('1', '1')
  await expect(simulateTimed(program, { runs: 0 })).rejects.toThrow('from 1 to 100000, got 0')
  await expect(simulateTimed(program, { runs: 1e6 })).rejects.toThrow('got 1000000')
  const abort = new AbortController()
  const onProgress = () => abort.abort(new Error('enough'))
  const aborted = simulateTimed(program, { runs: 100_000, signal: abort.signal, onProgress })
  await expect(aborted).rejects.toThrow('enough')
})
