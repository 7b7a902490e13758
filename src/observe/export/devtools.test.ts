/** What is handed to DevTools. That its trace has it is checked in a browser. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type TestLocks, testLocks } from '../../locks/testing/test-locks'
import { showInDevTools, showRecordingInDevTools } from './devtools'
import {
  eventsOf,
  nothing,
  recordingOf,
  strangeNames,
  strangers,
  threeInARow,
} from './testing/stories'

interface Measured {
  readonly start: number
  readonly end: number
  readonly detail: {
    readonly devtools: {
      readonly track: string
      readonly trackGroup: string
      readonly color: string
      readonly properties: readonly (readonly string[])[]
    }
  }
}

let measured: [name: string, Measured][]
let made: TestLocks

beforeEach(() => {
  measured = []
  made = testLocks()
  const { measure } = performance
  vi.spyOn(performance, 'measure').mockImplementation((name, options) => {
    measured.push([name, options as Measured])
    return measure.call(performance, name, options as PerformanceMeasureOptions)
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

const rows = () =>
  measured.map(([name, { start, end, detail }]) => {
    const { trackGroup, track, color } = detail.devtools
    return [`${trackGroup} / ${track}`, name, start, end, color]
  })

test('waits and holds as they end, on a track of their lock', async () => {
  const { locks, clock } = made
  const stop = showInDevTools(locks)
  const start = clock.now()
  const hold = await locks.task('ann').mutex('cart').acquire()
  clock.advance(1)
  const waiting = locks.task('bob').mutex('cart').acquire()
  const late = locks.task('late').mutex('cart').acquire({ timeout: 1 })
  late.catch(() => {})
  clock.advance(3)
  hold.release()
  const next = await waiting
  clock.advance(2)
  next.release()
  stop()
  await locks.mutex('cart').acquire()
  const near = (ms: number) => expect.closeTo(start + ms, 2)
  expect(rows()).toEqual([
    ['Locks / cart', 'wait cart (exclusive): late', near(1), near(2), 'error'],
    ['Locks / cart', 'hold cart (exclusive): ann', near(0), near(4), 'secondary'],
    ['Locks / cart', 'wait cart (exclusive): bob', near(1), near(4), 'tertiary'],
    ['Locks / cart', 'hold cart (exclusive): bob', near(4), near(6), 'secondary'],
  ])
  expect(performance.getEntriesByType('measure')).toEqual([])
})

test('what is short is not shown', async () => {
  const { locks, clock } = made
  const stop = showInDevTools(locks, { shortest: 2 })
  for (const time of [1.9, 2.1]) {
    const hold = await locks.mutex('cart').acquire()
    clock.advance(time)
    hold.release()
  }
  expect(measured).toHaveLength(1)
  stop()
})

test('a recording: a group for each agent, where it was or where it is wanted', () => {
  expect(showRecordingInDevTools(threeInARow, { at: 100 })).toBe(5)
  expect(rows()).toEqual([
    ['Locks: Shop / cart', 'hold cart (exclusive): a1', 100, 104, 'secondary'],
    ['Locks: sync worker / cart', 'wait cart (exclusive): b1', 101, 104, 'tertiary'],
    ['Locks: sync worker / cart', 'hold cart (exclusive): b1', 104, 109, 'secondary'],
    ['Locks: Admin / cart', 'wait cart (exclusive): c1', 102, 109, 'tertiary'],
    ['Locks: Admin / cart', 'hold cart (exclusive): c1', 109, 110, 'secondary'],
  ])
  expect(measured[1]?.[1].detail.devtools.properties).toEqual([
    ['Task', 'b1'],
    ['Mode', 'exclusive'],
    ['Outcome', 'grant'],
    ['Request', 'b1'],
    ['Asked at', 'sync@https://shop.test/worker.js:20:9'],
  ])
  measured = []
  const from = performance.timeOrigin + 50
  const later = from - threeInARow.from
  const events = threeInARow.events.map((event) => ({ ...event, time: event.time + later }))
  showRecordingInDevTools({ ...threeInARow, from, to: from + 20, events })
  expect(measured[0]?.[1].start).toBeCloseTo(50, 2)
})

test('one of another time begins at 0; what was not shared or went wrong has another colour', () => {
  const events = eventsOf([
    '0 request a1 l shared',
    '0 grant a1 l shared',
    '1 request b1 l',
    '3 timeout b1 l',
    '4 lost a1 l shared',
  ]).map((event) => ({ ...event, time: event.time - 1e12 }))
  showRecordingInDevTools(recordingOf({ events, from: events[0]?.time ?? 0 }))
  expect(rows().map(([, , start, end, colour]) => [start, end, colour])).toEqual([
    [0, 4, 'error'],
    [1, 3, 'error'],
  ])
})

test('names may be anything, and a recording empty', () => {
  expect(showRecordingInDevTools(nothing)).toBe(0)
  expect(showRecordingInDevTools(strangers, { at: 0 })).toBe(strangeNames.length * 2)
})

test('what is refused', () => {
  expect(() => showInDevTools(made.locks, { shortest: -1 })).toThrow(RangeError)
  expect(() => showRecordingInDevTools({} as never)).toThrow(TypeError)
  expect(() => showRecordingInDevTools(nothing, { at: -1 })).toThrow(RangeError)
  expect(measured).toEqual([])
})
