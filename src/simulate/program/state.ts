/**
 * A program at one moment, and its steps: one statement is one step, and whoever calls chooses
 * whose. States are immutable plain data. A lock that cannot be had makes its thread wait;
 * it is granted within the step of the thread that makes way. Sleeps are passed over.
 *
 * No state ever comes back: a thread that steps passes a statement, gives back what it
 * deferred, or begins to wait, and a grant passes the statement that it waited at. Programs
 * have no loops, so the graph of states has no cycle, and every run ends.
 */

import type { Program } from '../../scenario'
import { ask, freeLock, giveBack, type LockState, type Place, placeOf, threadOf } from './lock'
import { exclusive, type Operation, type Plan, planOf, type ReleaseOperation } from './plan'

/** `returning`: past its last statement. In every phase but the first only the deferred run. */
export type Phase = 'running' | 'returning' | 'throwing' | 'crashed'

export interface ThreadState {
  /** The statement that runs next, or that it waits at; their number when all are passed. */
  readonly at: number
  readonly phase: Phase
  /** Statements that deferred something, in their order; the last one runs first. */
  readonly deferred: readonly number[]
  /** NaN until loaded. */
  readonly locals: readonly number[]
  /** The lock whose queue it stands in, or -1. */
  readonly waitsFor: number
  /** At which step it began to wait. */
  readonly since: number
  /** The statement whose `all` it holds, or -1. */
  readonly all: number
  readonly misuse?: Misuse
}

/** What a thread did that no lock allows: it ends there, and what it deferred still runs. */
export interface Misuse {
  /** Index of the statement. */
  readonly statement: number
  /** A sentence without its end. */
  readonly why: string
}

export interface ProgramState {
  readonly plan: Plan
  /** How many steps were taken. */
  readonly steps: number
  readonly threads: readonly ThreadState[]
  readonly locks: readonly LockState[]
  /** Values of the shared variables. */
  readonly shared: readonly number[]
}

/** Before the first step. Throws a `RangeError` for a program beyond the limits. */
export function start(program: Program): ProgramState {
  const plan = planOf(program)
  const threads = plan.threads.map(({ operations, locals }): ThreadState => {
    const none = { deferred: [], locals: locals.map(() => Number.NaN), waitsFor: -1, since: -1 }
    return passTo({ at: 0, phase: 'running', ...none, all: -1 }, 0, operations)
  })
  const shared = program.variables.map(({ initial }) => initial)
  return { plan, steps: 0, threads, locks: plan.locks.map(() => freeLock), shared }
}

export function isReady({ waitsFor, phase, deferred }: ThreadState): boolean {
  return waitsFor < 0 && (phase === 'running' || deferred.length > 0)
}

/** The threads that can take the next step, ascending; none: the run is at its end. */
export function enabled(state: ProgramState): readonly number[] {
  const able: number[] = []
  state.threads.forEach((thread, index) => {
    if (isReady(thread)) able.push(index)
  })
  return able
}

/** One step of a thread. Throws a `RangeError` when it cannot take one. */
export function step(state: ProgramState, thread: number): ProgramState {
  const own = state.threads[thread]
  if (!own || !isReady(own)) throw new RangeError(`thread ${thread} cannot take a step`)
  const draft = new Draft(state)
  if (own.phase === 'running') draft.run(thread)
  else draft.runDeferred(thread)
  return draft.done()
}

/** Takes the steps of a schedule; all states on the way, the first one included. */
export function replay(program: Program, schedule: readonly number[]): readonly ProgramState[] {
  let state = start(program)
  const states = [state]
  for (const thread of schedule) {
    state = step(state, thread)
    states.push(state)
  }
  return states
}

/** How many steps of the schedule the program can take. */
export function playableSteps(program: Program, schedule: readonly number[]): number {
  let state = start(program)
  for (const [index, thread] of schedule.entries()) {
    const own = state.threads[thread]
    if (!own || !isReady(own)) return index
    state = step(state, thread)
  }
  return schedule.length
}

/** The next statement, past the sleeps; at its end a thread returns. */
function passTo(thread: ThreadState, to: number, operations: readonly Operation[]): ThreadState {
  let at = to
  while (operations[at]?.kind === 'sleep') at++
  return { ...thread, at, phase: at < operations.length ? thread.phase : 'returning' }
}

/** The state that is being made by one step. */
class Draft {
  readonly #plan: Plan
  readonly #steps: number
  readonly #threads: ThreadState[]
  #locks: readonly LockState[]
  #shared: readonly number[]

  constructor({ plan, steps, threads, locks, shared }: ProgramState) {
    this.#plan = plan
    this.#steps = steps
    this.#threads = [...threads]
    this.#locks = locks
    this.#shared = shared
  }

  done(): ProgramState {
    return {
      plan: this.#plan,
      steps: this.#steps + 1,
      threads: this.#threads,
      locks: this.#locks,
      shared: this.#shared,
    }
  }

