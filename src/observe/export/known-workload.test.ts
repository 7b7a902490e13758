/** The workload whose answers are known: every export says exactly them. */

import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Account } from '../account'
import type { ContentionRecord } from '../recording'
import {
  knownAgents,
  knownDelay,
  knownEvents,
  knownFrom,
  knownLocks,
  knownReleasers,
  knownTo,
  knownWaiters,
} from '../testing/known-workload'
import { charges } from './arguments'
import { frameOf } from './call-site-frame'
import { chromeTrace } from './chrome-trace'
import { collapsedStacks } from './collapsed'
import { pprof } from './pprof'
import { speedscope } from './speedscope'
import { goIsThere, top } from './testing/go-pprof'
import { readProfile } from './testing/read-profile'
import { readTrace } from './testing/read-trace'

const account = new Account()
for (const event of knownEvents) account.add(event)
const recording = account.recording(knownAgents)

const known = { releaser: knownReleasers, waiter: knownWaiters }
const lockOf = ({ lock, mode }: ContentionRecord) => `${lock} (${mode})`

describe.each(charges)('charged to the %s', (charged) => {
  const rows = known[charged]

  test('pprof', async () => {
    const { samples } = readProfile(gunzipSync(await pprof(recording, { charged })))
    const read = samples.map(({ stack: [lock, site], values: [contentions, delay] }) =>
      [lock?.[0], `${site?.[0]} ${site?.[1]}:${site?.[2]}`, contentions, delay].join(' '),
    )
    const expected = rows.map((row) => {
      const { name, file, line } = frameOf(row.site ?? '')
      const nanos = Math.round(row.delay * 1_000_000)
      return [lockOf(row), `${name} ${file}:${line}`, row.contentions, nanos].join(' ')
    })
    expect(read.sort()).toEqual(expected.sort())
  })

  test('collapsed stacks', () => {
    const read = collapsedStacks(recording, { charged }).trimEnd().split('\n')
    const expected = rows.map((row) => `${row.site};${lockOf(row)} ${row.delay * 1000}`)
    expect(read.sort()).toEqual(expected.sort())
  })

  test('speedscope', () => {
    const { shared, profiles } = JSON.parse(speedscope(recording))
    const { samples, weights, endValue } = profiles[charges.indexOf(charged)]
    const read = samples.map((stack: number[], at: number) => {
      const [site, lock] = stack.map((index) => shared.frames[index].name)
      return `${site} ${lock} ${weights[at]}`
    })
    const expected = rows.map(
      (row) => `${frameOf(row.site ?? '').name} ${lockOf(row)} ${row.delay}`,
    )
    expect(read.sort()).toEqual(expected.sort())
    expect(endValue).toBeCloseTo(
      rows.reduce((sum, { delay }) => sum + delay, 0),
      6,
    )
  })
})

describe('the trace', () => {
  const trace = readTrace(chromeTrace(recording))
  const total = (name: string, lock: string) =>
    trace.slices
      .filter((slice) => slice.name === name && slice.inside.at(-1) === lock)
      .reduce((sum, { start, end }) => sum + (end - start) / 1000, 0)

  test.each(knownLocks)('waits and holds of $lock ($mode) add up', ({ lock, mode, wait, hold }) => {
    expect(total('wait', `${lock} (${mode})`)).toBeCloseTo(wait.sum, 6)
    const held = total('hold', `${lock} (${mode})`) + total('hold: lost', `${lock} (${mode})`)
    expect(held).toBeCloseTo(hold.sum, 6)
  })

  test('all waiting, also that in vain, is in it', () => {
    const waits = trace.slices.filter(({ name }) => name.startsWith('wait'))
    const sum = waits.reduce((all, { start, end }) => all + (end - start) / 1000, 0)
    expect(sum).toBeCloseTo(knownDelay, 6)
  })

  test('the area under the queues is that waiting, too', () => {
    const areas = Object.entries(trace.counters).map(([name, steps]) => {
      const area = steps.reduce((sum, [time, waiting], at) => {
        return sum + (waiting * ((steps[at + 1]?.[0] ?? time) - time)) / 1000
      }, 0)
      return [name, Math.round(area)]
    })
    // As stated of `knownDelay`.
    expect(Object.fromEntries(areas)).toEqual({
      ...{ 'waiting for db': 650, 'waiting for config': 450, 'waiting for log': 3840 },
    })
    for (const steps of Object.values(trace.counters)) expect(steps.at(-1)?.[1]).toBe(0)
  })

  test('who let whom in', () => {
    const words = trace.flows.map(([from, to]) => {
      const lock = (slice: typeof from) => {
        const around = trace.slices.findLast(
          ({ name, track, start, end }) =>
            track === slice.track &&
            name === slice.inside.at(-1) &&
            start <= slice.start &&
            slice.end <= end,
        )
        return around?.args.request ?? '?'
      }
      return `${lock(from)} ${lock(to)}`
    })
    expect(words).toEqual([
      ...['d1 d2', 'd2 d3', 'c0 c1', 'c1 c2', 'c2 c3', 'c3 c4', 'c4 c5', 'c5 c6', 'c6 c7'],
      ...['c7 c8', 'c8 c9', 'r1 w1', 'w1 r3', 'w2 r4', 'w2 r5', 'l1 o1', 'o1 o2', 'o2 o3', 'o3 l2'],
    ])
  })

  test('the gap is marked', () => {
    const gap = trace.slices.find(({ name }) => name === 'frozen')
    expect(gap && [gap.start, gap.end]).toEqual([
      (8000 - knownFrom) * 1000,
      (8500 - knownFrom) * 1000,
    ])
    expect(gap?.track).toContain('Shop / sync: gaps')
  })

  test('nothing else ends after the recording', () => {
    const last = Math.max(
      ...trace.slices.filter(({ track }) => !track.includes('gaps')).map(({ end }) => end),
    )
    expect(last).toBe((knownTo - knownFrom) * 1000)
  })
})

test.skipIf(!goIsThere)('go tool pprof says the same', async () => {
  const profile = await pprof(recording)
  // 3,800 and 40 ms of "log"; "save" made 190 ms of 4,940.
  const delay = top(profile, '-unit=ms')
  const row = (lines: readonly string[], name: string) =>
    lines.find((line) => line.endsWith(` ${name}`))
  expect(row(delay, 'log (exclusive)')).toMatch(/^3840ms /)
  expect(row(delay, 'flush')).toMatch(/ 3800ms 76\.92% flush$/)
  expect(row(delay, 'save')).toMatch(/ 190ms 3\.85% save$/)
  expect(row(top(profile, '-sample_index=contentions'), 'enqueue')).toMatch(/ 9 \S+ enqueue$/)
})
