/**
 * A program, a schedule and the place in it, in the part of an address after `#`. As with the
 * links of scenarios, what was cut short, altered or made up is told from a good one.
 *
 *     #program=…&schedule=0101&at=3&sum=1x2y3z4
 */

import type { Program, Schedule } from './program'
import { assertProgram, programLimits } from './program-limits'
import { packProgram, unpackProgram } from './program-pack'
import { type AbsentLink, type BrokenLink, broken, seal, unseal } from './sealed'

export interface ProgramLinkContent {
  readonly program: Program
  /** Who takes each step. Whether the program can be run so only a run can tell. */
  readonly schedule: Schedule
  /** How many of its steps are done. */
  readonly at: number
}

export type ProgramLinkResult =
  | AbsentLink
  | BrokenLink
  | ({ readonly kind: 'ok' } & ProgramLinkContent)

/**
 * No schedule is longer: a statement takes at most one step, and one more if it defers.
 */
export const maxSchedule = programLimits.threads * programLimits.statements * 2

/** Longer than any link that `encodeProgramLink` makes; longer ones are refused unread. */
const maxLength = 100_000

/**
 * For `location.hash`, beginning with `#`. Throws a `RangeError` on a program beyond the
 * limits, on a schedule that names a thread that is not there, and on a place outside of it.
 */
export function encodeProgramLink({ program, schedule, at }: ProgramLinkContent): string {
  assertProgram(program)
  const problem = scheduleProblem(program, schedule, at)
  if (problem) throw new RangeError(problem)
  const parts = [
    `program=${packProgram(program)}`,
    ...(schedule.length > 0 ? [`schedule=${schedule.join('')}`, `at=${at}`] : []),
  ]
  return seal(parts)
}

/** Takes `location.hash` with or without its `#`; never throws. */
export function decodeProgramLink(hash: string): ProgramLinkResult {
  const link = unseal(hash, maxLength)
  if (link.kind !== 'whole') return link
  const form = /^program=([\w-]+)(?:&schedule=(\d+)&at=(\d{1,4}))?$/
  const [, packed, steps = '', place = '0'] = form.exec(link.body) ?? []
  if (packed === undefined) return broken('has parts that this page does not know')
  const program = unpackProgram(packed)
  if (!program) return broken('holds a program that cannot be read')
  const schedule = [...steps].map(Number)
  const at = Number(place)
  if (scheduleProblem(program, schedule, at)) return broken('holds a schedule that cannot be run')
  return { kind: 'ok', program, schedule, at }
}

function scheduleProblem(program: Program, schedule: Schedule, at: number): string | undefined {
  const { length } = program.threads
  if (schedule.length > maxSchedule) {
    return `schedule has ${schedule.length} steps; at most ${maxSchedule}`
  }
  const wrong = schedule.find(
    (thread) => !(Number.isInteger(thread) && 0 <= thread && thread < length),
  )
  if (wrong !== undefined) return `schedule names thread ${wrong}; there are ${length}`
  if (Number.isInteger(at) && at >= 0 && at <= schedule.length) return undefined
  return `at must be from 0 to ${schedule.length}, got ${at}`
}
