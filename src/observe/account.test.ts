/** The account of events: of a workload whose answer is known, and of what goes wrong. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LockEvent, LockMode } from '../locks'
import { Account } from './account'
import { Histogram } from './histogram'
import type { ContentionRecord, HistogramData, Recording } from './recording'
import {
  type KnownDistribution,
  knownAgents,
  knownDelay,
  knownEvents,
  knownFrom,
  knownLocks,
  knownReleasers,
  knownTo,
  knownWaiters,
} from './testing/known-workload'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`account.test.ts: SEED=${seed}`)

function recordingOf(events: readonly LockEvent[]): Recording {
  const account = new Account({ resolution: 0 })
  for (const event of events) account.add(event)
  return account.recording(knownAgents)
}

function distributionOf(data: HistogramData): KnownDistribution {
  const histogram = Histogram.from(data)
  const { count, sum, min, max } = histogram
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((q) => histogram.quantile(q))
  return { count, sum, min, p50, p90, p99, max } as KnownDistribution
}

describe('the known workload', () => {
  const recording = recordingOf(knownEvents)

  test('every count and every quantile is the known one', () => {
    const found = recording.locks.map(({ lock, mode, wait, hold, ...counts }) => ({
      lock,
      mode,
      counts,
      wait: distributionOf(wait),
      hold: distributionOf(hold),
    }))
    expect(found).toEqual(knownLocks)
  })

  test.each([
    ['releaser', knownReleasers],
    ['waiter', knownWaiters],
  ] as const)('every row charged to the %s is the known one', (charged, known) => {
    const rows = recording.contention.filter((row) => row.charged === charged)
    expect(sorted(rows)).toEqual(sorted(known))
    expect(rows.reduce((sum, { delay }) => sum + delay, 0)).toBe(knownDelay)
  })

  test('the rest is what was put in', () => {
    const { from, to, agents, events, dropped, sample } = recording
    expect({ from, to, sample, dropped }).toEqual({
      from: knownFrom,
      to: knownTo,
      sample: 1,
      dropped: 0,
    })
    expect(agents).toEqual(knownAgents)
    expect(events).toEqual(knownEvents)
  })

  test('it can be written as JSON and cloned', () => {
    expect(JSON.parse(JSON.stringify(recording))).toEqual(recording)
    expect(structuredClone(recording)).toEqual(recording)
  })
})

function sorted(rows: readonly ContentionRecord[]): readonly ContentionRecord[] {
  const key = ({ lock, mode, site }: ContentionRecord) => `${lock} ${mode} ${site}`
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

const base = { agent: 'a', task: 't', lock: 'x', mode: 'exclusive' as LockMode }
const at = (time: number, type: string, request: string, more: object = {}): LockEvent =>
  ({ ...base, time, type, request, ...more }) as LockEvent

test('only so many events are kept, and all are counted', () => {
  const account = new Account({ capacity: 4 })
  for (const event of knownEvents) account.add(event)
  const { events, dropped, locks } = account.recording()
  expect(events).toEqual(knownEvents.slice(-4))
  expect(dropped).toBe(knownEvents.length - 4)
  expect(locks.map(({ requests }) => requests)).toEqual([2, 5, 15, 8])
})

test('agents that nobody knows go by their ids', () => {
  const account = new Account()
  account.add(at(0, 'request', '1', { agent: 'raw 1' }))
  expect(account.recording().agents).toMatchObject([{ agent: 'raw 1', name: 'raw 1' }])
})

test('a step of the clock between a request and its grant at once is no contention', () => {
  const waits = (events: readonly LockEvent[]) => {
    const account = new Account()
    for (const event of events) account.add(event)
    return account.recording().locks.reduce((sum, { contended }) => sum + contended, 0)
  }
  expect(waits([at(0, 'request', '1'), at(0.1, 'grant', '1')])).toBe(0)
  expect(waits([at(0, 'request', '1'), at(0.2, 'grant', '1')])).toBe(1)
  const behind = [at(0, 'request', '1'), at(0, 'grant', '1'), at(1, 'request', '2')]
  expect(waits([...behind, at(1.05, 'release', '1'), at(1.05, 'grant', '2')])).toBe(1)
})

test('a reader beside a reader waits for nobody', () => {
  const shared = { mode: 'shared' }
  const account = new Account()
  account.add(at(0, 'request', '1', shared))
  account.add(at(0, 'grant', '1', shared))
  account.add(at(1, 'request', '2', shared))
  account.add(at(1.05, 'grant', '2', shared))
  expect(account.recording()).toMatchObject({ locks: [{ contended: 0 }], contention: [] })
})

test('a deadlock that is only reported, and a violation of order, end nothing', () => {
  const account = new Account()
  account.add(at(0, 'request', '1'))
  account.add(at(1, 'deadlock', '1', { cycle: [], goesOn: true }))
  account.add(at(1, 'order-violation', '1', { against: 'y' }))
  account.add(at(2, 'grant', '1'))
  expect(account.recording().locks).toMatchObject([{ grants: 1, deadlocks: 0 }])
})

test('an end without a request counts nothing', () => {
  const account = new Account()
  account.add(at(0, 'grant', '1'))
  account.add(at(1, 'release', '1'))
  expect(account.recording()).toMatchObject({ locks: [], events: { length: 2 } })
})

test.each([
  ['who is told to be gone', (account: Account) => account.gone('a', 10)],
  ['whom the next holder shows to be gone', () => {}],
])('a hold of one %s stands in nobody’s way any more', (_, tell) => {
  const account = new Account()
  const other = (site: string) => ({ agent: 'b', site })
  account.add(at(0, 'request', '1', { site: 'dead' }))
  account.add(at(0, 'grant', '1', { site: 'dead' }))
  account.add(at(5, 'request', '2', other('second')))
  tell(account)
  account.add(at(10, 'grant', '2', other('second')))
  account.add(at(12, 'request', '3', other('third')))
  account.add(at(20, 'release', '2', other('second')))
  account.add(at(20, 'grant', '3', other('third')))
  const releasers = account.recording().contention.filter(({ charged }) => charged === 'releaser')
  expect(releasers).toMatchObject([
    { site: 'second', delay: 8 },
    { site: 'dead', delay: 5 },
  ])
})

test('what is charged to releasers sums up to what is charged to waiters', () => {
  const job = fc.record({
    gap: fc.integer({ min: 0, max: 30 }),
    hold: fc.integer({ min: 1, max: 40 }),
    site: fc.constantFrom('p', 'q', undefined),
  })
  fc.assert(
    fc.property(fc.array(job, { minLength: 1, maxLength: 40 }), (jobs) => {
      const events: LockEvent[] = []
      let asked = 0
      let free = 0
      let waited = 0
      for (const [index, { gap, hold, site }] of jobs.entries()) {
        asked += gap
        const granted = Math.max(asked, free)
        waited += granted - asked
        free = granted + hold
        const more = site === undefined ? {} : { site }
        events.push(at(asked, 'request', `${index}`, more))
        events.push(at(granted, 'grant', `${index}`, more), at(free, 'release', `${index}`, more))
      }
      const rank = ['release', 'grant', 'request']
      const byTime = events
        .map((event, index) => ({ event, index }))
        .sort(
          (a, b) =>
            a.event.time - b.event.time ||
            (a.event.request === b.event.request
              ? a.index - b.index
              : rank.indexOf(a.event.type) - rank.indexOf(b.event.type)),
        )
      const { contention } = recordingOf(byTime.map(({ event }) => event))
      for (const charged of ['releaser', 'waiter']) {
        const rows = contention.filter((row) => row.charged === charged)
        expect(rows.reduce((sum, { delay }) => sum + delay, 0)).toBeCloseTo(waited, 6)
      }
    }),
    { seed, numRuns: 300 },
  )
})

test.each([
  [{ capacity: -1 }, /^capacity must be between/],
  [{ capacity: '5' }, /^capacity must be a number/],
  [{ resolution: Number.NaN }, /^resolution must be between/],
])('refuses %o', (options, message) => {
  expect(() => new Account(options as object)).toThrow(message)
})
