import { describe, expect, it } from 'vitest'
import type { Simulation, Step } from '../../simulate/types'
import { back, bySeconds, forward, momentAt, settle, start, toEnd, toNextInstant } from './moments'

/** Only the times matter here. */
const run: Pick<Simulation, 'steps' | 'duration'> = {
  duration: 4000,
  steps: [1000, 1000, 1000, 2000, 3000].map((time, index) => ({ time, index }) as Step),
}

describe('momentAt', () => {
  it('has done everything due by then', () => {
    expect(momentAt(run, 999)).toEqual({ time: 999, step: 0 })
    expect(momentAt(run, 1000)).toEqual({ time: 1000, step: 3 })
    expect(momentAt(run, 2500)).toEqual({ time: 2500, step: 4 })
  })

  it('stays on the axis', () => {
    expect(momentAt(run, -5)).toEqual(start)
    expect(momentAt(run, 9e9)).toEqual({ time: 4000, step: 5 })
  })
})

describe('stepping', () => {
  it('visits every step once on the way forward, then the end of the axis', () => {
    const visited = []
    for (let at = start; at.time < run.duration; ) {
      at = forward(run, at)
      visited.push(at)
    }
    expect(visited.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 5])
    expect(visited.map(({ time }) => time)).toEqual([1000, 1000, 1000, 2000, 3000, 4000])
  })

  it('goes back the way it came', () => {
    let at = toEnd(run)
    const visited = []
    while (at.time > 0) {
      at = back(run, at)
      visited.push(at)
    }
    expect(visited.map(({ step }) => step)).toEqual([5, 4, 3, 2, 1, 0])
    expect(visited.at(-1)).toEqual(start)
  })

  it('between two steps, back goes to the one just done', () => {
    expect(back(run, { time: 2500, step: 4 })).toEqual({ time: 2000, step: 4 })
  })

  it('moves by seconds and by instants', () => {
    expect(bySeconds(run, { time: 2500, step: 4 }, -1)).toEqual({ time: 1500, step: 3 })
    expect(toNextInstant(run, start)).toEqual({ time: 1000, step: 3 })
    expect(toNextInstant(run, { time: 3000, step: 5 })).toEqual(toEnd(run))
  })
})

describe('settle', () => {
  it('keeps a place amid one instant', () => {
    expect(settle(run, { time: 1000, step: 2 })).toEqual({ time: 1000, step: 2 })
    expect(settle(run, { time: 1000, step: 0 })).toEqual({ time: 1000, step: 0 })
  })

  it('mends counts and times that belong to another run', () => {
    expect(settle(run, { time: 2500, step: 17 })).toEqual({ time: 2500, step: 4 })
    expect(settle(run, { time: 9000, step: 1 })).toEqual({ time: 4000, step: 5 })
  })
})
