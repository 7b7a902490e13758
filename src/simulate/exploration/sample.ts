/** Schedules drawn by a uniform random scheduler, for programs with too many states. */

import { type Schedule, seeded } from '../../scenario'
import { enabled, type OutcomeKind, outcomeOf, type ProgramState, start, step } from '../program'
import type { Plan } from '../program/plan'
import { excludes, overtaken } from './properties'

export interface Sample {
  /** How many were drawn. */
  readonly drawn: number
  readonly outcomes: ReadonlyMap<OutcomeKind, { drawn: number; schedule: Schedule }>
  /** A schedule to a state in which exclusion is broken. */
  readonly clash: Schedule | undefined
  /** How often a waiter was overtaken, at most. */
  readonly overtaking: number
}

export interface SampleOptions {
  readonly samples: number
  readonly seed: number
  readonly breathe: (drawn: number) => Promise<void> | undefined
}

export async function drawSchedules(
  { program }: Plan,
  { samples, seed, breathe }: SampleOptions,
): Promise<Sample> {
  const random = seeded(seed)
  const outcomes = new Map<OutcomeKind, { drawn: number; schedule: Schedule }>()
  let clash: Schedule | undefined
  let overtaking = 0
  const first = start(program)
  for (let drawn = 0; drawn < samples; drawn++) {
    let state = first
    let counts: readonly number[] | undefined
    const schedule: number[] = []
    for (let able = enabled(state); able.length > 0; able = enabled(state)) {
      const pause = breathe(drawn)
      if (pause) await pause
      const thread = able[Math.floor(random() * able.length)] ?? 0
      const before: ProgramState = state
      state = step(before, thread)
      schedule.push(thread)
      counts = overtaken(before, state, counts)
      overtaking = Math.max(overtaking, ...counts)
      if (!excludes(state) && (!clash || schedule.length < clash.length)) clash = [...schedule]
    }
    const { kind } = outcomeOf(state) ?? { kind: 'done' as const }
    const known = outcomes.get(kind)
    const shorter = known && known.schedule.length <= schedule.length ? known.schedule : schedule
    outcomes.set(kind, { drawn: (known?.drawn ?? 0) + 1, schedule: shorter })
  }
  return { drawn: samples, outcomes, clash, overtaking }
}
