/** How a run ended, once no thread can take a step any more. */

import { serialResults } from './serial'
import { enabled, type Misuse, type ProgramState } from './state'
import { findCycle, waitEdges } from './wait-for'

/**
 * - `done`: every thread came to its end, and the variables are as some serial run leaves them;
 * - `lost-update`: every thread came to its end, but no serial run leaves the variables so;
 * - `deadlock`: threads wait for each other in a cycle, or one for itself;
 * - `stuck`: some wait for ever without a cycle: for a lock that nobody will give back;
 * - `misuse`: a thread gave back what it did not hold, or took all out of order.
 *
 * Where several are true, the worst counts: deadlock, misuse, stuck, lost update, done.
 */
export type OutcomeKind = 'done' | 'lost-update' | 'deadlock' | 'stuck' | 'misuse'

/** The worst first. */
export const outcomeKinds: readonly OutcomeKind[] = [
  'deadlock',
  'misuse',
  'stuck',
  'lost-update',
  'done',
]

export interface Outcome {
  readonly kind: OutcomeKind
  /** Final values, in the order of the program's variables. */
  readonly variables: readonly number[]
  /** Threads that wait for ever. */
  readonly waiting: readonly number[]
  /** Threads that ended with `throw`. */
  readonly threw: readonly number[]
  readonly misuses: readonly ({ readonly thread: number } & Misuse)[]
}

/** `undefined` while a thread can go on. */
export function outcomeOf(state: ProgramState): Outcome | undefined {
  if (enabled(state).length > 0) return undefined
  const which = (test: (thread: ProgramState['threads'][number]) => boolean) =>
    state.threads.flatMap((thread, index) => (test(thread) ? [index] : []))
  const waiting = which((thread) => thread.waitsFor >= 0)
  const misuses = state.threads.flatMap(({ misuse }, thread) =>
    misuse ? [{ thread, ...misuse }] : [],
  )
  return {
    kind: kindOf(state, waiting.length > 0, misuses.length > 0),
    variables: state.shared,
    waiting,
    threw: which((thread) => thread.phase === 'throwing'),
    misuses,
  }
}

function kindOf(state: ProgramState, someWait: boolean, someMisuse: boolean): OutcomeKind {
  if (someWait && findCycle(state, waitEdges(state))) return 'deadlock'
  if (someMisuse) return 'misuse'
  if (someWait) return 'stuck'
  const serial = serialResults(state.plan)
  return serial && !serial.has(state.shared.join()) ? 'lost-update' : 'done'
}
