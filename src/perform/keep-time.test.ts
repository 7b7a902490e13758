/** The timekeeper sees late timers and slow locks, and nothing on a calm machine. */

import { expect, test } from 'vitest'
import { createLocks } from '../locks'
import { keepTime } from './keep-time'

const mutex = createLocks({ reach: 'realm' }).mutex('timekeeper')

/** Measures `laps` times: the nth timer comes `timers[n]` late, the nth lock takes `locks[n]`. */
async function measure(laps: number, timers: readonly number[], locks: readonly number[]) {
  const end = new AbortController()
  let time = 0
  let lap = 0
  const sleep = async (delay: number) => {
    time += delay + (timers[lap] ?? 0)
  }
  const acquire = async () => {
    time += locks[lap] ?? 0.2
    if (++lap === laps) end.abort()
    return mutex.acquire()
  }
  return keepTime({ acquire, waiting: { now: () => time, sleep }, end: end.signal })
}

test('a calm machine is not late', async () => {
  const { latest, late } = await measure(50, Array(50).fill(1.2), [])
  expect(latest).toBeCloseTo(1.2)
  expect(late).toBe(0)
})

test('late timers and slow locks add up', async () => {
  const { latest, late } = await measure(4, [0, 30, 0, 5], [0.1, 0.1, 12])
  expect(latest).toBeCloseTo(30)
  expect(late).toBeCloseTo(47)
})

test('what ends it in the midst of a sleep is no lateness', async () => {
  const end = new AbortController()
  let time = 0
  const sleep = async () => {
    time += 3
    end.abort('done')
    throw end.signal.reason
  }
  const acquire = () => mutex.acquire()
  const lateness = await keepTime({ acquire, waiting: { now: () => time, sleep }, end: end.signal })
  expect(lateness).toEqual({ latest: 0, late: 0 })
})
