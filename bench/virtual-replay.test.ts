import { describe, expect, it } from 'vitest'
import { planOf } from './mapmutex-case'
import { seeded } from './random'
import { virtualReplay } from './virtual-replay'

const job = (key: number, slept: number) => ({ key, slept })

describe('virtualReplay', () => {
  it.each([
    ['nothing', [], 0],
    ['tasks without jobs', [[], []], 0],
    ['one task: its sleeps', [[job(0, 2), job(1, 3)]], 5],
    ['different keys at once', [[job(0, 2)], [job(1, 3)]], 3],
    ['one key in turn', [[job(0, 2)], [job(0, 3)]], 5],
    ['who asks again queues behind who waits', [[job(0, 1), job(0, 1)], [job(0, 5)]], 7],
    // At 2 the first and the second task queue for key 1 behind the third, until 4; 4 + 1 + 10.
    [
      'first come, first served',
      [[job(0, 2), job(1, 1)], [job(2, 3), job(1, 10)], [job(1, 4)]],
      15,
    ],
    ['sleeps of no length', [[job(0, 0), job(0, 0)], [job(0, 0)]], 0],
  ])('%s', (_, tasks, expected) => {
    expect(virtualReplay(tasks)).toBe(expected)
  })

  it('of one key takes the sum of all sleeps, of a key for each task the longest task', () => {
    const plan = planOf({ actions: 200, keys: 50, tasks: 10, average: 20 }, seeded(1))
    const sums = plan.map((jobs) => jobs.reduce((sum, { sleep }) => sum + sleep, 0))
    const under = (keyOf: (task: number) => number) =>
      virtualReplay(
        plan.map((jobs, task) => jobs.map(({ sleep }) => ({ key: keyOf(task), slept: sleep }))),
      )
    expect(under(() => 0)).toBe(sums.reduce((a, b) => a + b, 0))
    expect(under((task) => task)).toBe(Math.max(...sums))
  })
})

describe('planOf', () => {
  const named = { actions: 1000, keys: 7, tasks: 40, average: 20 }
  const plan = planOf(named, seeded(3))

  it('shares all actions out, unevenly, and leaves no task without', () => {
    const loads = plan.map((jobs) => jobs.length)
    expect(loads.reduce((a, b) => a + b, 0)).toBe(1000)
    expect(Math.min(...loads)).toBeGreaterThan(0)
    expect(new Set(loads).size).toBeGreaterThan(5)
    // Neighbours shift between them only.
    expect((loads[0] ?? 0) + (loads[1] ?? 0)).toBe(50)
  })

  it('draws keys and sleeps evenly from their ranges', () => {
    const jobs = plan.flat()
    expect(new Set(jobs.map(({ key }) => key))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]))
    expect(Math.min(...jobs.map(({ sleep }) => sleep))).toBe(0)
    expect(Math.max(...jobs.map(({ sleep }) => sleep))).toBe(39)
    const mean = jobs.reduce((sum, { sleep }) => sum + sleep, 0) / jobs.length
    expect(mean).toBeGreaterThan(18)
    expect(mean).toBeLessThan(21)
  })

  it('is the same for the same seed', () => {
    expect(planOf(named, seeded(3))).toEqual(plan)
    expect(planOf(named, seeded(4))).not.toEqual(plan)
  })
})
