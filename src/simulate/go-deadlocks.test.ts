/**
 * What Go's own lock was recorded doing, deadlocks included: each recorded run becomes a program
 * with a thread for every goroutine, and the recorded order is a schedule of it.
 */

import { describe, expect, test, vi } from 'vitest'
import { type GoRun, type GoStep, goRuns } from '../fixtures/go-rwmutex'
import type { Program, ProgramThread, Statement } from '../scenario'
import { explore } from './explore'
import { type Description, describe as describeState, playableSteps, start, step } from './program'

// Thousands of states each: seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const deadlocks = goRuns.filter(({ deadlock }) => deadlock)

const statements: Readonly<Record<GoStep['op'], Statement>> = {
  RLock: { kind: 'read', lock: 'rw' },
  RUnlock: { kind: 'unread', lock: 'rw' },
  Lock: { kind: 'write', lock: 'rw' },
  Unlock: { kind: 'unwrite', lock: 'rw' },
  // A try that succeeds takes the lock as one does who finds nobody in the way.
  TryRLock: { kind: 'read', lock: 'rw' },
  TryLock: { kind: 'write', lock: 'rw' },
}

/** A try that fails leaves everything as it is: a program has no statement for it. */
function stepsOf({ steps }: GoRun): readonly GoStep[] {
  return steps.filter(({ ok }) => ok !== false)
}

/** A goroutine that never acts needs something to do, which it never comes to. */
const idle: Statement = { kind: 'throw' }

function programOf(run: GoRun): Program {
  const threads = Array.from({ length: run.goroutines }, (_, g): ProgramThread => {
    const own = stepsOf(run).flatMap((each) => (each.g === g ? [statements[each.op]] : []))
    return { name: `goroutine ${g}`, statements: own.length > 0 ? own : [idle] }
  })
  return { title: '', policy: 'go', variables: [], threads }
}

function who({ locks }: Description, modes: readonly string[]): readonly number[] {
  const holders = locks[0]?.holders.filter(({ mode }) => modes.includes(mode)) ?? []
  return holders.map(({ thread }) => thread)
}

function waiters({ threads }: Description): readonly number[] {
  return threads.flatMap(({ status }, thread) => (status.kind === 'waiting' ? [thread] : []))
}

/** Plays the run and holds every state against the recording; the last one. */
function play(run: GoRun): Description {
  let state = start(programOf(run))
  const waiting = new Set<number>()
  for (const { g, granted, blocks, readers = [], writer } of stepsOf(run)) {
    state = step(state, g)
    if (blocks) waiting.add(g)
    for (const each of granted ?? []) waiting.delete(each)
    const description = describeState(state)
    expect(who(description, ['read'])).toEqual(readers)
    expect(who(description, ['write'])).toEqual(writer === undefined ? [] : [writer])
    expect(waiters(description)).toEqual([...waiting].sort((a, b) => a - b))
    for (const each of granted ?? []) expect(description.threads[each]?.misuse).toBeUndefined()
  }
  return describeState(state)
}

test('all 300 recorded runs: the same holders and waiters after every step', () => {
  for (const run of goRuns) play(run)
  expect(goRuns).toHaveLength(300)
})

describe('the recorded deadlocks', () => {
  test('have a cycle, and everyone who waits can reach it: they wait for ever', () => {
    expect(deadlocks).toHaveLength(40)
    for (const run of deadlocks) {
      const { cycle, edges, ...rest } = play(run)
      expect(cycle, `run ${run.id}`).toBeDefined()
      const stuck = new Set(cycle?.edges.map(({ thread }) => thread))
      // Whoever waits for one that waits for ever does so, too; a set is walked as it grows.
      for (const thread of stuck) {
        for (const edge of edges) if (edge.for === thread) stuck.add(edge.thread)
      }
      expect([...stuck].sort((a, b) => a - b)).toEqual(waiters(rest as Description))
    }
  })

  test('are among the outcomes that the explorer finds', async () => {
    let explored = 0
    for (const run of deadlocks) {
      const program = programOf(run)
      const states = program.threads.reduce((all, each) => all * (each.statements.length + 1), 1)
      // Times the orders in which they can queue.
      if (states > 3_000 || run.goroutines > 5) continue
      explored++
      const { kind, outcomes } = await explore(program)
      const deadlock = outcomes.find((each) => each.kind === 'deadlock')
      expect(kind).toBe('exact')
      expect(deadlock?.probability, `run ${run.id}`).toBeGreaterThan(0)
      const schedule = deadlock?.shortest.schedule ?? []
      expect(schedule.length).toBeLessThanOrEqual(stepsOf(run).length)
      expect(playableSteps(program, schedule)).toBe(schedule.length)
    }
    expect(explored).toBeGreaterThanOrEqual(10)
  })
})
