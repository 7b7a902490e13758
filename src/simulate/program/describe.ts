/** A state as a page shows it: names instead of numbers, and what follows from the state. */

import { modeOf, threadOf } from './lock'
import { type Outcome, outcomeOf } from './outcome'
import { shared } from './plan'
import { isReady, type Misuse, type Phase, type ProgramState } from './state'
import { type Cycle, findCycle, type WaitEdge, waitEdges } from './wait-for'

export type HoldMode = 'mutex' | 'read' | 'write'

/** `threw` and `crashed` threads are at their end: what they deferred has run. */
export type ThreadStatus =
  | { readonly kind: 'ready' | 'done' | 'threw' }
  | {
      readonly kind: 'waiting'
      readonly lock: string
      readonly mode: HoldMode
      /** Whom it waits for; they are indexes of threads. */
      readonly for: readonly number[]
    }
  | ({ readonly kind: 'crashed' } & Misuse)

export interface ThreadDescription {
  readonly name: string
  readonly status: ThreadStatus
  /**
   * The statement that runs next or that it waits at, an index: a `defer` where its release
   * runs next. `undefined` at the end of the thread.
   */
  readonly statement: number | undefined
  readonly phase: Phase
  /** What it did wrong, also while its deferred releases still run. */
  readonly misuse: Misuse | undefined
  /** Statements whose deferred releases have not run yet. */
  readonly deferred: readonly number[]
  /** Its own variables; `undefined` until loaded. */
  readonly locals: readonly { readonly name: string; readonly value: number | undefined }[]
}

export interface LockDescription {
  readonly name: string
  readonly kind: 'mutex' | 'rw'
  readonly holders: readonly { readonly thread: number; readonly mode: HoldMode }[]
  /** In the order of arrival. */
  readonly waiters: readonly { readonly thread: number; readonly mode: HoldMode }[]
}

export interface Description {
  readonly threads: readonly ThreadDescription[]
  readonly locks: readonly LockDescription[]
  readonly variables: readonly { readonly name: string; readonly value: number }[]
  readonly edges: readonly WaitEdge[]
  /** Those on it wait for ever, whatever the others do. */
  readonly cycle: Cycle | undefined
  /** Once nobody can go on. */
  readonly outcome: Outcome | undefined
}

export function describe(state: ProgramState): Description {
  const { plan } = state
  const edges = waitEdges(state)
  return {
    threads: plan.threads.map((_, index) => describeThread(state, index, edges)),
    locks: plan.locks.map(({ name, kind }, index) => {
      const place = (each: number) => ({ thread: threadOf(each), mode: holdMode(kind, each) })
      const { inside = [], queue = [] } = state.locks[index] ?? {}
      return { name, kind, holders: inside.map(place), waiters: queue.map(place) }
    }),
    variables: plan.program.variables.map(({ name }, index) => ({
      name,
      value: state.shared[index] ?? Number.NaN,
    })),
    edges,
    cycle: findCycle(state, edges),
    outcome: outcomeOf(state),
  }
}

function holdMode(kind: 'mutex' | 'rw', place: number): HoldMode {
  if (kind === 'mutex') return 'mutex'
  return modeOf(place) === shared ? 'read' : 'write'
}

function describeThread(
  { plan, threads }: ProgramState,
  index: number,
  edges: readonly WaitEdge[],
): ThreadDescription {
  const planned = plan.threads[index]
  const thread = threads[index]
  if (!planned || !thread) throw new RangeError(`there is no thread ${index}`)
  const { phase, deferred, misuse, at } = thread
  return {
    name: planned.name,
    status: statusOf(
      thread,
      edges.filter((edge) => edge.thread === index),
    ),
    statement: phase === 'running' ? at : deferred.at(-1),
    phase,
    misuse,
    deferred,
    locals: planned.locals.map((name, local) => {
      const value = thread.locals[local] ?? Number.NaN
      return { name, value: Number.isNaN(value) ? undefined : value }
    }),
  }
}

function statusOf(thread: ProgramState['threads'][number], own: readonly WaitEdge[]): ThreadStatus {
  const [edge] = own
  if (edge) {
    const { lock, mode } = edge
    return { kind: 'waiting', lock, mode, for: own.map((each) => each.for) }
  }
  if (isReady(thread)) return { kind: 'ready' }
  if (thread.misuse) return { kind: 'crashed', ...thread.misuse }
  return { kind: thread.phase === 'throwing' ? 'threw' : 'done' }
}
