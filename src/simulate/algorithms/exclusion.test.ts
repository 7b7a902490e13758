/**
 * What every lock must keep under any interleaving of its lines: writers alone, nobody
 * forgotten, nothing left behind when all have gone. And what every listing must keep.
 */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type Algorithm, acquires } from '../algorithm'
import { advance, begin, initial, runnable } from '../machine'
import { algorithms } from '../policies'
import type { OperationId } from '../types'

// Hundreds of runs each: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const asks: readonly OperationId[] = ['RLock', 'Lock', 'TryRLock', 'TryLock']

/** For each thread what it asks for, one after the other; and who goes next, at every step. */
const plan = fc.record({
  programs: fc.array(fc.array(fc.constantFrom(...asks), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 5,
  }),
  choices: fc.array(fc.nat(), { minLength: 1, maxLength: 400 }),
})

type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

function play(algorithm: Algorithm, { programs, choices }: Plan): void {
  let state = initial(algorithm)
  const left = new Map(programs.map((program, index) => [`T${index}`, [...program]]))
  const answered = new Map<string, number>()
  for (let step = 0; ; step++) {
    expect(step).toBeLessThan(5000)
    const running = runnable(state)
    const free = [...left.keys()].filter((id) => {
      const holds = state.holders.some(({ thread }) => thread === id)
      return !state.frames[id] && (holds || (left.get(id)?.length ?? 0) > 0)
    })
    const able = [...running, ...free]
    if (able.length === 0) break
    const thread = able[(choices[step % choices.length] ?? 0) % able.length] ?? ''
    if (!state.frames[thread]) {
      const held = state.holders.find((holder) => holder.thread === thread)
      const operation = held
        ? held.mode === 'read'
          ? 'RUnlock'
          : 'Unlock'
        : (left.get(thread)?.shift() ?? 'RLock')
      state = begin(state, thread, operation)
    }
    const result = advance(algorithm, state, thread)
    state = result.state
    if (result.event === 'grant' || result.event === 'refuse') {
      answered.set(thread, (answered.get(thread) ?? 0) + 1)
    }
    const writers = state.holders.filter(({ mode }) => mode === 'write')
    if (writers.length > 0) expect(state.holders).toHaveLength(1)
  }
  // Nobody can act any more: so nobody may be left waiting, and everyone was answered.
  expect(state.frames).toEqual({})
  expect(state.holders).toEqual([])
  expect(state.memory).toEqual(algorithm.memory)
  programs.forEach((program, index) => {
    expect(answered.get(`T${index}`)).toBe(program.length)
  })
}

describe.each(Object.entries(algorithms))('%s', (_, algorithm) => {
  test('excludes, forgets nobody, and leaves nothing behind', () => {
    fc.assert(
      fc.property(plan, (value) => play(algorithm, value)),
      { verbose: true, numRuns: 400 },
    )
  })

  test('keeps its state plain: it survives being written as JSON', () => {
    let state = initial(algorithm)
    for (const [thread, operation] of [
      ['a', 'RLock'],
      ['b', 'Lock'],
      ['c', 'RLock'],
    ] as const) {
      state = begin(state, thread, operation)
      while (state.frames[thread]?.parked === null) state = advance(algorithm, state, thread).state
      expect(JSON.parse(JSON.stringify(state))).toEqual(state)
    }
  })

  test.each(Object.entries(algorithm.operations))('%s is a sound listing', (operation, lines) => {
    // A step has at most one event, so the line that asks cannot also be the one that ends.
    const first = lines[0]
    expect(first?.local).toBe(false)
    expect(lines.length).toBeGreaterThan(1)
    expect(new Set(lines.map(({ text, note }) => `${text}—${note}`)).size).toBe(lines.length)
    for (const { text, note } of lines) expect(text || note).toBeTruthy()
    const ends = acquires(operation as OperationId) ? / lock is held$/ : /./
    expect(lines.some(({ text, note }) => ends.test(note ?? text))).toBe(true)
  })
})
