/**
 * Random programs on the locks themselves, with waits that abort and time out: mutex and RW lock
 * of both policies grant as their plain models do, over every port.
 *
 * `SEED=… npx vitest run …` plays a run again; `RUNS=…` makes it longer.
 */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { WaitOptions } from './arguments'
import { Carrier } from './carrier'
import { TimeoutError } from './errors'
import type { LockMode } from './events'
import type { PlainHold } from './hold'
import { mutex, type PlainMutex } from './mutex'
import { type PlainRWLock, rwLock } from './rw-lock'
import { FifoModel, type LockModel, PhaseFairModel } from './testing/lock-model'
import { type TestLocks, testLocks } from './testing/test-locks'
import { testPorts } from './testing/test-ports'

vi.setConfig({ testTimeout: 120_000 })

const numRuns = Number(process.env.RUNS ?? 100)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`locks.property.test.ts: SEED=${seed}`)

type Step =
  | { readonly do: 'ask'; readonly mode: LockMode; readonly timeout: number | undefined }
  | { readonly do: 'try'; readonly mode: LockMode }
  | { readonly do: 'release' | 'abort'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number }

const mode = fc.constantFrom<LockMode>('exclusive', 'shared')
const timeout = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('ask' as const), mode, timeout }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('try' as const), mode }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(8) }) },
)

interface Doors {
  acquire(mode: LockMode, options: WaitOptions): Promise<PlainHold>
  attempt(mode: LockMode): Promise<PlainHold | null>
}

interface Kind {
  readonly model: () => LockModel
  /** A mutex knows no readers. */
  readonly exclusiveOnly: boolean
  /** Whether `stats` counts its holds and waits. */
  readonly counted: boolean
  readonly open: (of: TestLocks) => Doors
}

const kinds: Readonly<Record<string, Kind>> = {
  mutex: {
    model: () => new FifoModel(),
    exclusiveOnly: true,
    counted: true,
    open: ({ locks }) => mutexDoors(locks.mutex('a')),
  },
  'RW lock (fifo)': {
    model: () => new FifoModel(),
    exclusiveOnly: false,
    counted: true,
    open: ({ locks }) => rwDoors(locks.rwLock('a', { policy: 'fifo' })),
  },
  'RW lock (phase-fair)': {
    model: () => new PhaseFairModel(),
    exclusiveOnly: false,
    counted: true,
    open: ({ locks }) => rwDoors(locks.rwLock('a')),
  },
  'mutex, put together': {
    model: () => new FifoModel(),
    exclusiveOnly: true,
    counted: false,
    open: (of) => mutexDoors(mutex(carrierOf(of), 'a')),
  },
  'RW lock (fifo), put together': {
    model: () => new FifoModel(),
    exclusiveOnly: false,
    counted: false,
    open: (of) => rwDoors(rwLock(carrierOf(of), 'a', { policy: 'fifo' })),
  },
  'RW lock (phase-fair), put together': {
    model: () => new PhaseFairModel(),
    exclusiveOnly: false,
    counted: false,
    open: (of) => rwDoors(rwLock(carrierOf(of), 'a')),
  },
}

function carrierOf({ locks, clock }: TestLocks): Carrier {
  return new Carrier(() => locks.space.ports, clock)
}

function mutexDoors(mutex: PlainMutex): Doors {
  return {
    acquire: (_mode, options) => mutex.acquire(options),
    attempt: () => mutex.tryAcquire(),
  }
}

function rwDoors(lock: PlainRWLock): Doors {
  return {
    acquire: (mode, options) =>
      mode === 'shared' ? lock.acquireRead(options) : lock.acquireWrite(options),
    attempt: (mode) => (mode === 'shared' ? lock.tryAcquireRead() : lock.tryAcquireWrite()),
  }
}

/** One acquisition, as its user sees it. */
interface Asked {
  readonly controller: AbortController
  readonly deadline: number
  hold: PlainHold | undefined
  state: 'waiting' | 'held' | 'refused' | 'over'
  error: unknown
}

/** A program under way, on the lock and on the model. */
class Run {
  readonly asked: Asked[] = []

