/** Agreement is exact about what differs, and blind to what reality may do either way. */

import { describe, expect, test } from 'vitest'
import type { LockEvent } from '../locks/events'
import { catalogue, sevenSeconds } from '../scenario/catalogue'
import { compareRuns } from './compare'
import { simulate } from './executor'

const { events } = simulate(sevenSeconds.scenario, 'go')

/** As workers would tell it: `late` ms of the wall clock later, under other names. */
function played(source: readonly LockEvent[], speed: number, late: (index: number) => number) {
  return source.map((event, index) => ({
    ...event,
    time: event.time + late(index) * speed,
    agent: `worker ${event.task}`,
    lock: 'lab',
    request: `r${event.request}`,
  }))
}

const find = (task: string, type: LockEvent['type']) => (event: LockEvent) =>
  event.task === task && event.type === type

describe('a run that agrees', () => {
  test.each([1, 10])('at %i×, in whatever order its events arrive', (speed) => {
    for (const { scenario } of catalogue) {
      for (const policy of ['go', 'web-locks'] as const) {
        const simulated = simulate(scenario, policy).events
        const real = played(simulated, speed, (index) => 1 + index * 0.3).toReversed()
        const result = compareRuns(simulated, real, { speed })
        expect(result.differences).toEqual([])
        expect(result).toMatchObject({ agrees: true, matched: simulated.length })
        expect(result.summary).toBe(`${simulated.length} of ${simulated.length} events agree`)
      }
    }
  })

  test('may let two readers in either way', () => {
    const entry = catalogue.find(({ id }) => id === 'phase-fair')
    const simulated = simulate(entry?.scenario ?? sevenSeconds.scenario, 'go').events
    const together = simulated.filter((e) => e.type === 'grant' && e.time === 3000)
    expect(together.map(({ task }) => task)).toEqual(['Reader 2', 'Reader 3'])
    const real = played(simulated, 1, (index) => (simulated[index] === together[0] ? 5 : 0))
    expect(compareRuns(simulated, real, { speed: 1 }).agrees).toBe(true)
  })

  test('may have clocks that are slightly apart', () => {
    const early = (index: number) => (events[index]?.task === 'Writer 1' ? -0.4 : 0)
    const real = played(events, 1, early)
    expect(compareRuns(events, real, { speed: 1 }).differences[0]?.kind).toBe('order')
    expect(compareRuns(events, real, { speed: 1, clockError: 0.5 }).agrees).toBe(true)
  })
})

describe('tolerance', () => {
  test.each([
    [1, 50],
    [2, 25],
    [10, 20],
  ])('at %i× is %i ms', (speed, tolerance) => {
    expect(compareRuns(events, [], { speed }).tolerance).toBe(tolerance)
    for (const [off, agrees] of [
      [tolerance - 1, true],
      [tolerance + 1, false],
    ] as const) {
      const last = events.length - 1
      const real = played(events, speed, (index) => (index === last ? off : 0))
      expect(compareRuns(events, real, { speed }).agrees).toBe(agrees)
    }
  })

  test('is of the wall clock, as is the largest difference', () => {
    const result = compareRuns(
      events,
      played(events, 10, () => 15),
      { speed: 10 },
    )
    expect(result.agrees).toBe(true)
    expect(result.largest).toBeCloseTo(15)
  })
})

describe('a difference is named', () => {
  const compare = (change: (real: LockEvent[]) => LockEvent[]) =>
    compareRuns(events, change(played(events, 1, () => 0)), { speed: 1 })

  test('late', () => {
    const late = compare((real) =>
      real.map((e) => (find('Writer 1', 'release')(e) ? { ...e, time: e.time + 80 } : e)),
    )
    expect(late.summary).toBe('“Writer 1 left at 5.00 s” came 80 ms late; 50 ms are allowed.')
  })

  test('missing', () => {
    const missing = compare((real) => real.slice(0, -1))
    expect(missing).toMatchObject({ agrees: false, matched: 11, total: 12 })
    expect(missing.summary).toBe('“Reader 2 left at 7.00 s” did not happen.')
    expect(compareRuns(events, [], { speed: 1 })).toMatchObject({ matched: 0, agrees: false })
  })

  test('extra', () => {
    const extra = compare((real) => [...real, { ...real[0], task: 'Stranger' } as LockEvent])
    expect(extra.summary).toBe('“Stranger asked at 1.00 s” happened, and should not have.')
    expect(extra.matched).toBe(12)
  })

  test('another', () => {
    const other = compare((real) =>
      real.map((e): LockEvent => (find('Reader 2', 'grant')(e) ? { ...e, type: 'timeout' } : e)),
    )
    expect(other.summary).toBe(
      '“Reader 2 got the lock at 5.00 s” was due; “Reader 2 timed out at 5.00 s” came instead.',
    )
  })

  test('a grant before the release that it needs', () => {
    const order = compare((real) =>
      real.map((e) => (find('Writer 1', 'grant')(e) ? { ...e, time: e.time - 5 } : e)),
    )
    expect(order.summary).toBe(
      '“Writer 1 got the lock at 4.00 s” came 5 ms before “Reader 1 left at 4.00 s”, and should have come after it.',
    )
    expect(order.differences[0]?.kind).toBe('order')
  })
})

test('a speed that is none is refused', () => {
  expect(() => compareRuns(events, [], { speed: 0 })).toThrow(/speed .* 0/)
})
