import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyLock, anyWorkload } from './testing/any-workload'
import { type Action, meanOf, runnersOf, type Spread, type Workload } from './workload'
import { mapMutexCases } from './workload-mapmutex'
import { lengthAt, loadsOf, planOf } from './workload-plan'
import { firstWorkload } from './workload-presets'

function some(workload: Workload, runner: number, count = 30): readonly Action[] {
  const actions: Action[] = []
  for (const action of planOf(workload, runner)) {
    if (actions.push(action) === count) break
  }
  return actions
}

const wide: Workload = { ...firstWorkload, keys: 100, reads: 0.25, hot: 0.3 }

describe('a plan', () => {
  test('is the same for the same seed under every lock, and within the workload', () => {
    fc.assert(
      fc.property(anyWorkload, anyLock, fc.nat(), (workload, lock, draw) => {
        const runner = draw % runnersOf(workload)
        const plan = some(workload, runner)
        expect(some({ ...workload, lock, title: 'other' }, runner)).toEqual(plan)
        for (const { key, think, hold } of plan) {
          expect(Number.isInteger(key) && key >= 0 && key < workload.keys).toBe(true)
          expect(Math.min(think, hold)).toBeGreaterThanOrEqual(0)
          expect(Number.isFinite(think + hold)).toBe(true)
        }
      }),
      { verbose: true },
    )
  })

  test('is another one for another seed and for another runner', () => {
    const plan = some(wide, 0)
    expect(some({ ...wide, seed: 2 }, 0)).not.toEqual(plan)
    expect(some(wide, 1)).not.toEqual(plan)
    expect(some({ ...wide, seed: 2 }, 0)).not.toEqual(some(wide, 1))
  })

  test('stays as it was where a part of the workload is changed that it does not follow from', () => {
    const keys = (workload: Workload) => some(workload, 0).map(({ key, think }) => [key, think])
    expect(keys({ ...wide, reads: 0.9 })).toEqual(keys(wide))
    expect(keys({ ...wide, writeHold: { kind: 'exponential', mean: 3 } })).toEqual(keys(wide))
  })

  test('has the shares that were asked for', () => {
    const plan = some(wide, 0, 20_000)
    const share = (of: (action: Action) => boolean) => plan.filter(of).length / plan.length
    expect(share(({ mode }) => mode === 'read')).toBeCloseTo(0.25, 1)
    expect(share(({ key }) => key === 0)).toBeCloseTo(0.3 + 0.7 / 100, 1)
    expect(share(({ key }) => key >= 50)).toBeCloseTo(0.35, 1)
    expect(new Set(plan.map(({ key }) => key)).size).toBe(100)
  })

  test('refuses a runner that is not there', () => {
    expect(() => planOf(wide, 4).next()).toThrow(/runner .* from 0 to 3, got 4/)
    expect(() => planOf(wide, 0.5).next()).toThrow(RangeError)
  })
})

describe('lengths', () => {
  const even = Array.from({ length: 10_000 }, (_, index) => (index + 0.5) / 10_000)
  test.each<[Spread]>([
    [{ kind: 'fixed', ms: 7 }],
    [{ kind: 'uniform', below: 40 }],
    [{ kind: 'exponential', mean: 12 }],
    [{ kind: 'bimodal', short: 1, long: 101, longShare: 0.2 }],
  ])('%o: their mean is what meanOf says', (spread) => {
    const mean = even.reduce((sum, at) => sum + lengthAt(spread, at), 0) / even.length
    expect(mean / meanOf(spread)).toBeCloseTo(1, 2)
  })

  test('of an exponential spread: half are below ln 2 of its mean', () => {
    expect(lengthAt({ kind: 'exponential', mean: 10 }, 0.5)).toBeCloseTo(6.931, 3)
    expect(Object.is(lengthAt({ kind: 'exponential', mean: 10 }, 0), 0)).toBe(true)
  })

  test('of a uniform spread are whole', () => {
    expect(lengthAt({ kind: 'uniform', below: 40 }, 0)).toBe(0)
    expect(lengthAt({ kind: 'uniform', below: 40 }, 1 - 2 ** -32)).toBe(39)
  })
})

describe('loads', () => {
  test('are all actions together, as even as can be', () => {
    const end = { kind: 'actions', actions: 10, shared: 'evenly' } as const
    expect(loadsOf({ ...firstWorkload, end })).toEqual([3, 3, 2, 2])
    expect(loadsOf(firstWorkload)).toBeUndefined()
  })

  test.each(mapMutexCases)("mapmutex's $id: uneven, and nobody without", ({ id, workload }) => {
    const [actions = 0, keys = 0, tasks = 0, average = 0] = id.split('_').map(Number)
    const loads = loadsOf(workload) ?? []
    expect(loads).toHaveLength(tasks)
    expect(loads.reduce((a, b) => a + b, 0)).toBe(actions)
    expect(Math.min(...loads)).toBeGreaterThan(0)
    expect(new Set(loads).size).toBeGreaterThan(5)
    // Neighbours shift between them only.
    expect((loads[0] ?? 0) + (loads[1] ?? 0)).toBe((2 * actions) / tasks)
    const plan = loads.flatMap((_, runner) => [...planOf(workload, runner)])
    expect(plan).toHaveLength(actions)
    expect(new Set(plan.map(({ key }) => key)).size).toBe(keys)
    expect(Math.max(...plan.map(({ hold }) => hold))).toBe(2 * average - 1)
    expect(plan.every(({ hold }) => Number.isInteger(hold))).toBe(true)
    expect(plan.reduce((sum, { hold }) => sum + hold, 0) / actions / average).toBeCloseTo(1, 0)
  })
})
