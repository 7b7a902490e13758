/**
 * The model is Go's lock: all 300 recorded runs come out alike, action by action, in grants,
 * waits, answers of tries, and both counters; whoever of those that can run goes first.
 */

import { describe, expect, test } from 'vitest'
import { type GoRun, type GoStep, goRuns } from '../../fixtures/go-rwmutex'
import { acquires } from '../algorithm'
import { advance, begin, initial, type MachineState, runnable } from '../machine'
import { type GoMemory, goRwmutex } from './go-rwmutex'

type State = MachineState<GoMemory>
type Choose = (ready: readonly string[]) => string | undefined

/** Runs one action until nothing moves any more, and tells it as the recording does. */
function act(before: State, { g, op }: GoStep, choose: Choose): { state: State; seen: GoStep } {
  let state = begin(before, `${g}`, op)
  const granted: number[] = []
  for (;;) {
    const thread = choose(runnable(state))
    if (thread === undefined) break
    const result = advance(goRwmutex, state, thread)
    state = result.state
    if (result.event === 'grant') granted.push(Number(thread))
  }
  const asked = acquires(op)
  const tried = op === 'TryLock' || op === 'TryRLock'
  const { readerCount, readerWait } = state.memory
  const readers = state.holders.filter(({ mode }) => mode === 'read').map((h) => Number(h.thread))
  const writer = state.holders.find(({ mode }) => mode === 'write')
  const seen: GoStep = {
    g,
    op,
    ...(!tried && granted.length > 0 && { granted: granted.sort((a, b) => a - b) }),
    ...(asked && state.frames[g] && { blocks: true }),
    ...(tried && { ok: granted.includes(g) }),
    readerCount,
    readerWait,
    ...(readers.length > 0 && { readers: readers.sort((a, b) => a - b) }),
    ...(writer && { writer: Number(writer.thread) }),
  }
  return { state, seen }
}

function play(run: GoRun, choose: Choose): { state: State; seen: GoStep[] } {
  let state = initial(goRwmutex)
  const seen = run.steps.map((step) => {
    const result = act(state, step, choose)
    state = result.state
    return result.seen
  })
  return { state, seen }
}

const schedules: Readonly<Record<string, Choose>> = {
  'the first that can run': (ready) => ready[0],
  'the last that can run': (ready) => ready.at(-1),
}

describe.each(Object.entries(schedules))('with %s going first', (_, choose) => {
  test.each([
    ['plain', goRuns.filter((run) => !run.nested), 240],
    ['recursive', goRuns.filter((run) => run.nested), 60],
  ] as const)('%s runs come out as recorded', (_, runs, count) => {
    expect(runs).toHaveLength(count)
    for (const run of runs) expect(play(run, choose).seen, `run ${run.id}`).toEqual(run.steps)
  })

  test('runs recorded as deadlocks end with a writer and the readers it waits for parked', () => {
    const runs = goRuns.filter((run) => run.deadlock)
    expect(runs).toHaveLength(40)
    for (const run of runs) {
      const { state } = play(run, choose)
      const parked = Object.keys(state.frames)
      expect(runnable(state), `run ${run.id}`).toEqual([])
      // Nobody is left who could release: every holder is parked itself.
      expect(state.holders.length, `run ${run.id}`).toBeGreaterThan(0)
      for (const { thread } of state.holders) expect(parked, `run ${run.id}`).toContain(thread)
    }
  })
})

test('the lines that are known in Go 1.8.1 say so', () => {
  const references = Object.entries(goRwmutex.operations).flatMap(([operation, lines]) =>
    lines.flatMap(({ text, reference }) => (reference ? [[operation, text, reference]] : [])),
  )
  expect(references).toEqual([
    ['RLock', 'readerCount += 1', 41],
    ['RLock', 'park on readerSem', 43],
    ['RUnlock', 'readerCount -= 1', 61],
    ['Lock', 'readerCount -= 2³⁰', 85],
    ['Unlock', 'readerCount += 2³⁰', 114],
  ])
})
