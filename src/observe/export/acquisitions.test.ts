/** What events say of each acquisition, whole or not. */

import { expect, test } from 'vitest'
import { type Acquisition, acquisitionsOf } from './acquisitions'
import { eventsOf, recordingOf, threeInARow } from './testing/stories'

const rows = (acquisitions: readonly Acquisition[]) =>
  acquisitions.map((each) => {
    const { request, asked, granted, start, end, outcome } = each
    return [request, asked, granted, start, end, outcome]
  })

test('times are microseconds since the beginning', () => {
  expect(rows(acquisitionsOf(threeInARow))).toEqual([
    ['a1', 0, 0, 0, 4000, 'release'],
    ['b1', 1000, 4000, 1000, 9000, 'release'],
    ['c1', 2000, 9000, 2000, 10_000, 'release'],
  ])
})

test.each(['abort', 'timeout', 'refuse', 'deadlock'])('a wait ends as %s', (type) => {
  const events = eventsOf(['1 request a1 l', `3 ${type} a1 l`])
  expect(rows(acquisitionsOf(recordingOf({ events })))).toEqual([
    ['a1', 1000, undefined, 1000, 3000, type],
  ])
})

test('what was only reported does not end a wait, and a loss ends a hold', () => {
  const events = eventsOf([
    '1 request a1 l',
    '2 deadlock a1 l',
    '2 order-violation a1 l',
    '3 grant a1 l',
    '5 lost a1 l',
  ]).map((event) => (event.type === 'deadlock' ? { ...event, goesOn: true as const } : event))
  expect(rows(acquisitionsOf(recordingOf({ events })))).toEqual([
    ['a1', 1000, 3000, 1000, 5000, 'lost'],
  ])
})

test('what only tells something aside is no acquisition, and lengthens none', () => {
  const events = eventsOf([
    '1 order-violation a9 l',
    '1 not-held a8 l',
    '1 request a1 l',
    '1 grant a1 l',
    '2 release a1 l',
    '7 not-held a1 l',
  ])
  expect(rows(acquisitionsOf(recordingOf({ events })))).toEqual([
    ['a1', 1000, 1000, 1000, 2000, 'release'],
  ])
})

test('what goes on ends with the recording; what is not known is not made up', () => {
  const events = eventsOf([
    '1 release a1 l',
    '2 grant a2 l',
    '3 release a2 l',
    '3 request a3 l',
    '3 grant a3 l',
    '4 request a4 l',
  ])
  expect(rows(acquisitionsOf(recordingOf({ events, dropped: 4 })))).toEqual([
    ['a1', undefined, undefined, 1000, 1000, 'release'],
    ['a2', undefined, 2000, 2000, 3000, 'release'],
    ['a3', 3000, 3000, 3000, 20_000, 'open'],
    ['a4', 4000, undefined, 4000, 20_000, 'open'],
  ])
})

test('nothing is before the beginning or ends before it began, whatever clocks did', () => {
  const events = eventsOf(['-5 request a1 l', '2 grant a1 l', '1 release a1 l', '30 request b1 m'])
  expect(rows(acquisitionsOf(recordingOf({ events })))).toEqual([
    ['a1', 0, 7000, 0, 7000, 'release'],
    ['b1', 35_000, undefined, 35_000, 35_000, 'open'],
  ])
})
