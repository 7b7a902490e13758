/** Findings about who holds: for too long, while nothing runs, and as a writer before readers. */

import type { LockMode } from '../../locks'
import { show } from '../../locks/show'
import type { Acquired } from '../acquisitions'
import { Histogram } from '../histogram'
import type { Recording } from '../recording'
import { at, count, duration, type Finding, placed } from './finding'
import type { FindingSettings } from './settings'

/** A hold, which may still go on when the recording ends. */
interface Held extends Acquired {
  readonly from: number
  readonly to: number
}

function holdsOf(acquired: readonly Acquired[], end: number): readonly Held[] {
  return acquired.flatMap((each) =>
    each.granted === undefined ? [] : [{ ...each, from: each.granted, to: each.ended ?? end }],
  )
}

/** Holds that lasted too long: one finding for each place, about its longest. */
export function longHolds(
  lock: string,
  acquired: readonly Acquired[],
  recording: Recording,
  { longHold }: FindingSettings,
): readonly Finding[] {
  const long = holdsOf(acquired, recording.to).filter(({ from, to }) => to - from > longHold)
  const found = byPlace(long).map(({ longest, holds }): Finding => {
    const { mode, site, from, to } = longest
    const held = to - from
    const more = `${count(holds, 'hold')} lasted for more than ${duration(longHold)}`
    return {
      kind: 'long hold',
      ...{ lock, mode, from, to, ...placed(site) },
      figures: { held, holds },
      sentence: `${show(lock)} was held for ${duration(held)}${at(site)}; ${more}.`,
    }
  })
  return found.length > 0 ? found : unsampled(lock, recording, longHold)
}

/** What no sampled acquisition shows, its histograms still know. */
function unsampled(lock: string, { locks, from, to }: Recording, least: number): Finding[] {
  return locks.flatMap(({ mode, hold }): Finding[] => {
    if (hold.max <= least) return []
    const buckets = hold.buckets.filter(([index]) => Histogram.bounds(index)[0] >= least)
    const holds = Math.max(1, sumOf(buckets.map(([, times]) => times)))
    return [
      {
        kind: 'long hold',
        ...{ lock, mode, from, to },
        figures: { held: hold.max, holds },
        sentence: `${show(lock)} was held for up to ${duration(hold.max)}; ${count(holds, 'hold')} lasted for more than ${duration(least)}.`,
      },
    ]
  })
}

/**
 * Holds of which most went by after the event loop had turned: "lock, then I/O". Who holds it awaited
 * something meanwhile, or somebody else ran; what was awaited may be done before the lock is taken.
 */
export function idleHolds(
  lock: string,
  acquired: readonly Acquired[],
  { to: end }: Recording,
  { idleHold, idleShare }: FindingSettings,
): readonly Finding[] {
  const idle = holdsOf(acquired, end).filter(({ from, to, ran }) => {
    const held = to - from
    return ran !== undefined && held >= idleHold && held - ran >= idleShare * held
  })
  return byPlace(idle).map(({ longest, holds }) => {
    const { mode, site, from, to, ran = 0 } = longest
    const held = to - from
    return {
      kind: 'idle hold',
      ...{ lock, mode, from, to, ...placed(site) },
      figures: { held, ran, holds },
      sentence: `${show(lock)} was held for ${duration(held)}${at(site)}, but ran for ${duration(ran)} only before it awaited something; ${count(holds, 'hold')} like that.`,
    }
  })
}

interface Place {
  readonly longest: Held
  readonly holds: number
}

function byPlace(holds: readonly Held[]): readonly Place[] {
  const places = new Map<string, Place>()
  for (const hold of holds) {
    const key = `${hold.mode} ${hold.site}`
    const known = places.get(key)
    const longest =
      known === undefined || hold.to - hold.from > known.longest.to - known.longest.from
        ? hold
        : known.longest
    places.set(key, { longest, holds: (known?.holds ?? 0) + 1 })
  }
  return [...places.values()]
}

/** Readers wait for long, and do so only when a writer holds the lock. */
export function inversions(
  lock: string,
  acquired: readonly Acquired[],
  { to: end }: Recording,
  { inversionSpike, inversionRatio }: FindingSettings,
): readonly Finding[] {
  const of = (mode: LockMode) => acquired.filter((each) => each.mode === mode)
  const writers = [...holdsOf(of('exclusive'), end)].sort((a, b) => a.from - b.from)
  const all = new Histogram()
  const others = new Histogram()
  const costs = new Map<Held, { delay: number; readers: number }>()
  for (const { asked, granted } of of('shared')) {
    if (granted === undefined) continue
    const wait = Math.max(0, granted - asked)
    all.record(wait)
    const inTheWay = during(writers, asked, granted)
    if (inTheWay.length === 0) others.record(wait)
    for (const writer of inTheWay) {
      const { delay, readers } = costs.get(writer) ?? { delay: 0, readers: 0 }
      const cost = Math.min(granted, writer.to) - Math.max(asked, writer.from)
      costs.set(writer, { delay: delay + cost, readers: readers + 1 })
    }
  }
  const [p99, otherwise] = [all.quantile(0.99), others.quantile(0.99)]
  const [worst] = [...costs].sort(([, a], [, b]) => b.delay - a.delay)
  if (worst === undefined || p99 < inversionSpike || p99 < inversionRatio * otherwise) return []
  const [{ site, from, to }, { delay, readers }] = worst
  const held = to - from
  const spike = `readers' p99 is ${duration(p99)}, and ${duration(otherwise)} where no writer is in the way`
  return [
    {
      kind: 'reader-writer inversion',
      ...{ lock, mode: 'exclusive', from, to, ...placed(site) },
      figures: { p99, otherwise, held, readers, delay },
      sentence: `A writer held ${show(lock)} for ${duration(held)}${at(site)}, and ${count(readers, 'reader')} waited ${duration(delay)} for it; ${spike}.`,
    },
  ]
}

/** Writers' holds, of which no two overlap, that last for some time between two moments. */
function during(writers: readonly Held[], from: number, to: number): readonly Held[] {
  let [low, high] = [0, writers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((writers[middle] as Held).to > from) high = middle
    else low = middle + 1
  }
  const found: Held[] = []
  for (let index = low; index < writers.length; index++) {
    const writer = writers[index] as Held
    if (writer.from >= to) break
    found.push(writer)
  }
  return found
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0)
}
