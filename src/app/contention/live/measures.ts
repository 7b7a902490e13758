/** The figures of one run, while it goes on and after: pure. */

import { Histogram } from '../../../observe'
import { durationText } from '../lanes/ticks'
import { quantileOf } from './bins'
import type { LiveRun } from './live-run'

export interface Measures {
  readonly done: number
  readonly perSecond: number
  /** ms; `undefined` before anything was granted. */
  readonly p50: number | undefined
  readonly p99: number | undefined
  readonly longest: number | undefined
  /** ms: the coarsest of the clocks that measured; `undefined` while it runs. */
  readonly resolution: number | undefined
  /** How many waited, on average. */
  readonly waiting: number
  readonly lost: number
  readonly droppedFrames: number
  readonly frames: number
}

export function measuresOf({ counts, frames, outcome, series }: LiveRun): Measures {
  const total = series?.total()
  const seconds = outcome?.seconds ?? (series?.end ?? 0) / 1000
  const exact = outcome && Histogram.from(outcome.wait)
  const estimate = (q: number) => total && quantileOf(total.bins, total.grants, q)
  const quantile = (q: number) =>
    exact ? (exact.count > 0 ? exact.quantile(q) : undefined) : estimate(q)
  return {
    done: counts.done,
    perSecond: seconds > 0 ? counts.done / seconds : 0,
    p50: quantile(0.5),
    p99: quantile(0.99),
    longest: quantile(1),
    resolution: outcome?.resolution,
    waiting: total?.waiting ?? 0,
    lost: counts.lost,
    droppedFrames: frames.dropped,
    frames: frames.drawn + frames.dropped,
  }
}

export const waitText = (ms: number | undefined) => (ms === undefined ? '–' : durationText(ms))

/** Two or three digits that matter: 8.4, 192, 12,400. */
export function rateText(rate: number): string {
  const digits = rate >= 99.95 ? 0 : rate >= 9.95 ? 1 : 2
  return rate.toLocaleString('en', { maximumFractionDigits: digits })
}
