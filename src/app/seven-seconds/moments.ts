/**
 * Where one can go in a run: pure moves from moment to moment. A moment says how many steps
 * are done, because several steps share one time.
 */

import { bisector } from 'd3'
import type { Moment, Simulation, Step } from '../../simulate/types'

type Run = Pick<Simulation, 'steps' | 'duration'>

/** How many steps are done by a time. */
const doneBy = bisector((step: Pick<Step, 'time'>) => step.time).right

export const start: Moment = { time: 0, step: 0 }

/** At `time`, with everything done that is due by then. */
export function momentAt({ steps, duration }: Run, time: number): Moment {
  const clamped = Math.min(Math.max(time, 0), duration)
  return { time: clamped, step: doneBy(steps, clamped) }
}

/** The beginning of the axis. Steps due at 0 have not been done yet: one can step into them. */
export const toStart = (_run: Run): Moment => start

export function toEnd({ steps, duration }: Run): Moment {
  return { time: duration, step: steps.length }
}

/** One step on; after the last step, to the end of the axis. */
export function forward(run: Run, moment: Moment): Moment {
  const next = run.steps[moment.step]
  return next ? { time: next.time, step: moment.step + 1 } : toEnd(run)
}

/** To the time of the last step done; standing there already, undoes it. */
export function back({ steps }: Run, { time, step }: Moment): Moment {
  const last = steps[step - 1]
  if (!last) return start
  if (time > last.time) return { time: last.time, step }
  return { time: steps[step - 2]?.time ?? 0, step: step - 1 }
}

export function bySeconds(run: Run, moment: Moment, seconds: number): Moment {
  // From 3.35, a second back is 2.35: the step count follows from the time.
  return momentAt(run, moment.time + seconds * 1000)
}

/** The next time anything happens, with everything of that instant done. */
export function toNextInstant(run: Run, moment: Moment): Moment {
  const next = run.steps[moment.step]
  return next ? momentAt(run, next.time) : toEnd(run)
}

/** The moment of a step itself, and not of what follows it in the same instant. */
export function momentOf(step: Step): Moment {
  return { time: step.time, step: step.index + 1 }
}

/** Keeps a moment within a run that may have changed under it. */
export function settle(run: Run, { time, step }: Moment): Moment {
  const latest = momentAt(run, time)
  const before = doneBy(run.steps, latest.time - 1e-9)
  // Standing amid the steps of one instant is kept; any other count was of another run.
  return step >= before && step <= latest.step ? { time: latest.time, step } : latest
}
