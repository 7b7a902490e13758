/** The cliff of systems whose answer is known: what is measured is computed from the bounds. */

import { describe, expect, it } from 'vitest'
import { Histogram } from '../../observe'
import { firstWorkload, participantsOf, type Workload } from '../../scenario'
import { type CliffStep, cliffSteps, findCliff, stepOf } from './find-cliff'
import type { performWorkload } from './perform-workload'
import { predict } from './predict'
import type { WorkloadOutcome } from './types'

const over = { reach: 'origin', fair: 'strict' } as const
const workload: Workload = {
  ...firstWorkload,
  writeHold: { kind: 'fixed', ms: 5 },
  think: { kind: 'fixed', ms: 35 },
  lock: { kind: 'mutex', ...over },
}

function outcomeOf(each: Workload, throughput: number, waits: readonly number[]): WorkloadOutcome {
  const seconds = each.end.kind === 'time' ? each.end.ms / 1000 : 1
  const [wait, hold] = [new Histogram(), new Histogram()]
  for (const ms of waits) wait.record(ms)
  hold.record(5, 10)
  return {
    ...{ workload: each, mechanism: 'web-locks', startedAt: 0, seconds, agents: [] },
    ...{ done: throughput * seconds, writes: 0, lost: 0, dropped: 0, aborted: 0, resolution: 0 },
    ...{ wait: wait.data(), hold: hold.data() },
  }
}

/** An ideal system: exactly what the bounds allow. */
function ideal(tell: (each: Workload) => void = () => {}): typeof performWorkload {
  return async (each, options = {}) => {
    options.signal?.throwIfAborted()
    tell(each)
    const runners = participantsOf(each) * each.tasks
    const { throughput, saturation } = predict(each)
    return outcomeOf(each, throughput(runners), [Math.max(0, runners - saturation) * 5])
  }
}

describe('steps', () => {
  it('go from one runner to the most there may be, each more than the one before', () => {
    const steps = cliffSteps(workload)
    const loads = steps.map((each) => participantsOf(each) * each.tasks)
    expect(loads.slice(0, 6)).toEqual([1, 2, 3, 4, 8, 12])
    expect(loads.at(-1)).toBe(256)
    expect([...loads].sort((a, b) => a - b)).toEqual(loads)
    expect(steps.every(({ end }) => end.kind === 'time' && end.ms === 1_000)).toBe(true)
  })

  it('keep the tabs', () => {
    const steps = cliffSteps({ ...workload, tabs: 2 })
    expect(steps[0]).toMatchObject({ workers: 4, tabs: 2, tasks: 1 })
  })

  it('refuse what is no workload', () => {
    expect(() => cliffSteps(workload, 5)).toThrow(/end.ms .* got 5/)
    expect(() => cliffSteps({ ...workload, keys: 0 })).toThrow(/keys .* got 0/)
  })
})

describe('findCliff', () => {
  it('marks where the ideal system turns: at its saturation', async () => {
    const told: (readonly [CliffStep, number, number])[] = []
    const { steps, turn, prediction } = await findCliff(workload, {
      perform: ideal(),
      onStep: (...each) => told.push(each),
    })
    expect(prediction).toMatchObject({ capacity: 200, saturation: 8 })
    expect(steps[turn ?? 0]).toMatchObject({ load: 8, throughput: 200, predicted: 200 })
    expect(steps.map(({ load, wait }) => (load <= 8 ? wait.max : 0)).every((ms) => ms === 0)).toBe(
      true,
    )
    expect(told.map(([step]) => step)).toEqual(steps)
    expect(told.at(-1)?.[2]).toBe(cliffSteps(workload).length)
  })

  it('ends early once it is flat, but not before the prediction says so', async () => {
    const { steps } = await findCliff(workload, { perform: ideal() })
    // Saturated at 8; four times that is 32, and three steps must have brought nothing.
    expect(steps.at(-1)?.load).toBe(32)
    const never = { ...workload, lock: { kind: 'none' } } as const
    const { steps: all, turn } = await findCliff(never, { perform: ideal() })
    expect(all).toHaveLength(cliffSteps(never).length)
    expect(turn).toBeUndefined()
  })

  it('stops when it is cancelled', async () => {
    const controller = new AbortController()
    let steps = 0
    const finding = findCliff(workload, {
      perform: ideal(),
      signal: controller.signal,
      onStep: () => {
        if (++steps === 2) controller.abort(new Error('enough'))
      },
    })
    await expect(finding).rejects.toThrow('enough')
    expect(steps).toBe(2)
  })
})

it('a step says what the bounds allow with the holds as they came out', () => {
  const slow = { ...workload, writeHold: { kind: 'fixed', ms: 4 } } as const
  // Held for 5 ms where 4 were asked for.
  const step = stepOf(outcomeOf({ ...slow, tasks: 10 }, 30, [1, 2, 3, 40]))
  expect(step).toMatchObject({ load: 40, throughput: 30, hold: 5, predicted: 200 })
  expect(step.wait.p50).toBeCloseTo(2, 1)
  expect(step.wait.p99).toBe(40)
})
