/** Performs the scene "Hit counter" with the participants that are there. */

import {
  type Counter as Counting,
  countTogether,
  type LeakWay,
  type Participant,
} from '../../../perform/tabs'
import { type CounterRun, type GuardShown, hitsEach, type LeakResult, workEach } from './counter'

/** @returns what came of it. Rejects with `signal.reason`, and when a participant fails. */
export async function count(
  participants: readonly Counting[],
  guard: GuardShown['id'],
  stage: string,
  signal: AbortSignal,
): Promise<NonNullable<CounterRun['counted']>> {
  return countTogether(participants, { guard, hits: hitsEach, work: workEach, stage, signal })
}

/** The first throws while it holds; the last asks for the same lock. */
export async function tryLeak(
  participants: readonly Participant[],
  way: LeakWay,
): Promise<LeakResult> {
  const [first] = participants
  const last = participants.findLast(({ state }) => state.kind === 'here')
  if (first === undefined || last === undefined) throw new Error('nobody is there')
  const leaking = await first.order('leak', { way })
  const then = await last.order('probe', { way })
  return { ...leaking, by: first.name, asked: last.name, then }
}
