/**
 * The recorded runs of Go's own lock, with a task for each goroutine: the detector finds a cycle when
 * one closes, in all runs that ended in deadlock, and none before or elsewhere.
 */

import { describe, expect, test, vi } from 'vitest'
import { type GoRun, goRuns } from '../../fixtures/go-rwmutex'
import type { DeadlockParty } from '../events'
import type { Hold, Task } from '../hold'
import { extend, testAgents } from '../testing/test-agents'
import { detectDeadlocks } from './detect-deadlocks'

vi.setConfig({ testTimeout: 60_000 })

interface Goroutine {
  readonly task: Task
  readonly reads: Hold[]
  readonly writes: Hold[]
}

/** Plays a run over so many agents. Answers how many cycles were told of after each step. */
async function play(name: string, agents: number, run: GoRun) {
  const make = testAgents[name]
  if (make === undefined) throw new Error(name)
  const world = make()
  const cycles: (readonly DeadlockParty[])[] = []
  const opened = Array.from({ length: agents }, () => world.open().locks)
  for (const locks of opened) {
    extend(locks, { deadlock: detectDeadlocks({ onDeadlock: 'report' }) })
    locks.subscribe((event) => event.type === 'deadlock' && cycles.push(event.cycle))
  }
  const goroutines = Array.from({ length: run.goroutines }, (_, g): Goroutine => {
    const locks = opened[g % agents] as (typeof opened)[number]
    return { task: locks.task(`g${g}`), reads: [], writes: [] }
  })
  const wait = { reentrant: 'wait' } as const
  const told: number[] = []
  for (const { g, op } of run.steps) {
    const { task, reads, writes } = goroutines[g] as Goroutine
    const lock = task.rwLock('rw')
    const into = (held: Hold[]) => (hold: Hold | null) => void (hold && held.push(hold))
    if (op === 'RLock') lock.acquireRead(wait).then(into(reads))
    if (op === 'Lock') lock.acquireWrite(wait).then(into(writes))
    if (op === 'TryRLock') lock.tryAcquireRead().then(into(reads))
    if (op === 'TryLock') lock.tryAcquireWrite().then(into(writes))
    if (op === 'RUnlock') reads.pop()?.release()
    if (op === 'Unlock') writes.pop()?.release()
    await world.settle()
    // Time for each wait to last too long, and for a cohort to let go.
    world.clock.advance(1_010)
    await world.settle()
    told.push(cycles.length)
  }
  return { told, cycles }
}

/** From here on somebody waits for ever: others may go on, in runs that are not marked. */
function closingStep({ steps }: GoRun): number {
  return steps.findIndex(
    ({ g, op, blocks, readers }) => op === 'RLock' && blocks && readers?.includes(g),
  )
}

describe.each([
  ['one queue', 3],
  ['web locks', 2],
  ['shared memory', 2],
  ['cohort over web locks', 1],
])('%s, over %i agents', (name, agents) => {
  test('with the step after which a reader waits for a writer that waits for him', async () => {
    for (const run of goRuns.filter(({ nested }) => nested)) {
      const { told, cycles } = await play(name, agents, run)
      const closes = closingStep(run)
      const first = told.findIndex((count) => count > 0)
      expect(first, `run ${run.id}`).toBe(closes)
      if (run.deadlock) expect(first, `run ${run.id}`).toBeGreaterThanOrEqual(0)
      for (const cycle of cycles) {
        // A reader that reads again waits behind a writer, who waits for its first read.
        const modes = cycle.map(({ mode, behind }) => `${mode} ${behind}`)
        expect(modes, `run ${run.id}`).toContain('shared waiter')
        expect(modes, `run ${run.id}`).toContain('exclusive holder')
      }
    }
  })

  test('none is found in runs where nobody reads again', async () => {
    for (const run of goRuns.filter(({ nested, id }) => !nested && id % 10 === 0)) {
      const { cycles } = await play(name, agents, run)
      expect(cycles, `run ${run.id}`).toEqual([])
    }
  })
})
