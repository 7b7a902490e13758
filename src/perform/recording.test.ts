/** Events are mapped, never made up. */

import { expect, test } from 'vitest'
import type { LockEvent } from '../locks'
import { sevenSeconds } from '../scenario'
import { runAllowance } from './bound'
import { byTime, lastWord, mapEvent } from './recording'
import { supportsRealRun, whyNoRealRun } from './support'

const event: LockEvent = {
  type: 'grant',
  time: 5100,
  agent: 'a1',
  task: 'Reader 1',
  lock: 'latchkey real run 1',
  mode: 'shared',
  request: 'a1-1',
}

test('only the time and the lock’s name change', () => {
  const mapped = mapEvent(event, { start: 5000, offset: 0, speed: 10 })
  expect(mapped).toEqual({ ...event, time: 1000, lock: 'rw' })
})

test('a thread’s events keep their order at one time', () => {
  const events = [
    { ...event, type: 'release', time: 7 },
    { ...event, type: 'request', time: 7, request: 'a1-2' },
    { ...event, type: 'grant', time: 3 },
  ] as const
  expect(byTime(events).map(({ type }) => type)).toEqual(['grant', 'release', 'request'])
})

test('what a thread was at when time ran out', () => {
  expect(lastWord('Reader 1', [])).toBe('Reader 1 never asked for the lock')
  expect(lastWord('Reader 1', [{ ...event, type: 'request' }])).toBe(
    'Reader 1 waits for the lock (shared)',
  )
  expect(lastWord('Reader 1', [{ ...event, type: 'request' }, event])).toBe(
    'Reader 1 holds the lock (shared)',
  )
  expect(lastWord('Writer 1', [event])).toBe('Writer 1 never asked for the lock')
})

test('a run may take as long as sections that never overlap', () => {
  // Last asked for at 6 s; 3 + 1 + 1 + 2 s of sections; 5 s for a busy machine.
  expect(runAllowance(sevenSeconds.scenario, 1)).toBe(18_000)
  expect(runAllowance(sevenSeconds.scenario, 10)).toBe(6_300)
})

test('policies without a lock of the library are only simulated', () => {
  expect(supportsRealRun('go')).toBe(true)
  expect(supportsRealRun('web-locks')).toBe(true)
  for (const policy of ['readers-first', 'writers-first'] as const) {
    expect(supportsRealRun(policy)).toBe(false)
    expect(whyNoRealRun(policy)).toMatch(/^Only simulated: .+\.$/)
  }
})
