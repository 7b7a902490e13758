/** Fences begin and end nothing: whoever counts acquisitions passes over them. */

import { expect, test } from 'vitest'
import type { LockEvent } from '../locks'
import { testLocks } from '../locks/testing/test-locks'
import { Account } from './account'
import { acquisitionsOf } from './acquisitions'
import { chromeTrace } from './export'
import type { Logger } from './export/log-line'
import { logTo } from './export/log-to'

test('a fence between grant and release changes no figure', async () => {
  const { locks, clock } = testLocks()
  const events: LockEvent[] = []
  const account = new Account()
  const lines: string[] = []
  const note = (message: string) => void lines.push(message)
  const logger: Logger = { debug: note, warn: note, error: note }
  logTo(locks, logger)
  locks.subscribe((event) => {
    events.push(event)
    account.add(event)
  })
  const hold = await locks.task('ann').mutex('a').acquire({ fence: true })
  clock.advance(7)
  hold.release()
  expect(events.map(({ type }) => type)).toEqual(['request', 'grant', 'fence', 'release'])
  expect(acquisitionsOf(events)).toMatchObject([{ request: hold.id, how: 'release' }])
  const recording = account.recording()
  expect(recording.locks).toMatchObject([{ lock: 'a', requests: 1, grants: 1 }])
  expect(recording.locks[0]?.hold.max).toBeCloseTo(7, 0)
  const trace = JSON.stringify(chromeTrace(recording))
  expect(trace).toContain('has its fence: a')
  expect(lines).toContain('ann: "a" (exclusive) has the fence 1')
})
