/** The reduced graph has every final state of the full one, and far fewer of the others. */

import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { dining, type Program, programCases } from '../scenario'
import { smallProgram } from '../scenario/testing/any-program'
import { parsed } from '../scenario/testing/parsed'
import { buildGraph, type Choice } from './exploration/graph'
import { persistent } from './exploration/reduce'
import { explore } from './explore'
import {
  enabled,
  keyOf,
  type OutcomeKind,
  outcomeOf,
  type ProgramState,
  replay,
  start,
  step,
} from './program'
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

/**
 * By the definition: as long as none of the followed threads steps, whatever the others do
 * commutes with each of their steps.
 */
function expectPersistent(state: ProgramState, follow: readonly number[]): void {
  const seen = new Set([keyOf(state)])
  // A list is walked as it grows, to its end.
  const reached = [state]
  for (const at of reached) {
    for (const other of enabled(at)) {
      if (follow.includes(other)) continue
      const moved = step(at, other)
      for (const thread of follow) {
        expect(enabled(moved)).toContain(thread)
        const stepped = step(at, thread)
        expect(enabled(stepped)).toContain(other)
        expect(keyOf(step(moved, thread))).toBe(keyOf(step(stepped, other)))
      }
      const key = keyOf(moved)
      if (!seen.has(key)) reached.push(moved)
      seen.add(key)
    }
  }
}

test('400 random programs: what is followed is a persistent set', () => {
  let chosen = 0
  fc.assert(
    fc.property(small, fc.array(fc.nat(), { minLength: 3 }), (program, choices) => {
      let state = start(program)
      for (let able = enabled(state); able.length > 0; able = enabled(state)) {
        const follow = persistent(state, able)
        if (follow.length < able.length) {
          chosen++
          expectPersistent(state, follow)
        }
        const choice = choices[state.steps % choices.length] ?? 0
        state = step(state, able[choice % able.length] ?? 0)
      }
    }),
    { verbose: true, numRuns: 400 },
  )
  expect(chosen).toBeGreaterThan(400)
})

test.each([
  [
    'whoever holds a lock counts when a waiter for it counts',
    `var x = 0
thread A
  x = 5
thread B
  lock a
  n = x
thread C
  lock a
  unlock a`,
    '21',
  ],
  [
    'a release lets in one that takes several, and goes on',
    `thread A
  lock a
  unlock a
thread B
  all a b
thread C
  lock b
  unlock b`,
    '01',
  ],
])('%s', (_what, text, schedule) => {
  const program = parsed(text)
  const state = replay(program, [...schedule].map(Number)).at(-1) as ProgramState
  expectPersistent(state, persistent(state, enabled(state)))
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
