/** Traces for Perfetto, read back by the rules of their format. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LockEvent } from '../../locks'
import { chromeTrace } from './chrome-trace'
import { readTrace } from './testing/read-trace'
import {
  agent,
  eventsOf,
  noon,
  nothing,
  recordingOf,
  strangeNames,
  strangers,
  threeInARow,
} from './testing/stories'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`chrome-trace.test.ts: SEED=${seed}`)

const lines = (text: string) =>
  readTrace(text).slices.map(({ track, inside, name, start, end }) =>
    [track.replace(/ #.*/, ''), ...inside, `${name} ${start}–${end}`].join(' > '),
  )

describe('three in a row', () => {
  const text = chromeTrace(threeInARow)

  test('waits and holds lie inside of their acquisition, a worker beside its page', () => {
    expect(lines(text)).toEqual([
      'Shop / Shop > cart (exclusive) 0–4000',
      'Shop / Shop > cart (exclusive) > hold 0–4000',
      'Shop / sync worker > cart (exclusive) 1000–9000',
      'Shop / sync worker > cart (exclusive) > wait 1000–4000',
      'Admin / Admin > cart (exclusive) 2000–10000',
      'Admin / Admin > cart (exclusive) > wait 2000–9000',
      'Shop / sync worker > cart (exclusive) > hold 4000–9000',
      'Admin / Admin > cart (exclusive) > hold 9000–10000',
      'Admin / Admin: gaps > hidden 11000–15000',
      'Admin / Admin: gaps > frozen 12000–17000',
    ])
  })

  test('an arrow goes from each release to the grant it caused', () => {
    const flows = readTrace(text).flows.map(([from, to, start, end]) => [
      [from.name, from.end, start],
      [to.name, to.start, end],
    ])
    expect(flows).toEqual([
      [
        ['hold', 4000, 3999],
        ['hold', 4000, 4000],
      ],
      [
        ['hold', 9000, 8999],
        ['hold', 9000, 9000],
      ],
    ])
  })

  test('the queue is counted', () => {
    expect(readTrace(text).counters).toEqual({
      'waiting for cart': [
        [1000, 1],
        [2000, 2],
        [4000, 1],
        [9000, 0],
      ],
    })
  })

  test('a slice says whose it is, where it was asked for and what became of it', () => {
    expect(readTrace(text).slices[2]?.args).toEqual({
      ...{ task: 'b1', mode: 'exclusive', outcome: 'release', request: 'b1' },
      site: 'sync@https://shop.test/worker.js:20:9',
    })
  })
})

test('tasks that overlap have tracks of their own; one that takes a lock inside another has not', () => {
  const events = eventsOf([
    '0 request a1 l exclusive one',
    '0 grant a1 l exclusive one',
    '1 request a2 m exclusive one',
    '1 grant a2 m exclusive one',
    '2 request a3 k exclusive two',
    '2 grant a3 k exclusive two',
    '3 release a2 m exclusive one',
    '4 release a1 l exclusive one',
    '5 release a3 k exclusive two',
  ])
  const agents = [agent({ agent: 'a', name: 'Shop' })]
  expect(lines(chromeTrace(recordingOf({ agents, events })))).toEqual([
    'Shop / Shop > l (exclusive) 0–4000',
    'Shop / Shop > l (exclusive) > hold 0–4000',
    'Shop / Shop > l (exclusive) > hold > m (exclusive) 1000–3000',
    'Shop / Shop > l (exclusive) > hold > m (exclusive) > hold 1000–3000',
    'Shop / Shop (2) > k (exclusive) 2000–5000',
    'Shop / Shop (2) > k (exclusive) > hold 2000–5000',
  ])
})

test('what did not end well says so', () => {
  const events = eventsOf([
    '0 request a1 l',
    '0 grant a1 l',
    '1 request b1 l',
    '2 timeout b1 l',
    '3 lost a1 l',
    '4 request a2 l',
    '5 request c1 l',
    '5 refuse c1 l',
  ])
  expect(lines(chromeTrace(recordingOf({ events, to: noon + 6 })))).toEqual([
    'a / a > l (exclusive) 0–3000',
    'a / a > l (exclusive) > hold: lost 0–3000',
    'b / b > l (exclusive) 1000–2000',
    'b / b > l (exclusive) > wait: timed out 1000–2000',
    'a / a > l (exclusive) 4000–6000',
    'a / a > l (exclusive) > wait: goes on 4000–6000',
    'c / c > l (exclusive) 5000–5000',
    'c / c > wait: refused 5000–5000',
  ])
})

