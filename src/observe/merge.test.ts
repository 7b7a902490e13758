import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LockEvent } from '../locks'
import { Account } from './account'
import { merge } from './merge'
import type { Recording } from './recording'
import { knownAgents, knownEvents } from './testing/known-workload'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`merge.test.ts: SEED=${seed}`)

function recordingOf(events: readonly LockEvent[]): Recording {
  const account = new Account({ resolution: 0 })
  for (const event of events) account.add(event)
  return account.recording(knownAgents)
}

const whole = recordingOf(knownEvents)

test('parts between which nothing was open are the whole again', () => {
  // Moments at which nobody holds or waits.
  const cuts = [1150, 1500, 2500, 3150, 3600, 6500]
  fc.assert(
    fc.property(fc.subarray(cuts), (chosen) => {
      const bounds = [0, ...chosen, 10_000]
      const parts = chosen.concat(10_000).map((to, index) => {
        const from = bounds[index] ?? 0
        return recordingOf(knownEvents.filter(({ time }) => time >= from && time < to))
      })
      const merged = merge(parts)
      expect(merged.locks).toEqual(whole.locks)
      expect(merged.events).toEqual(whole.events)
      expect(merged.agents).toEqual(whole.agents)
      expect(merged.contention.map(({ delay }) => delay)).toEqual(
        whole.contention.map(({ delay }) => delay),
      )
    }),
    { seed, numRuns: 50 },
  )
})

test('of one is itself', () => {
  expect(merge([whole])).toEqual(whole)
})

test('keeps only so many events, the latest, and counts the others', () => {
  const { events, dropped } = merge([whole, { ...whole, dropped: 7 }], { capacity: 3 })
  expect(events).toEqual(
    [...whole.events, ...whole.events].sort((a, b) => a.time - b.time).slice(-3),
  )
  expect(dropped).toBe(2 * whole.events.length - 3 + 7)
})

test('what was not measured adds up', () => {
  const some = { ...whole, locks: whole.locks.map((each) => ({ ...each, unmeasured: 2 })) }
  expect(merge([some, whole, some]).locks.map(({ unmeasured }) => unmeasured)).toEqual([4, 4, 4, 4])
})

test('refuses nothing at all', () => {
  expect(() => merge([])).toThrow(/^recordings must be at least one/)
  expect(() => merge([whole], { capacity: -1 })).toThrow(/^capacity must be between/)
})
