import { describe, expect, it } from 'vitest'
import type { Step } from '../../../simulate'
import { earlierLines } from './instant'

const steps = (
  [
    // index, time, thread, operation, line, ran
    [1000, 'A', 'RLock', 0, [0]],
    [1000, 'A', 'RLock', 1, [0, 1]],
    [2000, 'B', 'Lock', 0, [0]],
    [2000, 'A', 'RLock', 2, [0, 1, 2]],
    [2000, 'B', 'Lock', 1, [0, 1]],
    [2000, 'A', 'RUnlock', 0, [0]],
  ] as const
).map(([time, thread, operation, line, ran], index) => ({
  index,
  time,
  thread,
  operation,
  line,
  ran,
})) as unknown as Step[]

const at = (index: number) => [...earlierLines(steps, steps[index] as Step)]

describe('earlierLines', () => {
  it('are those of the same call in the same instant', () => {
    expect(at(0)).toEqual([])
    expect(at(1)).toEqual([0])
  })

  it('leave out what ran before the thread was parked', () => {
    expect(at(3)).toEqual([])
  })

  it('skip what other threads ran in between', () => {
    expect(at(4)).toEqual([0])
  })

  it('end where another operation of the thread began', () => {
    expect(at(5)).toEqual([])
  })
})
