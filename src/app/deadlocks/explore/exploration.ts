/** What the page has found out about its program in the background. */

import type { Program } from '../../../scenario'
import {
  type Exploration,
  exploreInWorker,
  type Progress,
  simulateInWorker,
  type TimedReport,
} from '../../../simulate'
import { besideOf } from '../catalogue/cases'
import type { Background, Job } from './background'

/** A case that the shown one is to be seen against. */
export interface Beside {
  readonly title: string
  readonly found: Exploration
}

export interface Found {
  readonly found: Exploration
  readonly beside: Beside | undefined
}

export type Exploring = Background<Progress, Found>
/** Progress is how many runs are done. */
export type Timing = Background<number, TimedReport>

export const runs = 1_000

export const exploring =
  (program: Program) =>
  async (job: Job<Progress>): Promise<Found> => {
    const found = await exploreInWorker(program, job)
    const other = besideOf(program)
    const beside = other && {
      title: other.title,
      found: await exploreInWorker(other.program, { signal: job.signal }),
    }
    return { found, beside }
  }

export const timing =
  (program: Program, seed: number) =>
  (job: Job<number>): Promise<TimedReport> =>
    simulateInWorker(program, { ...job, runs, seed })
