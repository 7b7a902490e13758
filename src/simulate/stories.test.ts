/** The scenarios that come with the page show what their questions say they show. */

import { describe, expect, test, vi } from 'vitest'
import { catalogue, sevenSeconds } from '../scenario/catalogue'
import type { PolicyId } from '../scenario/scenario'
import { simulate } from './executor'
import type { Simulation } from './types'

// Many runs each: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const policyIds: readonly PolicyId[] = ['go', 'web-locks', 'readers-first', 'writers-first']

const bars = ({ spans }: Simulation) =>
  spans.map(({ thread, label, from, to }) => `${thread} ${from / 1000}–${to / 1000} ${label}`)

describe('seven seconds', () => {
  const asGo = (label: string) => [
    'Reader 1 1–4 reading',
    'Writer 1 2–4 waiting for 1 reader',
    `Reader 2 3–5 ${label}`,
    'Writer 1 4–5 writing',
    'Reader 2 5–7 reading',
    'Reader 1 6–7 reading',
  ]
  test.each([
    ['go', asGo('parked on readerSem')],
    ['web-locks', asGo('queued behind Writer 1')],
    ['writers-first', asGo('parked on readerSem')],
    [
      'readers-first',
      [
        'Reader 1 1–4 reading',
        'Writer 1 2–5 waiting for 1 reader',
        'Reader 2 3–5 reading',
        'Writer 1 5–6 writing',
        'Reader 1 6–7 reading',
      ],
    ],
  ] as const)('under %s', (policy, expected) => {
    const run = simulate(sevenSeconds.scenario, policy)
    expect(bars(run)).toEqual(expected)
    expect(run).toMatchObject({ duration: 8000, end: 7000, outcome: { kind: 'finished' } })
    expect(run.events).toHaveLength(12)
  })

  test('second 3 is told from the step and the state', () => {
    const run = simulate(sevenSeconds.scenario, 'go')
    const step = run.steps.findLast(({ time }) => time === 3000)
    expect(step?.story).toEqual([
      { kind: 'strong', text: 'Second 3.' },
      { kind: 'text', text: ' Reader 2 adds itself: ' },
      { kind: 'code', text: 'readerCount' },
      { kind: 'text', text: ' is still negative, so a writer is pending. It parks on ' },
      { kind: 'code', text: 'readerSem' },
      { kind: 'text', text: ', though only readers hold the lock.' },
    ])
    expect(step?.why.map(({ text }) => text).join('')).toBe(
      'Reader 2 parks on readerSem, though only readers hold the lock.',
    )
    expect(step?.ran).toEqual([0, 1, 2])
    expect(step?.edges).toEqual([
      { from: 'Writer 1', to: 'Reader 1' },
      { from: 'Reader 2', to: 'Writer 1' },
    ])
    expect(step?.registers).toEqual([
      {
        kind: 'number',
        name: 'readerCount',
        value: 2 - 2 ** 30,
        text: '2 − 2³⁰',
        parts: [
          { text: '2 − 2', raised: false },
          { text: '30', raised: true },
        ],
        note: '2 readers · a writer is pending',
      },
      expect.objectContaining({ name: 'readerWait', value: 1 }),
      expect.objectContaining({ name: 'writerSem', chips: [chip('Writer 1', 'waiting')] }),
      expect.objectContaining({ name: 'readerSem', chips: [chip('Reader 2', 'waiting')] }),
      expect.objectContaining({ name: 'w', chips: [chip('Writer 1', 'waiting')] }),
      expect.objectContaining({
        name: 'held by',
        chips: [{ thread: 'Reader 1', kind: 'reading', text: 'Reader 1 · read' }],
      }),
    ])
  })
})

const chip = (thread: string, kind: string) => ({ thread, kind, text: thread })

function waits(id: string, policy: PolicyId, thread: string): number {
  const entry = catalogue.find((each) => each.id === id)
  if (!entry) throw new Error(`no scenario ${id}`)
  return simulate(entry.scenario, policy)
    .spans.filter((span) => span.thread === thread && span.kind === 'waiting')
    .reduce((sum, { from, to }) => sum + to - from, 0)
}

const each = (id: string, thread: string) =>
  Object.fromEntries(policyIds.map((policy) => [policy, waits(id, policy, thread)]))

test('a stream of readers starves the writer under readers first only', () => {
  expect(each('reader-stream', 'Writer 1')).toEqual({
    go: 1000,
    'web-locks': 1000,
    'readers-first': 7500,
    'writers-first': 1000,
  })
})

test('a stream of writers starves the reader under writers first only', () => {
  expect(each('writer-stream', 'Reader 1')).toEqual({
    go: 1000,
    'web-locks': 1000,
    'readers-first': 1000,
    'writers-first': 5500,
  })
})

test('Go lets the readers in between two writers, a queue does not', () => {
  expect(each('phase-fair', 'Reader 2')).toMatchObject({ go: 1500, 'web-locks': 2500 })
  expect(each('phase-fair', 'Writer 2')).toMatchObject({ go: 3500, 'web-locks': 2000 })
})

test('a queue lets only neighbours in together', () => {
  expect(each('arrival-order', 'Reader 2')).toMatchObject({ go: 500, 'web-locks': 3500 })
})

test('readers alone never wait', () => {
  for (const policy of policyIds) {
    expect(
      simulate(catalogue.at(-1)?.scenario ?? sevenSeconds.scenario, policy).spans,
    ).toHaveLength(5)
  }
})

test.each(catalogue)(
  '$id has one right run: seeds change nothing but the order in an instant',
  (entry) => {
    for (const policy of policyIds) {
      const expected = bars(simulate(entry.scenario, policy)).sort()
      for (let seed = 1; seed <= 12; seed++) {
        expect(bars(simulate(entry.scenario, policy, seed)).sort()).toEqual(expected)
      }
    }
  },
)
