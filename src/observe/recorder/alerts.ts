/** What `onFinding` is told, and how often. */

import { remember } from '../../locks/remember'
import { show } from '../../locks/show'
import { findings } from '../findings'
import { duration, type Finding } from '../findings/finding'
import type { FindingSettings } from '../findings/settings'
import { Histogram } from '../histogram'
import type { HistogramData, LockRecord, Recording } from '../recording'

export interface AlertSettings {
  readonly findings: Partial<FindingSettings>
  /** ms: the highest p99 of an interval's waits. */
  readonly p99: number
  /** How many may wait for one lock at once. */
  readonly waiting: number
}

interface Queue {
  readonly lock: string
  readonly waiting: number
}

/** So many that were told are remembered: keys may be many. */
const mostTold = 10_000

export class Alerts {
  /** What was told last, by what it is about. */
  readonly #told = new Map<string, Finding>()
  /** What is over its limit now, and was told. */
  readonly #over = new Set<string>()
  #waits = new Map<string, HistogramData>()

  constructor(readonly settings: AlertSettings) {}

  /** What is new. @param queues the most who waited at once since the last look */
  look(recording: Recording, queues: Iterable<Queue>): readonly Finding[] {
    const fresh = findings(recording, this.settings.findings).filter((finding) => {
      const { kind, lock, mode, site, from } = finding
      const key = JSON.stringify([kind, lock, mode, site])
      const told = this.#told.get(key)
      const ofAll = from === recording.from
      const isNew = told === undefined || from > told.from || (ofAll && grew(told, finding))
      // Also what is not new: what is still found must not be forgotten.
      remember(this.#told, key, isNew ? finding : told, mostTold)
      return isNew
    })
    return [...fresh, ...this.#slow(recording), ...this.#queues(recording, queues)]
  }

  #slow({ locks, to }: Recording): readonly Finding[] {
    const { p99: limit } = this.settings
    const before = this.#waits
    this.#waits = new Map(locks.map((record) => [keyOf(record), record.wait]))
    return locks.flatMap((record): Finding[] => {
      const { lock, mode, wait } = record
      const waits = since(before.get(keyOf(record)), wait)
      const p99 = waits.quantile(0.99)
      if (!this.#rises(`p99 ${keyOf(record)}`, p99 > limit)) return []
      const grants = waits.count
      const sentence = `p99 of ${show(lock)} (${mode}) is ${duration(p99)} now, over ${duration(limit)}.`
      const figures = { p99, limit, grants }
      return [{ kind: 'slow acquisition', lock, mode, from: to, to, figures, sentence }]
    })
  }

  #queues({ to }: Recording, queues: Iterable<Queue>): readonly Finding[] {
    const { waiting: limit } = this.settings
    return [...queues].flatMap(({ lock, waiting }): Finding[] => {
      if (!this.#rises(`queue ${lock}`, waiting > limit)) return []
      const sentence = `${waiting} wait for ${show(lock)} at once, over ${limit}.`
      return [{ kind: 'long queue', lock, from: to, to, figures: { waiting, limit }, sentence }]
    })
  }

  /** Told once, until it has been within its limit again. */
  #rises(key: string, over: boolean): boolean {
    if (!over) this.#over.delete(key)
    const rises = over && !this.#over.has(key)
    if (rises) this.#over.add(key)
    return rises
  }
}

/** Whether more has come to what is told of a whole recording, and so always begins with it. */
function grew(told: Finding, now: Finding): boolean {
  if (told.kind === 'hot lock' && now.kind === 'hot lock') {
    // As long as it is hot there is more all the time.
    return now.figures.delay >= 2 * told.figures.delay
  }
  if (told.kind !== 'long hold' || now.kind !== 'long hold') return false
  const { held, holds } = now.figures
  // One hold that goes on since then is no other.
  const goesOn = held === now.to - now.from
  return holds > told.figures.holds || (held > told.figures.held && !goesOn)
}

function keyOf({ lock, mode }: LockRecord): string {
  return `${mode} ${lock}`
}

/** What has come to a distribution. */
function since(before: HistogramData | undefined, after: HistogramData): Histogram {
  // Less than before: it was cleared meanwhile.
  if (before === undefined || before.count > after.count) return Histogram.from(after)
  const earlier = new Map(before.buckets)
  const buckets = after.buckets.flatMap(([index, times]): [number, number][] => {
    const more = times - (earlier.get(index) ?? 0)
    return more > 0 ? [[index, more]] : []
  })
  const { min, max } = after
  return Histogram.from({
    ...{ count: after.count - before.count, sum: after.sum - before.sum, buckets },
    ...boundsOf(buckets, min, max),
  })
}

/** As far as the buckets know the extremes. */
function boundsOf(buckets: readonly (readonly [number, number])[], min: number, max: number) {
  const [first, last] = [buckets[0], buckets.at(-1)]
  if (first === undefined || last === undefined) return { min: 0, max: 0 }
  return {
    min: Math.max(min, Histogram.bounds(first[0])[0]),
    max: Math.min(max, Histogram.bounds(last[0])[1]),
  }
}
