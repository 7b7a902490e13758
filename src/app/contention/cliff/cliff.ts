/** The load raised step by step, in the background; and what came of it, in sentences. */

import { type Cliff, type CliffStep, findCliff, type Prediction } from '../../../perform/workload'
import type { Workload } from '../../../scenario'
import type { Background, Job } from '../../deadlocks/explore/background'
import { durationText } from '../lanes/ticks'
import { rateText } from '../live/measures'

export interface CliffProgress {
  readonly steps: readonly CliffStep[]
  /** How many steps there will be at most. */
  readonly of: number
}

export type FindingCliff = Background<CliffProgress, Cliff>

export const cliffOf =
  (workload: Workload) =>
  ({ signal, onProgress }: Job<CliffProgress>): Promise<Cliff> => {
    const steps: CliffStep[] = []
    return findCliff(workload, {
      signal,
      onStep: (step, _, of) => {
        steps.push(step)
        onProgress({ steps: [...steps], of })
      },
    })
  }

export const stepsOf = (finding: FindingCliff): readonly CliffStep[] =>
  finding.kind === 'done'
    ? finding.result.steps
    : finding.kind === 'running'
      ? (finding.progress?.steps ?? [])
      : []

/** Where it turns, and whether that is where the hold time says. */
export function cliffWords({ steps, turn, prediction }: Cliff): readonly string[] {
  const at = turn === undefined ? undefined : steps[turn]
  const last = steps.at(-1)
  if (!last) return []
  return [
    at
      ? `The curve turns at ${runners(at.load)}, with ${rateText(at.throughput)} sections a second.`
      : `The curve does not turn: it rises to ${rateText(last.throughput)} sections a second with ${runners(last.load)}.`,
    ...(at && last !== at
      ? [
          `From there on more of them only wait: 99 of 100 less than ${durationText(at.wait.p99)} there, ${durationText(last.wait.p99)} with ${runners(last.load)}.`,
        ]
      : []),
    predictionWords(prediction),
  ]
}

const runners = (load: number) => `${load} ${load === 1 ? 'runner' : 'runners'}`

export function predictionWords({ capacity, saturation }: Prediction): string {
  if (!Number.isFinite(capacity)) {
    return 'Nothing here keeps anybody out: by the hold time alone there is no bound.'
  }
  return `By the hold time the busiest lock serves at most ${rateText(capacity)} a second, which about ${runners(Math.max(1, Math.round(saturation)))} ask of it.`
}
