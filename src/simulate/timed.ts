/**
 * A program in virtual time: only its sleeps take any, each drawn from its range, so what happens
 * depends on chance as it does in a real program. Run often enough it tells how often a
 * deadlock that need not happen does.
 */

import { type Program, type Schedule, seeded } from '../scenario'
import { breather } from './exploration/breath'
import { type Interval, wilson } from './exploration/wilson'
import {
  enabled,
  type OutcomeKind,
  outcomeKinds,
  outcomeOf,
  type ProgramState,
  start,
  step,
} from './program'

export interface TimedOptions {
  /** How many runs (default 1,000; at most 100,000). */
  readonly runs?: number | undefined
  /** The same seed gives the same runs (default 1). */
  readonly seed?: number | undefined
  readonly onProgress?: ((done: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface TimedOutcome {
  readonly kind: OutcomeKind
  readonly runs: number
  readonly share: number
  /** Wilson's, 95 %. */
  readonly interval: Interval
  /** What happened in the first run that ended so. */
  readonly example: Schedule
}

export interface TimedReport {
  readonly runs: number
  readonly seed: number
  /** Those that occurred, the worst first. */
  readonly outcomes: readonly TimedOutcome[]
}

/** One run: who took which step, and when. */
export interface TimedRun {
  readonly schedule: Schedule
  /** Of each step, in virtual ms. */
  readonly times: readonly number[]
  readonly outcome: OutcomeKind
}

const most = 100_000

/** Rejects with `signal.reason`, and with a `RangeError` for what makes no sense. */
export async function simulateTimed(
  program: Program,
  { runs = 1_000, seed = 1, signal, onProgress }: TimedOptions = {},
): Promise<TimedReport> {
  if (!(Number.isInteger(runs) && runs > 0 && runs <= most)) {
    throw new RangeError(`runs must be a whole number from 1 to ${most}, got ${runs}`)
  }
  signal?.throwIfAborted()
  const random = seeded(seed)
  const found = new Map<OutcomeKind, { runs: number; example: Schedule }>()
  let done = 0
  const breathe = breather({ signal }, () => onProgress?.(done))
  for (; done < runs; done++) {
    const { outcome, schedule } = runTimed(program, random)
    const known = found.get(outcome)
    found.set(outcome, { runs: (known?.runs ?? 0) + 1, example: known?.example ?? schedule })
    for (const _ of schedule) {
      const pause = breathe()
      if (pause) await pause
    }
  }
  const outcomes = outcomeKinds.flatMap((kind): TimedOutcome[] => {
    const each = found.get(kind)
    if (!each) return []
    return [{ kind, ...each, share: each.runs / runs, interval: wilson(each.runs, runs) }]
  })
  return { runs, seed, outcomes }
}

/** `random` gives numbers from [0, 1). */
export function runTimed(program: Program, random: () => number): TimedRun {
  let state = start(program)
  let now = 0
  const schedule: number[] = []
  const times: number[] = []
  /** When each thread has slept enough. */
  const awake = state.threads.map(({ at }, thread) => sleepsBetween(program, thread, 0, at, random))
  for (let able = enabled(state); able.length > 0; able = enabled(state)) {
    now = Math.max(now, Math.min(...able.map((thread) => awake[thread] ?? 0)))
    const due = able.filter((thread) => (awake[thread] ?? 0) <= now)
    const thread = due[Math.floor(random() * due.length)] ?? 0
    const before = state
    state = step(before, thread)
    schedule.push(thread)
    times.push(now)
    for (const moved of state.threads.keys()) {
      const [from, to] = positions(before, state, moved)
      if (to > from) awake[moved] = now + sleepsBetween(program, moved, from + 1, to, random)
    }
  }
  return { schedule, times, outcome: outcomeOf(state)?.kind ?? 'done' }
}

function positions(before: ProgramState, after: ProgramState, thread: number) {
  return [before.threads[thread]?.at ?? 0, after.threads[thread]?.at ?? 0] as const
}

/** What a thread sleeps at the statements from `from` to before `to`, in ms. */
function sleepsBetween(
  { threads }: Program,
  thread: number,
  from: number,
  to: number,
  random: () => number,
): number {
  let total = 0
  for (const statement of threads[thread]?.statements.slice(from, to) ?? []) {
    if (statement.kind !== 'sleep') continue
    total += statement.from + random() * (statement.to - statement.from)
  }
  return total
}
