/** What is told again, and what is not. */

import { expect, test } from 'vitest'
import { Histogram } from '../histogram'
import { LockTally } from '../lock-tally'
import type { ContentionRecord, Recording } from '../recording'
import { Alerts } from './alerts'

const never = Number.POSITIVE_INFINITY

function alerts(findings = {}): (recording: Recording) => readonly string[] {
  const made = new Alerts({ findings, p99: never, waiting: never })
  return (recording) => made.look(recording, []).map(({ kind, lock }) => `${kind} ${lock}`)
}

const empty: Recording = {
  format: 'latchkey-recording',
  version: 1,
  from: 0,
  to: 100_000,
  sample: 100,
  agents: [],
  locks: [],
  contention: [],
  events: [],
  dropped: 0,
}

/** No hold of it was sampled. */
function held(name: string, ...holds: readonly number[]): Recording {
  const hold = new Histogram()
  for (const ms of holds) hold.record(ms)
  const record = new LockTally(name, 'exclusive').record()
  return { ...empty, locks: [{ ...record, hold: hold.data() }] }
}

function waited(delay: number): Recording {
  const row = { charged: 'waiter', lock: 'a', mode: 'exclusive', contentions: 1 } as const
  return { ...empty, contention: [{ ...row, delay } satisfies ContentionRecord] }
}

test('a long hold that was not sampled is told, and so is the next one', () => {
  const look = alerts()
  expect(look(held('a', 10, 2_000))).toEqual(['long hold a'])
  expect(look(held('a', 10, 2_000))).toEqual([])
  expect(look(held('a', 10, 2_000, 20))).toEqual([])
  expect(look(held('a', 10, 2_000, 20, 1_500))).toEqual(['long hold a'])
  expect(look(held('a', 10, 2_000, 20, 1_500))).toEqual([])
  // Of the first one it is not certain by its bucket that it was longer than the limit.
  const another = alerts({ longHold: 1_999.9 })
  expect(another(held('a', 2_000))).toEqual(['long hold a'])
  expect(another(held('a', 2_000, 5_000))).toEqual(['long hold a'])
})

test('one that goes on since the recording began is told once', () => {
  const look = alerts()
  const base = {
    agent: 'a',
    task: 't',
    lock: 'a',
    mode: 'exclusive',
    request: '1',
    time: 0,
  } as const
  const events = [{ ...base, type: 'request' } as const, { ...base, type: 'grant' } as const]
  expect(look({ ...empty, events, to: 2_000 })).toEqual(['long hold a'])
  expect(look({ ...empty, events, to: 3_000 })).toEqual([])
})

test('a hot lock is told again when it has cost twice as much', () => {
  const look = alerts()
  expect(look(waited(200))).toEqual(['hot lock a'])
  expect(look(waited(390))).toEqual([])
  expect(look(waited(400))).toEqual(['hot lock a'])
  expect(look(waited(410))).toEqual([])
})

test('what is told of many locks is forgotten at last, but not while it is still found', () => {
  const look = alerts({ limit: never })
  const first = held('first', 2_000)
  expect(look(first)).toEqual(['long hold first'])
  const keys = (from: number) => Array.from({ length: 6_000 }, (_, index) => `key ${from + index}`)
  const many = (from: number): Recording => ({
    ...empty,
    locks: [...keys(from).flatMap((key) => held(key, 2_000).locks), ...first.locks],
  })
  expect(look(many(0))).toHaveLength(6_000)
  expect(look(many(6_000))).toHaveLength(6_000)
  expect(look(first)).toEqual([])
  // Those of the first look have made room.
  expect(look(held('key 0', 2_000))).toEqual(['long hold key 0'])
  expect(look(held('key 11999', 2_000))).toEqual([])
})
