import { describe, expect, test } from 'vitest'
import { Account } from './account'
import { diff, top } from './profile'
import type { Recording } from './recording'
import { knownDelay, knownEvents, sites } from './testing/known-workload'

function recordingOf(events = knownEvents): Recording {
  const account = new Account()
  for (const event of events) account.add(event)
  return account.recording()
}

const recording = recordingOf()

describe('top', () => {
  test('by lock, the worst first, with its share', () => {
    const rows = [
      { lock: 'log', contentions: 6, delay: 3840, share: 3840 / knownDelay },
      { lock: 'db', contentions: 13, delay: 650, share: 650 / knownDelay },
      { lock: 'config', contentions: 6, delay: 450, share: 450 / knownDelay },
    ]
    expect(top(recording)).toEqual(rows)
    expect(top(recording, { limit: 1 })).toEqual(rows.slice(0, 1))
  })

  test('by call site, whoever is charged', () => {
    const [releaser] = top(recording, { by: 'site' })
    const [waiter] = top(recording, { by: 'site', charged: 'waiter' })
    expect(releaser).toEqual({
      site: sites.flush,
      contentions: 3,
      delay: 3800,
      share: 3800 / knownDelay,
    })
    expect(waiter).toMatchObject({ site: sites.append, contentions: 1, delay: 1930 })
  })

  test('by record: a reader and a writer are two', () => {
    const rows = top(recording, { by: 'record' }).filter(({ lock }) => lock === 'config')
    expect(rows.map(({ mode, site, delay }) => [mode, site, delay])).toEqual([
      ['exclusive', sites.write, 410],
      ['shared', sites.readA, 32.5],
      ['shared', sites.readB, 7.5],
    ])
  })

  test('of nothing is nothing', () => {
    expect(top(recordingOf([]))).toEqual([])
  })

  test.each([
    [{ by: 'name' }, /^by must be one of/],
    [{ charged: 'holder' }, /^charged must be one of/],
    [{ limit: -1 }, /^limit must be between/],
  ])('refuses %o', (options, message) => {
    expect(() => top(recording, options as object)).toThrow(message)
  })
})

describe('diff', () => {
  test('of a recording with itself is no change', () => {
    const { contention, locks, duration } = diff(recording, recording)
    expect(contention.every(({ delay, contentions }) => delay === 0 && contentions === 0)).toBe(
      true,
    )
    expect(locks).toHaveLength(4)
    expect(duration).toEqual({ before: 6010, after: 6010 })
  })

  test('of an earlier and a later one is what came in between', () => {
    const earlier = recordingOf(knownEvents.filter(({ time }) => time < 2000))
    const { contention, locks } = diff(earlier, recording)
    const ofDatabase = contention.filter((row) => row.lock === 'db' && row.charged === 'releaser')
    expect(ofDatabase).toEqual([
      {
        charged: 'releaser',
        lock: 'db',
        mode: 'exclusive',
        site: sites.enqueue,
        contentions: 9,
        delay: 450,
        before: { contentions: 0, delay: 0 },
        after: { contentions: 9, delay: 450 },
      },
      expect.objectContaining({
        site: sites.save,
        delay: 0,
        before: { contentions: 3, delay: 190 },
      }),
      expect.objectContaining({ site: sites.load, delay: 0 }),
    ])
    expect(locks.map(({ before }) => before?.requests)).toEqual([
      undefined,
      undefined,
      5,
      undefined,
    ])
    expect(locks.map(({ after }) => after?.requests)).toEqual([2, 5, 15, 8])
  })

  test('what got better is negative', () => {
    const [first] = diff(recording, recordingOf([])).contention
    expect(first).toMatchObject({ lock: 'log', delay: -3800, after: { delay: 0 } })
  })
})