test('what is told aside is marked', () => {
  const events = eventsOf([
    '0 request a1 l',
    '0 order-violation a1 l',
    '0 grant a1 l',
    '1 release a1 l',
    '2 not-held a1 l',
    '3 not-held a9 m',
  ])
  expect(readTrace(chromeTrace(recordingOf({ events }))).marks).toEqual([
    'against the order: l 0',
    'released a second time: l 2000',
  ])
})

test('of a sample no arrows are drawn, and its queues say what they count', () => {
  const text = chromeTrace({ ...threeInARow, sample: 100 })
  expect(readTrace(text).flows).toEqual([])
  expect(text).toContain('"Queues (of one acquisition in 100)"')
})

test('at most a hundred locks are counted, those that were waited for longest', () => {
  const events = Array.from({ length: 150 }, (_, index) =>
    eventsOf([`0 request a${index} l${index}`, `${index + 1} grant a${index} l${index}`]),
  ).flat()
  const counters = Object.keys(readTrace(chromeTrace(recordingOf({ events }))).counters)
  expect(counters).toHaveLength(100)
  expect(counters).toContain('waiting for l50')
  expect(counters).not.toContain('waiting for l49')
})

test('an empty recording is an empty trace; what is none is refused', () => {
  expect(readTrace(chromeTrace(nothing))).toEqual({
    slices: [],
    flows: [],
    marks: [],
    counters: {},
  })
  expect(() => chromeTrace({ format: 'other' } as never)).toThrow(TypeError)
})

test('names may be anything', () => {
  const { slices } = readTrace(chromeTrace(strangers))
  expect(slices.filter(({ inside }) => inside.length === 0).map(({ name }) => name)).toEqual(
    strangeNames.map((name) => `${name.replace('half \ud83d', 'half \ufffd')} (shared)`),
  )
})

test('any events in any order make a trace that its readers take', () => {
  const types = [
    ...['request', 'grant', 'release', 'abort', 'timeout', 'refuse', 'lost', 'deadlock'],
    'order-violation',
  ]
  const event = fc.tuple(
    fc.oneof(fc.double({ min: -3, max: 30, noNaN: true }), fc.nat(3)),
    fc.constantFrom(...types),
    fc.constantFrom('a', 'b'),
    fc.nat(9),
    fc.constantFrom('l', 'm'),
    fc.constantFrom('exclusive', 'shared'),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.boolean(), (drawn, sorted) => {
      const events = drawn.map(([time, type, agent, number, lock, mode]) => ({
        ...{ type, time: noon + time, agent, task: `t${number % 3}`, lock, mode },
        ...{ request: `${agent}${number}`, reason: 'stolen', cycle: [] },
      })) as LockEvent[]
      if (sorted) events.sort((a, b) => a.time - b.time)
      expect(() => readTrace(chromeTrace(recordingOf({ events })))).not.toThrow()
    }),
    { seed, numRuns: 1000 },
  )
})

test('however short waits and holds are, arrows go from hold to hold', () => {
  const steps = fc.array(
    fc.record({
      agent: fc.constantFrom('a', 'b'),
      pause: fc.constantFrom(0, 0.0004, 0.001, 1),
      hold: fc.constantFrom(0, 0.0004, 0.0006, 0.001, 2),
    }),
    { minLength: 1, maxLength: 30 },
  )
  fc.assert(
    fc.property(steps, (drawn) => {
      const events: LockEvent[] = []
      let [now, free, waits] = [noon, noon, 0]
      for (const [index, { agent, pause, hold }] of drawn.entries()) {
        now += pause
        const granted = Math.max(now, free)
        if (free > now) waits++
        free = granted + hold
        const base = { agent, task: `${index}`, lock: 'l', mode: 'exclusive' } as const
        const request = `${agent}${index}`
        events.push({ ...base, request, type: 'request', time: now })
        events.push({ ...base, request, type: 'grant', time: granted })
        events.push({ ...base, request, type: 'release', time: free })
      }
      // Stable: at one time, who asked first is through first.
      events.sort((a, b) => a.time - b.time)
      const { flows } = readTrace(chromeTrace(recordingOf({ events, to: free })))
      expect(flows).toHaveLength(waits)
      for (const [from, to, , end] of flows) {
        expect([from.name, to.name, to.start]).toEqual(['hold', 'hold', end])
      }
    }),
    { seed, numRuns: 300 },
  )
})
