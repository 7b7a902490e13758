/** The RW lock grants as Go's own did, in all 300 recorded runs, whatever port carries it. */

import { describe, expect, test, vi } from 'vitest'
import { type GoRun, type GoStep, goRuns } from '../fixtures/go-rwmutex'
import { createLocks, type Locks } from './create-locks'
import type { Hold } from './hold'
import type { RWLock } from './rw-lock'
import { testLocks } from './testing/test-locks'
import { microtasks } from './testing/virtual-clock'

vi.setConfig({ testTimeout: 60_000 })

/** What a step of the recording says, and what the library is asked to show. */
type Outcome = Pick<GoStep, 'granted' | 'blocks' | 'ok'> & {
  readonly readers: readonly number[]
  readonly writers: readonly number[]
  readonly waiting: readonly number[]
}

/** Goroutines, each of which asks through an anonymous task of its own for every acquisition. */
class Goroutines {
  readonly #readers: [g: number, hold: Hold][] = []
  readonly #writers: [g: number, hold: Hold][] = []
  readonly #waiting = new Map<number, AbortController>()
  readonly failures: unknown[] = []
  granted: number[] = []
  ok: boolean | undefined

  constructor(readonly lock: RWLock) {}

  act({ g, op }: GoStep): void {
    const { lock } = this
    if (op === 'RLock') this.#wait(g, (signal) => lock.acquireRead({ signal }), this.#readers)
    if (op === 'Lock') this.#wait(g, (signal) => lock.acquireWrite({ signal }), this.#writers)
    if (op === 'TryRLock') this.#try(g, lock.tryAcquireRead(), this.#readers)
    if (op === 'TryLock') this.#try(g, lock.tryAcquireWrite(), this.#writers)
    if (op === 'RUnlock') this.#release(g, this.#readers)
    if (op === 'Unlock') this.#release(g, this.#writers)
  }

  state() {
    const who = (held: readonly [number, Hold][]) => held.map(([g]) => g).sort((a, b) => a - b)
    const waiting = [...this.#waiting.keys()].sort((a, b) => a - b)
    return { readers: who(this.#readers), writers: who(this.#writers), waiting }
  }

  /** Ends everything, deadlocks too. */
  end(): void {
    for (const controller of this.#waiting.values()) controller.abort('the run is over')
    for (const held of [this.#readers, this.#writers]) {
      for (const [, hold] of held.splice(0)) hold.release()
    }
  }

  #wait(g: number, ask: (signal: AbortSignal) => Promise<Hold>, held: [number, Hold][]): void {
    const controller = new AbortController()
    this.#waiting.set(g, controller)
    ask(controller.signal).then(
      (hold) => {
        this.#waiting.delete(g)
        this.granted.push(g)
        held.push([g, hold])
      },
      (reason) => {
        if (reason !== 'the run is over') this.failures.push(reason)
      },
    )
  }

  #try(g: number, answer: Promise<Hold | null>, held: [number, Hold][]): void {
    answer.then(
      (hold) => {
        this.ok = hold !== null
        if (hold !== null) held.push([g, hold])
      },
      (error) => this.failures.push(error),
    )
  }

  #release(g: number, held: [number, Hold][]): void {
    const [entry] = held.splice(
      held.findIndex(([holder]) => holder === g),
      1,
    )
    entry?.[1].release()
  }
}

async function play(run: GoRun, locks: Locks, settle: () => Promise<void>): Promise<Outcome[]> {
  const goroutines = new Goroutines(locks.rwLock(`run ${run.id}`))
  const outcomes: Outcome[] = []
  for (const step of run.steps) {
    goroutines.granted = []
    goroutines.ok = undefined
    goroutines.act(step)
    await settle()
    const state = goroutines.state()
    const granted = goroutines.granted.sort((a, b) => a - b)
    outcomes.push({
      ...(granted.length > 0 && { granted }),
      ...(state.waiting.includes(step.g) && !step.op.startsWith('Try') && { blocks: true }),
      ...(goroutines.ok !== undefined && { ok: goroutines.ok }),
      ...state,
    })
    const { holds, waits } = locks.stats()
    if (holds !== state.readers.length + state.writers.length || waits !== state.waiting.length) {
      throw new Error(`run ${run.id}: stats() counts ${holds} holds and ${waits} waits`)
    }
  }
  // Twice: an earlier withdrawal may let somebody in before its own turn to give up.
  for (let round = 0; round < 2; round++) {
    goroutines.end()
    await settle()
  }
  expect(goroutines.failures).toEqual([])
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  return outcomes
}

function recorded(run: GoRun): Outcome[] {
  const waiting = new Set<number>()
  return run.steps.map(({ g, granted, blocks, ok, readers = [], writer }) => {
    if (blocks) waiting.add(g)
    for (const each of granted ?? []) waiting.delete(each)
    return {
      ...(granted && { granted }),
      ...(blocks && { blocks }),
      ...(ok !== undefined && { ok }),
      readers,
      writers: writer === undefined ? [] : [writer],
      waiting: [...waiting].sort((a, b) => a - b),
    }
  })
}

test('in the memory of one agent', async () => {
  const locks = createLocks({ reach: 'realm' })
  for (const run of goRuns) {
    expect(await play(run, locks, microtasks), `run ${run.id}`).toEqual(recorded(run))
  }
})

describe.each(['web locks', 'cohort over memory', 'cohort over web locks'])('%s', (port) => {
  test.each([
    ['while time stands still', 0],
    ['with each action in a budget of its own', 10],
  ])('%s', async (_how, ms) => {
    const { locks, clock } = testLocks(port)
    const settle = async () => {
      await clock.settle()
      clock.advance(ms)
    }
    for (const run of goRuns) {
      expect(await play(run, locks, settle), `run ${run.id}`).toEqual(recorded(run))
    }
  })
})
