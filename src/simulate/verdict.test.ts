/** The reduced graph has every final state of the full one, and far fewer of the others. */

import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { dining, type Program, programCases } from '../scenario'
import { smallProgram } from '../scenario/testing/any-program'
import { parsed } from '../scenario/testing/parsed'
import { buildGraph, type Choice } from './exploration/graph'
import { persistent } from './exploration/reduce'
import { explore } from './explore'
import { keyOf, type OutcomeKind, outcomeOf, type ProgramState, replay } from './program'
import { planOf } from './program/plan'
import { findOutcomes } from './verdict'

// Hundreds of programs: seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

/** Whose full graph has some thousands of states at most. */
const small = smallProgram({ threads: 4, statements: 5 }).filter(
  ({ threads }) => threads.reduce((sum, { statements }) => sum + statements.length, 0) < 18,
)

/** The final states of a program, as sorted keys. */
async function finalStates(program: Program, choose?: Choice): Promise<readonly string[]> {
  const keys: string[] = []
  await buildGraph(planOf(program), {
    limit: 1_000_000,
    ...(choose && { choose }),
    breathe: () => undefined,
    watcher: {
      node: () => {},
      edge: () => {},
      final: ({ node }) => keys.push(keyOf(node.state)),
    },
  })
  return keys.sort()
}

async function compare(program: Program): Promise<{ full: number; reduced: number }> {
  const all = await explore(program)
  const verdict = await findOutcomes(program)
  expect(verdict.complete).toBe(true)
  expect(verdict.outcomes.map(({ kind, schedule }) => [kind, schedule.length])).toEqual(
    all.outcomes.map(({ kind, shortest }) => [kind, shortest.schedule.length]),
  )
  for (const { kind, schedule } of verdict.outcomes) {
    const end = replay(program, schedule).at(-1) as ProgramState
    expect(outcomeOf(end)?.kind).toBe(kind)
  }
  expect(verdict.states).toBeLessThanOrEqual(all.states)
  return { full: all.states, reduced: verdict.states }
}

test('400 random programs: the same outcomes, at the same least length', async () => {
  let full = 0
  let reduced = 0
  const seen = new Set<OutcomeKind>()
  await fc.assert(
    fc.asyncProperty(small, async (program) => {
      const states = await compare(program)
      full += states.full
      reduced += states.reduced
      for (const { kind } of (await findOutcomes(program)).outcomes) seen.add(kind)
    }),
    { verbose: true, numRuns: 400 },
  )
  expect(reduced).toBeLessThan(full * 0.6)
  expect(seen.size).toBe(5)
})

test('300 random programs: the same final states, one by one', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (program) => {
      expect(await finalStates(program, persistent)).toEqual(await finalStates(program))
    }),
    { verbose: true, numRuns: 300 },
  )
})

test('the catalogue', async () => {
  for (const { broken, fixed } of programCases) {
    await compare(parsed(broken))
    await compare(parsed(fixed))
  }
})

test('seven philosophers at once: their steps rarely touch', async () => {
  const { complete, states, outcomes } = await findOutcomes(parsed(dining(7, 'left first')))
  expect(complete).toBe(true)
  expect(outcomes.map(({ kind }) => kind)).toEqual(['deadlock', 'done'])
  expect(states).toBeLessThan(20_000)
})

test('threads with nothing in common are followed one after the other', async () => {
  const body = (lock: string) => `lock ${lock}\nunlock ${lock}`
  const text = ['a', 'b', 'c', 'd'].map((lock) => `thread ${lock}\n${body(lock)}`).join('\n')
  expect(await findOutcomes(parsed(text))).toMatchObject({ states: 9, transitions: 8 })
})

test('beyond the limit it does not say that it is complete', async () => {
  const program = parsed(dining(4, 'left first'))
  expect(await findOutcomes(program, { limit: 5 })).toMatchObject({ complete: false, states: 5 })
  await expect(findOutcomes(program, { limit: 0 })).rejects.toThrow('limit must be')
  const signal = AbortSignal.abort('no')
  await expect(findOutcomes(program, { signal })).rejects.toBe('no')
})
