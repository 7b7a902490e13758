/** The catalogue does what it says: broken goes wrong that way, and fixed never goes wrong. */

import { describe, expect, test, vi } from 'vitest'
import { dining, diningCase, parseProgram, philosophers, programCases } from '../scenario'
import { parsed } from '../scenario/testing/parsed'
import { explore } from './explore'
import { describe as describeState, replay } from './program'
import { simulateTimed } from './timed'

// Seven philosophers have tens of thousands of states.
vi.setConfig({ testTimeout: 120_000 })

const cases = [
  ...programCases.filter(({ id }) => id !== 'dining'),
  ...[2, 3, 4, 5].map((count) => ({ ...diningCase(count), id: `dining ${count}` })),
]

describe.each(cases)('$id', ({ broken, fixed, otherFix, trouble }) => {
  test('broken: goes wrong in its way, and in no other', async () => {
    const exploration = await explore(parsed(broken))
    expect(exploration.kind).toBe('exact')
    const kinds = exploration.outcomes.map(({ kind }) => kind)
    expect(kinds).toContain(trouble)
    expect(kinds.filter((kind) => kind !== 'done')).toEqual([trouble])
  })

  test('fixed: never goes wrong', async () => {
    for (const text of otherFix ? [fixed, otherFix.text] : [fixed]) {
      const { kind, outcomes, properties } = await explore(parsed(text))
      expect(kind).toBe('exact')
      expect(outcomes.map((outcome) => outcome.kind)).toEqual(['done'])
      expect(properties.map(({ verdict }) => verdict)).not.toContain('fails')
    }
  })

  test('with random sleeps: broken goes wrong, fixed does not', async () => {
    const wrong = (await simulateTimed(parsed(broken))).outcomes.find(
      ({ kind }) => kind === trouble,
    )
    expect(wrong?.runs).toBeGreaterThan(0)
    const { outcomes } = await simulateTimed(parsed(fixed))
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done'])
  })
})

test.each([
  ['recursive-read', 'sometimes'],
  ['nested-write', 'always'],
  ['two-upgrades', 'always'],
  ['callback', 'always'],
  ['early-defer', 'always'],
  ['ab-ba', 'sometimes'],
  ['forgotten-unlock', 'sometimes'],
  ['skipped-unlock', 'sometimes'],
  ['hit-counter', 'sometimes'],
])('%s goes wrong %s', async (id, how) => {
  const text = programCases.find((each) => each.id === id)?.broken ?? ''
  const { outcomes } = await explore(parsed(text))
  expect(outcomes).toHaveLength(how === 'always' ? 1 : 2)
})

test('philosophers who all take the left fork first wait in a circle of all of them', async () => {
  for (let count = philosophers.least; count <= 5; count++) {
    const program = parsed(dining(count, 'left first'))
    const { outcomes } = await explore(program)
    const [deadlock] = outcomes
    const last = replay(program, deadlock?.shortest.schedule ?? []).at(-1)
    const cycle = last && describeState(last).cycle
    expect(new Set(cycle?.edges.map(({ thread }) => thread)).size).toBe(count)
    // Each takes one fork and asks for the other: nothing less is a deadlock.
    expect(deadlock?.shortest.schedule).toHaveLength(2 * count)
  }
})

test('even seven philosophers are explored to the end', async () => {
  for (const manner of ['left first', 'in order', 'all at once'] as const) {
    const { kind } = await explore(parsed(dining(7, manner)), { limit: 1_000_000 })
    expect(kind, manner).toBe('exact')
  }
})

test('the hit counter prints 1 when it goes wrong, 2 when it does not', async () => {
  const text = programCases.find(({ id }) => id === 'hit-counter')?.broken ?? ''
  const { outcomes } = await explore(parsed(text))
  expect(outcomes).toMatchObject([
    { kind: 'lost-update', values: [{ variables: [1] }] },
    { kind: 'done', values: [{ variables: [2] }] },
  ])
  expect(parseProgram(text)).toMatchObject({ program: { variables: [{ name: 'hits' }] } })
})
