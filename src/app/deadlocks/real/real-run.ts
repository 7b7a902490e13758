/** The schedule that is shown, on real workers: what is asked for, and what came of it. Pure but for `realRun`. */

import {
  isOfLocks,
  performProgram,
  type RealProgramRun,
  whyNoRealProgram,
  whyNotInTwoTabs,
} from '../../../perform'
import type { Program, Schedule } from '../../../scenario'
import type { Description, OutcomeKind } from '../../../simulate'
import type { Background, Job } from '../explore/background'
import { listOf, type Verdict } from '../words'

/** Progress is how many marks have come. */
export type RealRunning = Background<number, RealProgramRun>

/** All threads in this page's workers, or every other one in those of a second tab. */
export type RealPlace = 'workers' | 'tabs'

/** The page of a second tab, beside the app's. */
const secondTab = 'tab.html'

/** Between two steps, in ms: time enough for each to take effect everywhere, and to be seen. */
const pace = 100

/** When each thread's own steps may begin. */
export function turnsOf(threads: number, schedule: Schedule): readonly (readonly number[])[] {
  return Array.from({ length: threads }, (_, thread) =>
    schedule.flatMap((who, step) => (who === thread ? [step * pace] : [])),
  )
}

export const realRun =
  (program: Program, schedule: Schedule, place: RealPlace) =>
  (job: Job<number>): Promise<RealProgramRun> =>
    performProgram(program, {
      ...job,
      turns: turnsOf(program.threads.length, schedule),
      secondTab: place === 'tabs' ? secondTab : undefined,
    })

/** A sentence, or `undefined` where it can be run. */
export function whyNotReal(
  program: Program,
  outcome: OutcomeKind | undefined,
  place: RealPlace,
): string | undefined {
  if (outcome === 'misuse') {
    return 'Only simulated: the library gives out holds, so what is not held cannot be given back.'
  }
  return place === 'workers' ? whyNoRealProgram(program) : whyNotInTwoTabs(program)
}

const carriers: Readonly<Record<string, string>> = {
  'web-locks': 'Web Locks',
  'shared-memory': 'shared memory',
  'indexed-db': 'IndexedDB',
}

/** What came of it, a sentence each. */
export function realWords({ threads, variables }: Program, run: RealProgramRun): readonly string[] {
  const { ends, detectedAfter, givenUpAfter, mechanism, tabs, clockError } = run
  const name = (thread: number) => threads[thread]?.name ?? '?'
  const elsewhere = threads.filter((_, thread) => tabs[thread] === 1).map(({ name }) => name)
  const over = `${carriers[mechanism] ?? mechanism}${elsewhere.length > 0 ? ', in two tabs' : ''}`
  const values = variables.map(({ name }, at) => `${name} is ${run.variables[at]}`)
  const caught = ends.flatMap(({ thread, kind, error }) => {
    if (kind === 'victim' && detectedAfter !== undefined) {
      return `Over ${over}, detection found the cycle ${Math.round(detectedAfter)} ms after its last wait began: ${name(thread)}’s wait was rejected with ${error?.name}.`
    }
    if (kind !== 'done' && kind !== 'threw') {
      return `Over ${over}, ${name(thread)} was refused with ${error?.name} before it could wait.`
    }
    return []
  })
  const fine = ends.filter(({ kind }) => kind === 'done' || kind === 'threw')
  const all = fine.length === threads.length
  const finished = listOf(fine.map(({ thread }) => name(thread)))
  const waiting = threads.flatMap((_, thread) =>
    ends.some((end) => end.thread === thread) ? [] : [name(thread)],
  )
  return [
    ...caught,
    ...(all
      ? [
          `${run.marks.some(isOfLocks) ? `Over ${over}, everybody` : 'Everybody'} came to an end${values.length > 0 ? `: ${listOf(values)}` : ''}.`,
        ]
      : []),
    ...(!all && fine.length > 0
      ? [`${finished} came to ${fine.length === 1 ? 'its' : 'their'} end.`]
      : []),
    ...(waiting.length > 0 && givenUpAfter !== undefined
      ? [
          `${listOf(waiting)} still waited ${(givenUpAfter / 1000).toFixed(1)} s after the last step.${caught.length === 0 ? ' There is no cycle, so detection finds none.' : ''}`,
        ]
      : []),
    ...(elsewhere.length > 0
      ? [
          `${listOf(elsewhere)} ran in the second tab, whose clock is known to ${clockError.toFixed(2)} ms.`,
        ]
      : []),
  ]
}

/** How the simulated schedule ends. */
export type Simulated = Pick<NonNullable<Description['outcome']>, 'kind' | 'variables'>

/** Whether the real run ended as the simulated schedule does. */
export function agrees(run: RealProgramRun, outcome: Simulated | undefined): boolean | undefined {
  const caught = run.ends.some(({ kind }) => kind === 'victim' || kind === 'refused')
  switch (outcome?.kind) {
    case 'deadlock':
      // The victim's error is what lets the others finish.
      return caught && run.givenUpAfter === undefined
    case 'stuck':
      return !caught && run.givenUpAfter !== undefined
    case 'done':
    case 'lost-update':
      return (
        !caught &&
        run.givenUpAfter === undefined &&
        run.variables.join() === outcome.variables.join()
      )
    default:
      return undefined
  }
}

/** What is to be thought of the run: whether it shows what the simulated schedule does. */
export function judgement(
  run: RealProgramRun,
  outcome: Simulated | undefined,
): Verdict | undefined {
  const agreed = agrees(run, outcome)
  if (agreed === undefined) return undefined
  if (agreed) return { kind: 'good', text: 'The real run ends as the simulated one.' }
  const otherwise = 'The real run ended otherwise than the simulated one'
  // Then steps may have changed places, and it was another schedule.
  if (run.latest < pace / 2) return { kind: 'bad', text: `${otherwise}.` }
  const late = `a step began ${Math.round(run.latest)} ms late, and steps are only ${pace} ms apart`
  return { kind: 'bad', text: `${otherwise}: ${late}. Run it once more.` }
}