  constructor(
    readonly of: TestLocks,
    readonly doors: Doors,
    readonly model: LockModel,
    readonly exclusiveOnly: boolean,
    readonly counted: boolean,
  ) {}

  async play(step: Step): Promise<void> {
    const { model, doors } = this
    const id = this.asked.length
    if (step.do === 'pass') return this.pass(step.ms)
    if (step.do === 'ask' || step.do === 'try') {
      const mode = this.exclusiveOnly ? 'exclusive' : step.mode
      const controller = new AbortController()
      // No two deadlines are one: which comes first would be the mechanism's business.
      const timeout =
        step.do === 'ask' && step.timeout !== undefined ? step.timeout + id / 1024 : undefined
      const deadline = this.of.clock.now() + (timeout ?? Number.POSITIVE_INFINITY)
      const one: Asked = {
        controller,
        deadline,
        hold: undefined,
        state: 'waiting',
        error: undefined,
      }
      this.asked.push(one)
      if (step.do === 'try') model.attempt(id, mode)
      else model.ask(id, mode)
      const answer =
        step.do === 'try'
          ? doors.attempt(mode)
          : doors.acquire(mode, { signal: controller.signal, timeout })
      answer.then(
        (hold) => {
          one.hold = hold ?? undefined
          one.state = hold === null ? 'refused' : 'held'
        },
        (error) => {
          one.error = error
        },
      )
    } else {
      const wanted = step.do === 'release' ? 'held' : 'waiting'
      const some = this.asked.filter(({ state }) => state === wanted)
      const chosen = some[step.which % some.length]
      if (chosen === undefined) return
      chosen.state = 'over'
      if (step.do === 'release') chosen.hold?.release()
      else chosen.controller.abort('enough')
      model.end(this.asked.indexOf(chosen))
    }
    await this.of.clock.settle()
  }

  /** From deadline to deadline, so that a grant may come between two of them. */
  async pass(ms: number): Promise<void> {
    const { clock } = this.of
    const end = clock.now() + ms
    const due = [...this.asked.entries()].filter(([, { deadline }]) => deadline <= end)
    for (const [id, one] of due.sort(([, a], [, b]) => a.deadline - b.deadline)) {
      if (one.state !== 'waiting') continue
      clock.advance(one.deadline - clock.now())
      one.state = 'over'
      this.model.end(id)
      await clock.settle()
    }
    clock.advance(end - clock.now())
    await clock.settle()
  }

  compare(): void {
    expect(Object.fromEntries(this.asked.map(({ state }, id) => [id, state]))).toEqual(
      this.model.view(),
    )
    if (!this.counted) return
    const count = (wanted: string) => this.asked.filter(({ state }) => state === wanted).length
    const { holds, waits } = this.of.locks.stats()
    expect({ holds, waits }).toEqual({ holds: count('held'), waits: count('waiting') })
  }

  async end(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      for (const one of this.asked) {
        if (one.state === 'waiting') one.controller.abort('enough')
        if (one.state === 'held') one.hold?.release()
        if (one.state === 'held') one.state = 'over'
      }
      await this.of.clock.settle()
    }
    expect(this.of.locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    expect(await this.of.far.query()).toEqual({ held: [], pending: [] })
    // Explanations of timeouts are given their time: then nothing may be left running.
    this.of.clock.advance(1000)
    await this.of.clock.settle()
    expect(this.of.clock.timers).toBe(0)
    for (const { error } of this.asked) {
      if (error !== undefined && error !== 'enough') expect(error).toBeInstanceOf(TimeoutError)
    }
  }
}

describe.each(Object.keys(testPorts))('%s', (port) => {
  // Each transaction of fake-indexeddb takes real time.
  const runs = port.includes('indexed') ? Math.ceil(numRuns / 8) : numRuns
  test.each(Object.entries(kinds))(
    '%s grants as its model does',
    async (_kind, { model, exclusiveOnly, counted, open }) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (program) => {
          const of = testLocks(port)
          const run = new Run(of, open(of), model(), exclusiveOnly, counted)
          for (const each of program) {
            await run.play(each)
            run.compare()
          }
          await run.end()
        }),
        { seed, numRuns: runs },
      )
    },
  )
})
