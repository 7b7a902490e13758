/** Raises the load of a workload step by step until its curve turns: the cliff. */

import { Histogram } from '../../observe'
import { participantsOf, problemsOf, type Workload, workloadLimits } from '../../scenario'
import { kneeOf } from './knee'
import { performWorkload } from './perform-workload'
import { durationsOf, type Prediction, predict } from './predict'
import type { WorkloadOutcome } from './types'
import { openWorkloadTabs, type WorkloadTabs } from './workload-tabs'

export interface CliffStep {
  /** How many runners: workers times tasks. */
  readonly load: number
  /** Actions a second. */
  readonly throughput: number
  /** From request to grant, in ms. */
  readonly wait: { readonly p50: number; readonly p99: number; readonly max: number }
  /** How long a hold came out on average, in ms. */
  readonly hold: number
  /** What the bounds allow with this load, with the holds as they came out; actions a second. */
  readonly predicted: number
  readonly lost: number
}

export interface Cliff {
  /** By load. */
  readonly steps: readonly CliffStep[]
  /** Where throughput turns (Kneedle, on throughput over load): an index of `steps`, if it does. */
  readonly turn: number | undefined
  /** From the workload alone, before anything was measured. */
  readonly prediction: Prediction
}

export interface FindCliffOptions {
  readonly signal?: AbortSignal | undefined
  /** Each step as it has been measured, and how many there will be. */
  readonly onStep?: ((step: CliffStep, done: number, of: number) => void) | undefined
  /** How long each step is measured, in ms (default 1,000). */
  readonly stepMs?: number | undefined
  /** Tabs that are open already: see {@link performWorkload}. */
  readonly tabs?: WorkloadTabs | undefined
  /** Performs a step; default {@link performWorkload}. */
  readonly perform?: typeof performWorkload | undefined
}

/** Tasks in each worker, step by step: about half as many again each time. */
const ladder: readonly number[] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]

/**
 * The steps from one runner in each worker to `workloadLimits.tasks`, and before them fewer workers: one, two
 * and so on, without the tabs. Only for workloads that can be cut so: the tabs stay as they are.
 */
export function cliffSteps(workload: Workload, stepMs = 1_000): readonly Workload[] {
  const end = { kind: 'time', ms: stepMs } as const
  const fewer = Array.from({ length: workload.workers - 1 }, (_, index) => index + 1)
  const steps = [
    ...(workload.tabs === 0
      ? fewer.map((workers) => ({ ...workload, workers, tasks: 1, end }))
      : []),
    ...ladder
      .filter((tasks) => tasks <= workloadLimits.tasks)
      .map((tasks) => ({ ...workload, tasks, end })),
  ]
  const [problem] = problemsOf({ ...workload, end })
  if (problem) throw new RangeError(`not a workload: ${problem.message}`)
  return steps.filter((step) => problemsOf(step).length === 0)
}

/**
 * Measures the workload with more and more runners. The load is the number of runners; everything else stays:
 * keys, holds, pauses, lock, seed. Stops early once throughput has not risen for three steps and the
 * prediction says that it will not, because further steps only wait.
 *
 * Rejects as {@link performWorkload} does. With tabs, to be called by the handler of a click.
 *
 * @example
 * const { steps, turn } = await findCliff(firstWorkload, { onStep: (step) => draw(step) })
 */
export async function findCliff(
  workload: Workload,
  options: FindCliffOptions = {},
): Promise<Cliff> {
  const { signal, onStep, stepMs = 1_000, perform = performWorkload } = options
  const planned = cliffSteps(workload, stepMs)
  signal?.throwIfAborted()
  const tabs = options.tabs ?? openWorkloadTabs(workload.tabs, { signal })
  const steps: CliffStep[] = []
  try {
    for (const each of planned) {
      const step = stepOf(await perform(each, { signal, tabs }))
      steps.push(step)
      onStep?.(step, steps.length, planned.length)
      if (isFlat(steps, predict(each).saturation)) break
    }
  } finally {
    if (options.tabs === undefined) await tabs.close()
  }
  const turn = kneeOf(steps.map(({ load, throughput }) => ({ x: load, y: throughput })))
  return { steps, turn, prediction: predict(workload) }
}

export function stepOf(outcome: WorkloadOutcome): CliffStep {
  const { workload, done, seconds, lost } = outcome
  const wait = Histogram.from(outcome.wait)
  const hold = Histogram.from(outcome.hold).mean
  const load = participantsOf(workload) * workload.tasks
  const planned = durationsOf(workload)
  // Writes came out longer by as much as all holds did.
  const stretch = planned.hold === 0 ? 1 : hold / planned.hold
  const durations = { ...planned, hold, writeHold: planned.writeHold * stretch }
  return {
    load,
    throughput: seconds === 0 ? 0 : done / seconds,
    wait: { p50: wait.quantile(0.5), p99: wait.quantile(0.99), max: wait.max },
    hold,
    predicted: predict(workload, durations).throughput(load),
    lost,
  }
}

/** How many steps in a row must bring nothing. */
const flatFor = 3

/** Less than this is not a rise. */
const rise = 1.03

function isFlat(steps: readonly CliffStep[], saturation: number): boolean {
  const last = steps.at(-1)
  const before = steps.slice(0, -flatFor)
  if (last === undefined || before.length === 0 || last.load < 4 * saturation) return false
  const best = Math.max(...before.map(({ throughput }) => throughput))
  return steps.slice(-flatFor).every(({ throughput }) => throughput < best * rise)
}
