/**
 * What a recording shows that somebody should look at, in sentences and figures. Queues, order and
 * holds are read from the events that it kept: of a recording that samples one in many acquisitions,
 * only what the sampled ones show is found. Long holds that none of them shows are found in the
 * histograms, and the hot lock by the contention profile.
 */

import { show } from '../locks/show'
import { type Acquired, acquisitionsOf } from './acquisitions'
import { duration, type Finding, type FindingKind } from './findings/finding'
import { idleHolds, inversions, longHolds } from './findings/holds'
import { convoys, starvation } from './findings/queue'
import { type FindingSettings, withDefaults } from './findings/settings'
import { top } from './profile'
import type { LockRecord, Recording } from './recording'

/** @param recording with the records of that lock alone */
type Search = (
  lock: string,
  acquired: readonly Acquired[],
  recording: Recording,
  settings: FindingSettings,
) => readonly Finding[]

const searches: readonly Search[] = [convoys, starvation, longHolds, idleHolds, inversions]

/**
 * By the moment that each is about.
 *
 * @param settings from when on something is worth telling; see {@link FindingSettings}
 * @throws TypeError, RangeError for bad settings
 * @example
 * const recorder = record(locks, { sample: 1 })
 * await cart.run(async () => { await save() })
 * for (const { sentence } of findings(recorder.recording(), { longHold: 100 })) console.warn(sentence)
 * recorder.stop()
 */
export function findings(
  recording: Recording,
  settings: Partial<FindingSettings> = {},
): readonly Finding[] {
  const checked = withDefaults(settings)
  const found = [...hotLocks(recording, checked)]
  for (const [lock, { records, acquired }] of byLock(recording)) {
    // Of its own records alone: there may be as many as locks.
    const own = { ...recording, locks: records }
    for (const search of searches) found.push(...search(lock, acquired, own, checked))
  }
  return worst(found, checked.limit).sort((a, b) => a.from - b.from || order(a) - order(b))
}

/** What a recording knows of one lock. */
interface Known {
  readonly records: LockRecord[]
  readonly acquired: Acquired[]
}

function byLock({ locks, events }: Recording): ReadonlyMap<string, Known> {
  const all = new Map<string, Known>()
  const of = (lock: string) => {
    const known = all.get(lock) ?? { records: [], acquired: [] }
    all.set(lock, known)
    return known
  }
  for (const record of locks) of(record.lock).records.push(record)
  for (const each of acquisitionsOf(events)) of(each.lock).acquired.push(each)
  return all
}

function hotLocks(
  recording: Recording,
  { hotShare, hotDelay }: FindingSettings,
): readonly Finding[] {
  const { from, to } = recording
  return top(recording, { charged: 'waiter' }).flatMap(({ lock = '', delay, share }): Finding[] => {
    if (share < hotShare || delay < hotDelay) return []
    const percent = Math.round(share * 100)
    const sentence = `${percent} % of all waiting was for ${show(lock)}: ${duration(delay)}.`
    return [{ kind: 'hot lock', lock, from, to, figures: { share, delay }, sentence }]
  })
}

const kinds: readonly FindingKind[] = [
  'hot lock',
  'convoy',
  'starvation',
  'long hold',
  'idle hold',
  'reader-writer inversion',
]

function order({ kind }: Finding): number {
  return kinds.indexOf(kind)
}

function worst(found: readonly Finding[], limit: number): Finding[] {
  return kinds.flatMap((kind) =>
    found
      .filter((each) => each.kind === kind)
      .sort((a, b) => weight(b) - weight(a))
      .slice(0, limit),
  )
}

function weight({ kind, figures }: Finding): number {
  switch (kind) {
    case 'convoy':
      return figures.queue
    case 'starvation':
      return figures.overtaken
    case 'long hold':
    case 'idle hold':
      return figures.held
    case 'hot lock':
    case 'reader-writer inversion':
      return figures.delay
    case 'slow acquisition':
      return figures.p99
    case 'long queue':
      return figures.waiting
  }
}
