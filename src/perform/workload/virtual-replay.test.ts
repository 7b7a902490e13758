import { describe, expect, it } from 'vitest'
import { mapMutexCase, planOf } from '../../scenario'
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
    const { workload } = mapMutexCase('1000_20_20_20')
    const plan = Array.from({ length: workload.tasks }, (_, runner) => [
      ...planOf(workload, runner),
    ])
    const sums = plan.map((jobs) => jobs.reduce((sum, { hold }) => sum + hold, 0))
    const under = (keyOf: (task: number) => number) =>
      virtualReplay(
        plan.map((jobs, task) => jobs.map(({ hold }) => ({ key: keyOf(task), slept: hold }))),
      )
    expect(under(() => 0)).toBe(sums.reduce((a, b) => a + b, 0))
    expect(under((task) => task)).toBe(Math.max(...sums))
  })
})
