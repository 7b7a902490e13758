/** What is found, and what is not. */

import { describe, expect, test } from 'vitest'
import type { LockEvent, LockMode } from '../locks'
import { Account } from './account'
import { findings } from './findings'
import type { FindingKind } from './findings/finding'
import type { LockRecord, Recording } from './recording'
import { knownEvents, knownFindings } from './testing/known-workload'

function recordingOf(events: readonly LockEvent[]): Recording {
  const account = new Account()
  for (const event of events) account.add(event)
  return account.recording()
}

const known = recordingOf(knownEvents)

interface Line {
  readonly id: string
  readonly asked: number
  readonly granted?: number
  readonly ended?: number
  readonly mode?: LockMode
  readonly site?: string
  readonly ran?: number
}

/** Of one lock; at one moment ends come first. */
function play(lines: readonly Line[]): Recording {
  const events = lines.flatMap(({ id, asked, granted, ended, mode = 'exclusive', site, ran }) => {
    const base = { agent: 'a', task: id, lock: 'x', mode, request: id, site }
    const event = (type: 'request' | 'grant', time: number): LockEvent => ({ ...base, type, time })
    return [
      event('request', asked),
      ...(granted === undefined ? [] : [event('grant', granted)]),
      ...(ended === undefined ? [] : [{ ...base, type: 'release', time: ended, ran } as const]),
    ]
  })
  const rank = ['release', 'request', 'grant']
  const byTime = (a: LockEvent, b: LockEvent) =>
    a.time - b.time || rank.indexOf(a.type) - rank.indexOf(b.type)
  return recordingOf(events.sort(byTime))
}

const kindsOf = (recording: Recording, settings = {}): readonly FindingKind[] =>
  findings(recording, settings).map(({ kind }) => kind)

test('of the known workload, exactly the known ones', () => {
  expect(findings(known)).toEqual(knownFindings)
})

test('nothing in nothing', () => {
  expect(findings(recordingOf([]))).toEqual([])
})

test('each record of many locks is looked at a few times', () => {
  const [record] = play([{ id: '1', asked: 0, granted: 0, ended: 10 }]).locks
  let looked = 0
  const locks = Array.from({ length: 300 }, (_, index) =>
    Object.defineProperty({ ...record } as LockRecord, 'lock', {
      get() {
        looked++
        return `key ${index}`
      },
    }),
  )
  expect(findings({ ...recordingOf([]), locks })).toEqual([])
  expect(looked).toBeLessThan(10 * locks.length)
})

test('settings say from when on', () => {
  const none = {
    convoyQueue: 6,
    starvationOvertaken: 4,
    longHold: 2000,
    idleHold: 2001,
    hotShare: 0.8,
    inversionSpike: 191,
  }
  expect(findings(known, none)).toEqual([])
  expect(kindsOf(known, { ...none, starvationOvertaken: 3 })).toEqual(['starvation'])
  expect(kindsOf(known, { ...none, convoyQueue: 5, convoyServed: 4 })).toEqual([])
  expect(kindsOf(known, { ...none, idleHold: undefined, idleShare: 0.998 })).toEqual([])
  expect(findings(known, { limit: 0 })).toEqual([])
})

describe('convoys', () => {
  const rush = (gap: number) =>
    Array.from({ length: 12 }, (_, index): Line => {
      const granted = Math.max(index * gap, index * 10)
      return { id: `${index}`, asked: index * gap, granted, ended: granted + 10 }
    })

  test('many at once are none', () => {
    expect(kindsOf(play(rush(0)), { hotShare: 1, hotDelay: 1e6 })).toEqual([])
  })

  test('as many as are served are none', () => {
    expect(kindsOf(play(rush(10)), { hotDelay: 1e6 })).toEqual([])
  })

  test('one that never ends goes on to the end of the recording', () => {
    const [found] = findings(play(rush(5).slice(0, -1).concat({ id: 'last', asked: 55 })), {
      hotDelay: 1e6,
    })
    expect(found).toMatchObject({ kind: 'convoy', from: 10, to: 110 })
  })

  test('of one in many acquisitions, each stands for as many', () => {
    const sampled: Recording = { ...play(rush(5)), sample: 10 }
    const [found] = findings(sampled, { hotDelay: 1e6 })
    expect(found?.figures).toMatchObject({ queue: 60, asked: 100 })
    expect(found?.sentence).toContain('until about 60 waited')
  })
})

