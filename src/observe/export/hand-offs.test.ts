/** Which release let whom in. */

import { expect, test } from 'vitest'
import type { Recording } from '../recording'
import { handOffsOf } from './hand-offs'
import { eventsOf, recordingOf, threeInARow } from './testing/stories'

const words = (recording: Recording) => handOffsOf(recording).map(({ from, to }) => `${from} ${to}`)
const wordsOf = (...lines: string[]) => words(recordingOf({ events: eventsOf(lines) }))

test('one after another', () => {
  expect(words(threeInARow)).toEqual(['a1 b1', 'b1 c1'])
})

test('who had not to wait owes it to nobody', () => {
  expect(
    wordsOf('0 request a1 l', '0 grant a1 l', '1 release a1 l', '1 request b1 l', '1 grant b1 l'),
  ).toEqual([])
})

test('a writer lets all readers in; the last reader lets the writer in', () => {
  expect(
    wordsOf(
      '0 request w1 l',
      '0 grant w1 l',
      '1 request r1 l shared',
      '1 request r2 l shared',
      '2 request w2 l',
      '3 release w1 l',
      '3 grant r1 l shared',
      '3 grant r2 l shared',
      '5 release r2 l shared',
      '6 release r1 l shared',
      '6 grant w2 l',
    ),
  ).toEqual(['w1 r1', 'w1 r2', 'r1 w2'])
})

test('a writer that gives up lets the readers behind it in; another reader that leaves does not', () => {
  expect(
    wordsOf(
      '0 request r1 l shared',
      '0 grant r1 l shared',
      '0 request r2 l shared',
      '0 grant r2 l shared',
      '1 request w1 l',
      '2 request r3 l shared',
      '3 release r2 l shared',
      '4 abort w1 l',
      '4 grant r3 l shared',
    ),
  ).toEqual(['w1 r3'])
})

test('a deadlock that is only reported lets nobody in', () => {
  const lines = [
    '0 request r1 l shared',
    '0 grant r1 l shared',
    '1 request w1 l',
    '2 request r3 l shared',
    '3 deadlock w1 l',
    '4 grant r3 l shared',
  ]
  expect(wordsOf(...lines)).toEqual(['w1 r3'])
  const events = eventsOf(lines).map((event) =>
    event.type === 'deadlock' ? { ...event, goesOn: true as const } : event,
  )
  expect(words(recordingOf({ events }))).toEqual([])
})

test('a release that a clock puts after its grant is missing, not taken for an earlier one', () => {
  expect(
    wordsOf(
      '0 request a1 l',
      '0 grant a1 l',
      '1 request b1 l',
      '1 request c1 l',
      '2 release a1 l',
      '2 grant b1 l',
      '3 grant c1 l',
      '3.1 release b1 l',
    ),
  ).toEqual(['a1 b1'])
})

test('nothing is known of a sample, nor before every buffer begins', () => {
  expect(words({ ...threeInARow, sample: 2 })).toEqual([])
  // The buffer of `b` begins with the end of b1: what it released before is forgotten.
  const events = eventsOf([
    '0 request b9 other',
    '1 request a2 l',
    '2 release a1 l',
    '3 grant a2 l',
    '3 request b1 l',
    '5 release a2 l',
    '6 grant b1 l',
    '6 request a3 l',
    '7 release b1 l',
    '8 grant a3 l',
  ])
  expect(words(recordingOf({ events, dropped: 1 }))).toEqual(['b1 a3'])
  expect(words(recordingOf({ events }))).toEqual(['a1 a2', 'a2 b1', 'b1 a3'])
})
