import { describe, expect, it } from 'vitest'
import { Histogram } from '../../observe'
import { firstWorkload } from '../../scenario'
import { outcomeOf, type ParticipantEnd, type RunEnd, sumOf } from './outcome'

const histogram = (...durations: readonly number[]) => {
  const made = new Histogram()
  for (const ms of durations) made.record(ms)
  return made.data()
}

const first: ParticipantEnd = {
  at: 3_000,
  tally: {
    ...{ done: 3, writes: 2, lost: 1, dropped: 0, aborted: 1 },
    ...{ wait: histogram(1, 2, 3), hold: histogram(5, 5, 5) },
  },
  clock: { offset: 0, error: 0.1 },
  resolution: 0.005,
}
/** Its clock shows 10 s more than the page's. */
const second: ParticipantEnd = {
  at: 14_000,
  tally: {
    ...{ done: 1, writes: 1, lost: -1, dropped: 4, aborted: 0 },
    ...{ wait: histogram(40), hold: histogram(6) },
  },
  clock: { offset: 10_000, error: 0.2 },
  resolution: 0.1,
}
const end: RunEnd = {
  workload: { ...firstWorkload, workers: 1, tabs: 1 },
  mechanism: 'web-locks',
  startedAt: 1_500,
  resolution: 0.005,
  participants: [first, second],
  counted: 1,
}

describe('the outcome of a run', () => {
  it('adds up what all did, on one clock', () => {
    const outcome = outcomeOf(end)
    expect(outcome).toMatchObject({ done: 4, writes: 3, dropped: 4, aborted: 1, seconds: 2.5 })
    expect(outcome.wait).toMatchObject({ count: 4, max: 40, sum: 46 })
    expect(outcome.hold).toMatchObject({ count: 4, max: 6, sum: 21 })
    expect(outcome.resolution).toBe(0.1)
  })

  it('has lost what the counters lack, or what one alone has summed up', () => {
    expect(outcomeOf(end).lost).toBe(2)
    expect(outcomeOf({ ...end, participants: [first], counted: undefined }).lost).toBe(1)
  })

  it('says where its agents are, and how well their clocks are known', () => {
    expect(outcomeOf(end).agents).toEqual([
      {
        ...{ agent: 'This page', kind: 'page', name: 'This page' },
        ...{ offset: 0, uncertainty: 0, resolution: 0.005, gaps: [] },
      },
      {
        ...{ agent: 'Worker 1', kind: 'worker', name: 'Worker 1', page: 'This page' },
        ...{ offset: -0, uncertainty: 0.1, resolution: 0.005, gaps: [] },
      },
      {
        ...{ agent: 'Tab 1', kind: 'worker', name: 'Tab 1', page: undefined },
        ...{ offset: -10_000, uncertainty: 0.2, resolution: 0.1, gaps: [] },
      },
    ])
  })
})

it('who has said nothing yet counts for nothing', () => {
  expect(sumOf([])).toEqual({ done: 0, writes: 0, lost: 0, dropped: 0 })
  expect(sumOf([undefined, first.tally])).toMatchObject({ done: 3, lost: 1 })
})