describe('starvation', () => {
  /** `x` asks at 1 and gets it at the end; others come later and go first. */
  const passedOver = (mode: LockMode, others: LockMode, step: number) => [
    { id: 'first', asked: 0, granted: 0, ended: 100 },
    { id: 'x', asked: 1, granted: 100 + 5 * step, ended: 200 + 5 * step, mode },
    ...[0, 1, 2, 3, 4].map((index) => ({
      id: `${index}`,
      asked: 2 + index,
      granted: 100 + index * step,
      ended: 100 + (index + 1) * step,
      mode: others,
    })),
  ]
  const only = { hotDelay: 1e6, longHold: 1e6, inversionSpike: 1e6 }

  test('five who asked later are five', () => {
    const [found] = findings(play(passedOver('exclusive', 'exclusive', 10)), only)
    expect(found).toMatchObject({ kind: 'starvation', from: 1, to: 150 })
    expect(found?.figures).toEqual({ waited: 149, overtaken: 5, waiters: 1 })
  })

  test('readers who are let in together overtake a writer once', () => {
    expect(kindsOf(play(passedOver('exclusive', 'shared', 0.1)), only)).toEqual([])
  })

  test('overtaking at the beginning of a wait is what a cohort does', () => {
    const patience = { ...only, starvationPatience: 150 }
    expect(kindsOf(play(passedOver('exclusive', 'exclusive', 10)), patience)).toEqual([])
  })

  test('a writer may be overtaken by one phase of readers after each writer before him', () => {
    const turns = [0, 1, 2, 3].flatMap((turn): Line[] => {
      const from = 100 * turn
      const writer = { id: `w${turn}`, asked: turn / 10, granted: from, ended: from + 50 }
      const reader = { id: `r${turn}`, asked: from + 20, granted: from + 50, ended: from + 100 }
      return [writer, { ...reader, mode: 'shared' }]
    })
    const last: Line = { id: 'last', asked: 0.5, granted: 400, ended: 410 }
    const rest = { ...only, inversionSpike: 1e6, idleShare: 1 }
    expect(kindsOf(play([...turns, last]), rest)).toEqual([])
    // With no writers in front, nothing entitles the readers to it.
    const readers = turns.filter(({ mode }) => mode === 'shared')
    const between = [0, 1, 2].map((turn) => {
      const granted = 100 * turn + 100
      return { id: `b${turn}`, asked: granted - 1, granted, ended: granted + 20 }
    })
    const found = findings(play([...readers, ...between, last]), rest)
    expect(found.map(({ kind }) => kind)).toEqual(['starvation'])
  })
})

describe('holds', () => {
  test('one that goes on is as long as it has lasted', () => {
    const [found] = findings(
      play([
        { id: '1', asked: 0, granted: 0, site: 'here' },
        { id: '2', asked: 1500, ended: 1600 },
      ]),
      { hotDelay: 1e6 },
    )
    expect(found).toMatchObject({ kind: 'long hold', site: 'here', from: 0, to: 1600 })
  })

  test('each place is told once, with its longest', () => {
    const lines = [100, 300, 200].map((held, index) => {
      const from = index * 1000
      return { id: `${index}`, asked: from, granted: from, ended: from + held, site: 'here' }
    })
    const found = findings(play(lines), { longHold: 50 })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ from: 1000, figures: { held: 300, holds: 3 } })
  })

  test('what was not sampled is known from the histogram', () => {
    const { locks, ...rest } = play([{ id: '1', asked: 0, granted: 0, ended: 3000 }])
    const [found] = findings({ ...rest, locks, events: [], sample: 100 })
    expect(found).toMatchObject({ kind: 'long hold', from: 0, to: 3000 })
    expect(found?.figures).toEqual({ held: 3000, holds: 1 })
  })

  test('one that ran for most of its time is not idle', () => {
    const line = { id: '1', asked: 0, granted: 0, ended: 100 }
    expect(kindsOf(play([{ ...line, ran: 21 }]))).toEqual([])
    expect(kindsOf(play([{ ...line, ran: 20 }]))).toEqual(['idle hold'])
    expect(kindsOf(play([line]))).toEqual([])
  })
})

test('readers who wait as long without writers are no inversion', () => {
  const lines: readonly Line[] = [
    { id: 'w', asked: 0, granted: 0, ended: 100 },
    { id: 'r1', asked: 10, granted: 100, ended: 101, mode: 'shared' },
    { id: 'r2', asked: 200, granted: 280, ended: 281, mode: 'shared' },
  ]
  const settings = { hotDelay: 1e6 }
  expect(kindsOf(play(lines.slice(0, 2)), settings)).toEqual(['reader-writer inversion'])
  expect(kindsOf(play(lines), settings)).toEqual([])
})

test.each([
  [{ longHold: -1 }, /^longHold must be between/],
  [{ hotShare: 2 }, /^hotShare must be between 0 and 1/],
  [{ longHold: '5' }, /^longHold must be a number/],
  [{ longHolds: 5 }, /^no setting is called longHolds/],
])('refuses %o', (settings, message) => {
  expect(() => findings(known, settings as object)).toThrow(message)
})
