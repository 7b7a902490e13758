/** A second release ends nothing that a recorder counts. */

import { expect, test } from 'vitest'
import { testLocks } from '../../locks/testing/test-locks'
import { acquisitionsOf } from '../acquisitions'
import { record } from '../record'

test('a second release is among the events, and nothing is counted twice', async () => {
  const { locks, clock } = testLocks()
  const recorder = record(locks, { sample: 1 })
  const first = await locks.mutex('a').acquire()
  const waiting = locks.mutex('a').acquire()
  clock.advance(3)
  first.release()
  const second = await waiting
  clock.advance(2)
  second.release()
  clock.advance(9)
  expect(() => second.release()).toThrow()
  const { locks: records, contention, events } = recorder.recording()
  recorder.stop()
  expect(records).toMatchObject([{ requests: 2, grants: 2, contended: 1, releases: 2 }])
  expect(records[0]?.hold.count).toBe(2)
  expect(contention.filter(({ charged }) => charged === 'waiter')).toMatchObject([
    { contentions: 1, delay: expect.closeTo(3, 6) },
  ])
  expect(events.at(-1)?.type).toBe('not-held')
  expect(acquisitionsOf(events).map(({ how }) => how)).toEqual(['release', 'release'])
})
