/**
 * What a workload may be: small enough to be performed on a visitor's machine and carried in a link,
 * and nothing that promises an exclusion which its lock does not give.
 */

import { titleProblem } from './limits'
import {
  meanHold,
  meanOf,
  runnersOf,
  type Spread,
  type Workload,
  workloadReaches,
} from './workload'

export const workloadLimits = {
  workers: 8,
  tabs: 4,
  /** In each worker. */
  tasks: 64,
  keys: 10_000,
  /** Of the semaphore of a key. */
  permits: 64,
  actions: 100_000,
  /** Of one hold or pause, fixed or on average, in ms. */
  length: 10_000,
  /** Of a workload that ends by time, in ms: the least and the most. */
  shortest: 100,
  longest: 120_000,
  /** Of a workload that ends by actions, if no two of them ever overlapped, in ms. */
  total: 600_000,
  seed: 2 ** 32 - 1,
} as const

/** What is wrong with one part of a workload. */
export interface WorkloadProblem {
  readonly field: keyof Workload
  /** A sentence without its end, which names the field and its value. */
  readonly message: string
}

/** Everything that is wrong, in the order of a form; empty if the workload can be performed. */
export function problemsOf(workload: Workload): readonly WorkloadProblem[] {
  const found: WorkloadProblem[] = []
  const note = (field: keyof Workload, message: string | undefined) => {
    if (message !== undefined) found.push({ field, message })
  }
  const { workers, tabs, tasks, keys, hot, reads, seed } = workload
  note('title', titleMessage(workload.title))
  note('workers', wholeProblem('workers', workers, 1, workloadLimits.workers))
  note('tabs', wholeProblem('tabs', tabs, 0, workloadLimits.tabs))
  note('tasks', wholeProblem('tasks', tasks, 1, workloadLimits.tasks))
  note('keys', wholeProblem('keys', keys, 1, workloadLimits.keys))
  note('hot', shareProblem('hot', hot))
  note('reads', shareProblem('reads', reads))
  for (const field of ['readHold', 'writeHold', 'think'] as const) {
    note(field, spreadProblem(field, workload[field]))
  }
  note('lock', lockProblem(workload))
  note('end', endProblem(workload))
  note('seed', wholeProblem('seed', seed, 0, workloadLimits.seed))
  // Sums of what is wrong already would only say so a second time.
  if (found.length === 0) note('end', totalProblem(workload))
  return found
}

/** Throws a `RangeError` that names the first thing that is wrong. */
export function assertWorkload(workload: Workload): void {
  const [first] = problemsOf(workload)
  if (first) throw new RangeError(`not a workload: ${first.message}`)
}

function titleMessage(title: string): string | undefined {
  if (typeof title !== 'string') return `title must be text, got ${show(title)}`
  const problem = titleProblem(title)
  return problem && `title ${show(title)} ${problem}`
}

function wholeProblem(name: string, value: number, least: number, most: number) {
  if (Number.isInteger(value) && value >= least && value <= most) return undefined
  return `${name} must be a whole number from ${least} to ${most}, got ${show(value)}`
}

function shareProblem(name: string, value: number): string | undefined {
  return rangeProblem(name, value, 0, 1)
}

function rangeProblem(name: string, value: number, least: number, most: number) {
  const fits = typeof value === 'number' && value >= least && value <= most
  // A zero below zero cannot be told from zero in a link.
  if (fits && !Object.is(value, -0)) return undefined
  return `${name} must be a number from ${least} to ${most}, got ${show(value)}`
}

function spreadProblem(name: string, spread: Spread): string | undefined {
  const length = (part: string, value: number) =>
    rangeProblem(`${name}.${part}`, value, 0, workloadLimits.length)
  switch (spread?.kind) {
    case 'fixed':
      return length('ms', spread.ms)
    case 'uniform':
      return wholeProblem(`${name}.below`, spread.below, 1, 2 * workloadLimits.length)
    case 'exponential':
      return length('mean', spread.mean)
    case 'bimodal':
      return (
        length('short', spread.short) ??
        length('long', spread.long) ??
        (spread.short > spread.long
          ? `${name}.short must not be longer than ${name}.long, got ${spread.short} and ${spread.long}`
          : shareProblem(`${name}.longShare`, spread.longShare))
      )
    default:
      return `${name} must be fixed, uniform, exponential or bimodal, got ${show(spread)}`
  }
}

function lockProblem({ lock, workers, tabs }: Workload): string | undefined {
  switch (lock?.kind) {
    case 'mutex':
    case 'keyed-mutex':
    case 'rw-lock':
    case 'semaphore': {
      const { reach, fair } = lock
      if (!workloadReaches.includes(reach)) {
        return `lock.reach must be ${workloadReaches.join(', ')}, got ${show(reach)}`
      }
      if (fair !== 'bounded' && fair !== 'strict') {
        return `lock.fair must be bounded or strict, got ${show(fair)}`
      }
      if (lock.kind === 'rw-lock' && lock.policy !== 'phase-fair' && lock.policy !== 'fifo') {
        return `lock.policy must be phase-fair or fifo, got ${show(lock.policy)}`
      }
      if (lock.kind === 'semaphore') {
        const problem = wholeProblem('lock.permits', lock.permits, 1, workloadLimits.permits)
        if (problem !== undefined) return problem
      }
      return reach === 'realm' ? realmProblem(`reach 'realm'`, workers, tabs) : undefined
    }
    case 'async-mutex':
      return realmProblem('async-mutex', workers, tabs)
    case 'navigator-locks':
    case 'none':
      return undefined
    default:
      return `lock must be one that this page knows, got ${show(lock)}`
  }
}

function realmProblem(what: string, workers: number, tabs: number): string | undefined {
  if (workers + tabs === 1) return undefined
  return `${what} ends at the worker: it excludes nobody in ${workers + tabs} of them; use 1 worker with several tasks, or a longer reach`
}

function endProblem({ end }: Workload): string | undefined {
  if (end?.kind === 'time') {
    const { shortest, longest } = workloadLimits
    return wholeProblem('end.ms', end.ms, shortest, longest)
  }
  if (end?.kind !== 'actions') return `end must be by time or by actions, got ${show(end)}`
  if (end.shared !== 'evenly' && end.shared !== 'unevenly') {
    return `end.shared must be evenly or unevenly, got ${show(end.shared)}`
  }
  return wholeProblem('end.actions', end.actions, 1, workloadLimits.actions)
}

/** Runs must end: even if no two holds ever overlapped, and pauses only as far as they must not. */
function totalProblem(workload: Workload): string | undefined {
  const { end } = workload
  if (end.kind === 'time') return undefined
  const total = longestRun(workload)
  if (total <= workloadLimits.total) return undefined
  const seconds = (ms: number) => Math.round(ms / 1000)
  return `end.actions ${end.actions} could take ${seconds(total)} s with these holds and pauses; at most ${seconds(workloadLimits.total)} s`
}

/** About how long a workload takes if no two holds ever overlap, in ms. */
export function longestRun(workload: Workload): number {
  const { end, think } = workload
  if (end.kind === 'time') return end.ms
  const perRunner = Math.ceil(end.actions / runnersOf(workload))
  // Uneven loads may be twice the even one.
  const pauses = (end.shared === 'evenly' ? 1 : 2) * perRunner * meanOf(think)
  return end.actions * meanHold(workload) + pauses
}

function show(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
}