  run(thread: number): void {
    const own = this.#thread(thread)
    const operation = this.#plan.threads[thread]?.operations[own.at]
    switch (operation?.kind) {
      case 'acquire':
        if (this.#ask(thread, operation.lock, placeOf(thread, operation.mode))) this.#pass(thread)
        return
      case 'all':
        this.#takeAll(thread, operation.locks)
        return
      case 'release':
      case 'release-all':
        if (this.#release(thread, operation, own.at)) this.#pass(thread)
        return
      case 'load': {
        const value = this.#shared[operation.variable] ?? Number.NaN
        this.#pass(thread, { locals: own.locals.with(operation.local, value) })
        return
      }
      case 'store': {
        const { local, plus, variable } = operation
        const value = (local < 0 ? 0 : (own.locals[local] ?? Number.NaN)) + plus
        this.#shared = this.#shared.with(variable, value)
        this.#pass(thread)
        return
      }
      case 'defer':
        this.#pass(thread, { deferred: [...own.deferred, own.at] })
        return
      case 'throw':
        this.#change(thread, { phase: 'throwing' })
        return
      default:
        throw new Error(`thread ${thread} has nothing to run`)
    }
  }

  runDeferred(thread: number): void {
    const { deferred } = this.#thread(thread)
    const at = deferred.at(-1) ?? -1
    const operation = this.#plan.threads[thread]?.operations[at]
    if (operation?.kind !== 'defer') throw new Error(`thread ${thread} has deferred nothing`)
    this.#change(thread, { deferred: deferred.slice(0, -1) })
    this.#release(thread, operation.release, at)
  }

  /** Whether it was let in at once. */
  #ask(thread: number, lock: number, place: Place): boolean {
    const before = this.#lock(lock)
    const after = ask(this.#order(lock), before, place)
    this.#locks = this.#locks.with(lock, after)
    if (after.queue.length === before.queue.length) return true
    this.#change(thread, { waitsFor: lock, since: this.#steps })
    return false
  }

  #takeAll(thread: number, locks: readonly number[]): void {
    const own = this.#thread(thread)
    const problem = this.#orderProblem(thread, locks)
    if (problem) this.#crash(thread, own.at, problem)
    else this.#takeRest(thread, locks, 0)
  }

  /** As the library: what a task holds already must come before all that it takes together. */
  #orderProblem(thread: number, locks: readonly number[]): string | undefined {
    const name = (lock: number) => this.#plan.locks[lock]?.name ?? ''
    const first = name(locks[0] ?? -1)
    if (this.#thread(thread).all >= 0) return 'takes all again before it has given back the first'
    for (const [lock, { inside }] of this.#locks.entries()) {
      if (!inside.some((place) => threadOf(place) === thread)) continue
      if (locks.includes(lock)) return `takes all though it already holds ${name(lock)}`
      if (name(lock) > first) {
        return `takes all though it holds ${name(lock)}, which comes after ${first}`
      }
    }
    return undefined
  }

  #takeRest(thread: number, locks: readonly number[], from: number): void {
    for (const lock of locks.slice(from)) {
      if (!this.#ask(thread, lock, placeOf(thread, exclusive))) return
    }
    this.#pass(thread, { all: this.#thread(thread).at })
  }

  /** Whether it held what it gives back; otherwise it has crashed. */
  #release(thread: number, operation: ReleaseOperation, statement: number): boolean {
    if (operation.kind === 'release') {
      const { lock, mode } = operation
      return this.#giveBack(thread, lock, placeOf(thread, mode), statement)
    }
    const taken = this.#plan.threads[thread]?.operations[this.#thread(thread).all]
    if (taken?.kind !== 'all') {
      this.#crash(thread, statement, 'unlocks all, but holds no locks from an all')
      return false
    }
    this.#change(thread, { all: -1 })
    return [...taken.locks]
      .reverse()
      .every((lock) => this.#giveBack(thread, lock, placeOf(thread, exclusive), statement))
  }

  #giveBack(thread: number, lock: number, place: Place, statement: number): boolean {
    const before = this.#lock(lock)
    const after = giveBack(this.#order(lock), before, place)
    if (!after) {
      this.#crash(thread, statement, this.#misuse(lock, place))
      return false
    }
    this.#locks = this.#locks.with(lock, after)
    for (const waiter of before.queue) {
      if (!after.queue.includes(waiter)) this.#granted(threadOf(waiter), lock)
    }
    return true
  }

  #granted(thread: number, lock: number): void {
    this.#change(thread, { waitsFor: -1, since: -1 })
    const operation = this.#plan.threads[thread]?.operations[this.#thread(thread).at]
    if (operation?.kind !== 'all') this.#pass(thread)
    else this.#takeRest(thread, operation.locks, operation.locks.indexOf(lock) + 1)
  }

  #misuse(lock: number, place: Place): string {
    const { name, kind } = this.#plan.locks[lock] ?? { name: '', kind: 'mutex' }
    const verb = kind === 'mutex' ? 'unlocks' : place & exclusive ? 'unwrites' : 'unreads'
    const { inside } = this.#lock(lock)
    const holders = [...new Set(inside.map(threadOf))].filter((each) => each !== threadOf(place))
    if (holders.length === 0) return `${verb} ${name}, which it does not hold`
    const names = holders.map((holder) => this.#plan.threads[holder]?.name).join(' and ')
    return `${verb} ${name}, which ${names} ${holders.length === 1 ? 'holds' : 'hold'}`
  }

  #crash(thread: number, statement: number, why: string): void {
    const first = this.#thread(thread).misuse
    this.#change(thread, { phase: 'crashed', misuse: first ?? { statement, why } })
  }

  #pass(thread: number, change: Partial<ThreadState> = {}): void {
    const own = this.#thread(thread)
    const operations = this.#plan.threads[thread]?.operations ?? []
    this.#threads[thread] = passTo({ ...own, ...change }, own.at + 1, operations)
  }

  #change(thread: number, change: Partial<ThreadState>): void {
    this.#threads[thread] = { ...this.#thread(thread), ...change }
  }

  #thread(thread: number): ThreadState {
    const own = this.#threads[thread]
    if (!own) throw new RangeError(`there is no thread ${thread}`)
    return own
  }

  #lock(lock: number): LockState {
    return this.#locks[lock] ?? freeLock
  }

  #order(lock: number) {
    return this.#plan.locks[lock]?.order ?? 'fifo'
  }
}
