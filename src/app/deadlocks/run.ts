/** Schedules played out: the states on the way and their descriptions, kept for the last one. */

import type { Program, Schedule } from '../../scenario'
import {
  type Description,
  describe,
  enabled,
  type ProgramState,
  playableSteps,
  replay,
  start,
  step,
} from '../../simulate'

export interface Frame extends Description {
  readonly state: ProgramState
  /** Who can take the next step; indexes of threads. */
  readonly enabled: readonly number[]
}

interface Run {
  readonly program: Program
  readonly schedule: Schedule
  /** One for each number of steps done, from 0. */
  readonly frames: readonly Frame[]
}

let last: Run | undefined

export function framesOf(program: Program, schedule: Schedule): readonly Frame[] {
  if (last?.program !== program || last.schedule !== schedule) {
    const frames = replay(program, schedule).map(frameOfState)
    last = { program, schedule, frames }
  }
  return last.frames
}

const known = new WeakMap<ProgramState, Frame>()

function frameOfState(state: ProgramState): Frame {
  const frame = known.get(state) ?? { ...describe(state), state, enabled: enabled(state) }
  known.set(state, frame)
  return frame
}

interface Place {
  readonly program: Program
  readonly schedule: Schedule
  readonly position: number
}

/** After the steps done. */
export function frameOf({ program, schedule, position }: Place): Frame {
  const frame = framesOf(program, schedule)[position]
  if (!frame) throw new RangeError(`position must be from 0 to ${schedule.length}, got ${position}`)
  return frame
}

/** `begun` to its end, every thread that can taking a step in turn. */
export function inTurn(program: Program, begun: Schedule = []): Schedule {
  const schedule = [...begun]
  let state = begun.reduce(step, start(program))
  for (;;) {
    const able = enabled(state)
    const before = schedule.at(-1) ?? -1
    const next = able.find((thread) => thread > before) ?? able[0]
    if (next === undefined) return schedule
    schedule.push(next)
    state = step(state, next)
  }
}

export function canRun(program: Program, schedule: Schedule): boolean {
  return playableSteps(program, schedule) === schedule.length
}

/** As much of a schedule as another program can take. */
export function runnablePart(program: Program, schedule: Schedule): Schedule {
  return schedule.slice(0, playableSteps(program, schedule))
}
