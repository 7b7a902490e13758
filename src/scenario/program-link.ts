/**
 * A program, a schedule and the place in it, in the part of an address after `#`. As with the
 * links of scenarios, what was cut short, altered or made up is told from a good one.
 *
 *     #program=…&schedule=0101&at=3&sum=1x2y3z4
 */

import { linkSum } from './link'
import type { Program, Schedule } from './program'
import { assertProgram, programLimits } from './program-limits'
import { packProgram, unpackProgram } from './program-pack'

export interface ProgramLinkContent {
  readonly program: Program
  /** Who takes each step. Whether the program can be run so only a run can tell. */
  readonly schedule: Schedule
  /** How many of its steps are done. */
  readonly at: number
}

export type ProgramLinkResult =
  /** There is no link: the address ends before the `#`, or with it. */
  | { readonly kind: 'absent' }
  | ({ readonly kind: 'ok' } & ProgramLinkContent)
  /** `why` is a sentence for the person who followed the link. */
  | { readonly kind: 'broken'; readonly why: string }

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
  const body = parts.join('&')
  return `#${body}&sum=${linkSum(body)}`
}

/** Takes `location.hash` with or without its `#`; never throws. */
export function decodeProgramLink(hash: string): ProgramLinkResult {
  const link = hash.replace(/^#/, '')
  if (link === '') return { kind: 'absent' }
  if (link.length > maxLength) return broken('is too long to be one of this page’s')
  const match = /^(.*)&sum=([0-9a-z]+)$/s.exec(link)
  if (!match) return broken('is incomplete: its end is missing')
  const [, body = '', given] = match
  if (linkSum(body) !== given) return broken('was altered or cut on its way')
  const form = /^program=([\w-]+)(?:&schedule=(\d+)&at=(\d{1,4}))?$/
  const [, packed, steps = '', place = '0'] = form.exec(body) ?? []
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

function broken(why: string): ProgramLinkResult {
  return { kind: 'broken', why: `This link ${why}.` }
}
