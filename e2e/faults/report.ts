/** What a run of the fault suite comes to: counts and times by kind and port. */

import type { Carried } from '../pages/faults-locks'
import { judge } from './judge'
import type { Entry } from './log'

/** One fault, and what became of those who were in its way. */
export interface Fault {
  readonly kind: string
  /** An agent's death. */
  readonly kill: boolean
  /** Whether the browser had to wait for it, in its grace. */
  readonly busy: boolean
  /** Whether its moment is known; else times count from the call that brought it about. */
  readonly exact: boolean
  /**
   * The longest time, in ms, in which nobody was seen in its lane until who had asked behind it was
   * through; `undefined`: stuck.
   */
  readonly recovery: number | undefined
  readonly insideLatch: boolean
}

export interface Run {
  readonly carried: Carried
  readonly faults: readonly Fault[]
  readonly entries: readonly Entry[]
  readonly onTheWay: 0 | 1
  readonly sections: number
  /** Somebody waited in vain. */
  readonly stuck: boolean
  /** How late the machine was, in ms, at most. */
  readonly lateness: number
  /** How long, in ms at most, it took to wait behind the healthy alone: for comparison. */
  readonly healthyWait: number
  /** Names that were held or waited for after the end. */
  readonly left: readonly string[]
}

export interface Sum {
  readonly faults: number
  readonly kills: number
  readonly violations: readonly string[]
  readonly lostUpdates: readonly string[]
  readonly stuck: number
  readonly left: readonly string[]
  readonly insideLatch: number
  readonly excused: number
  readonly sections: number
  readonly lateness: number
  readonly healthyWait: number
  readonly idle: Times
  readonly busy: Times
  /** Since the calls that brought about what has no exact moment. */
  readonly called: Times
}

export interface Times {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export function sum(runs: readonly Run[]): Sum {
  const verdicts = runs.map(({ entries, onTheWay }) => judge(entries, onTheWay))
  const faults = runs.flatMap((run) => run.faults)
  const times = (counts: (fault: Fault) => boolean) =>
    timesOf(faults.filter(counts).flatMap(({ recovery = [] }) => recovery))
  return {
    faults: faults.length,
    kills: faults.filter(({ kill }) => kill).length,
    violations: verdicts.flatMap(({ violations }) => violations),
    lostUpdates: verdicts.flatMap(({ lostUpdates }) => lostUpdates),
    stuck: runs.reduce((total, run) => total + stuckIn(run), 0),
    left: runs.flatMap(({ left }) => left),
    insideLatch: faults.filter(({ insideLatch }) => insideLatch).length,
    excused: verdicts.reduce((total, { excused }) => total + excused, 0),
    sections: runs.reduce((total, { sections }) => total + sections, 0),
    lateness: Math.max(0, ...runs.map(({ lateness }) => lateness)),
    healthyWait: Math.max(0, ...runs.map(({ healthyWait }) => healthyWait)),
    idle: times(({ exact, busy }) => exact && !busy),
    busy: times(({ exact, busy }) => exact && busy),
    called: times(({ exact }) => !exact),
  }
}

/** Who waited in vain need not have waited for the dead. */
function stuckIn({ faults, stuck }: Run): number {
  const behind = faults.filter(({ recovery }) => recovery === undefined).length
  return Math.max(behind, stuck ? 1 : 0)
}

export function timesOf(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b)
  const quantile = (q: number) => sorted[Math.ceil(q * sorted.length) - 1] ?? 0
  return {
    count: sorted.length,
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: sorted.at(-1) ?? 0,
  }
}

/** As text, for the end of a run. */
export function show(runs: readonly Run[]): string {
  const lines: string[] = []
  for (const carried of new Set(runs.map((run) => run.carried))) {
    const own = runs.filter((run) => run.carried === carried)
    const total = sum(own)
    const kinds = new Map<string, number>()
    for (const { kind } of own.flatMap(({ faults }) => faults)) {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
    const counts = [...kinds].map(([kind, count]) => `${kind} ${count}`)
    lines.push(
      `${carried}: ${total.faults} faults, ${total.kills} of them kills (${counts.sort().join(', ')})`,
      `  ${total.violations.length} exclusion violations, ${total.lostUpdates.length} updates lost, ${total.stuck} locks stuck, ${total.left.length} left behind; ${total.sections} sections, ${total.excused} overlaps with a reason`,
      `  recovery from idle agents ${showTimes(total.idle)}, from busy ones ${showTimes(total.busy)}, since the call for other faults ${showTimes(total.called)}; the machine was up to ${total.lateness.toFixed(0)} ms late, and waits behind the healthy alone took up to ${total.healthyWait.toFixed(0)} ms`,
    )
    if (carried === 'shared-memory') lines.push(`  ${total.insideLatch} died inside the latch`)
  }
  return lines.join('\n')
}

function showTimes({ count, p50, p99, max }: Times): string {
  if (count === 0) return 'none'
  const [a, b, c] = [p50, p99, max].map((ms) => ms.toFixed(0))
  return `p50 ${a} p99 ${b} max ${c} ms of ${count}`
}
