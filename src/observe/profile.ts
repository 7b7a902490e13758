/** The contention profile as tables: who costs most, and what has changed. */

import type { LockMode } from '../locks'
import { checkChoice, checkNumber, checkObject } from '../locks/arguments'
import { byLock } from './lock-tally'
import type { ContentionRecord, LockRecord, Recording } from './recording'

export interface TopOptions {
  /** One row for each lock, each call site (of all locks), or each of both and of the mode. Default `lock`. */
  readonly by?: 'lock' | 'site' | 'record' | undefined
  /** Who is charged: who stood in the way (default), or who waited. */
  readonly charged?: 'releaser' | 'waiter' | undefined
  /** At most so many rows. Default: all. */
  readonly limit?: number | undefined
}

export interface TopRow {
  /** Absent in a row by call site. */
  readonly lock?: string
  /** Absent but in rows of both. */
  readonly mode?: LockMode
  /** Absent in a row by lock, and where no call site was recorded. */
  readonly site?: string
  /** How many waits, estimated if not all acquisitions were sampled. */
  readonly contentions: number
  /** ms, of all of them. */
  readonly delay: number
  /** Of all delay that is charged in this way, from 0 to 1. */
  readonly share: number
}

/**
 * The rows that cost most, first. A wait counts as a contention in each of the releasers' records in
 * whose way it stood; its delay is divided among them.
 *
 * @throws TypeError, RangeError for bad options
 * @example
 * const recorder = record(locks)
 * await cart.run(async () => { await save() })
 * for (const { lock, delay, share } of top(recorder.recording())) console.log(lock, delay, share)
 * recorder.stop()
 */
export function top(recording: Recording, options: TopOptions = {}): readonly TopRow[] {
  checkObject('options', options)
  const { by = 'lock', charged = 'releaser', limit = Number.POSITIVE_INFINITY } = options
  checkChoice('by', by, ['lock', 'site', 'record'])
  checkChoice('charged', charged, ['releaser', 'waiter'])
  checkNumber('limit', limit, 0, Number.POSITIVE_INFINITY)
  const records = recording.contention.filter((record) => record.charged === charged)
  const all = records.reduce((sum, { delay }) => sum + delay, 0)
  const rows = new Map<string, Omit<TopRow, 'share'>>()
  for (const record of records) {
    const named = namesOf(record, by)
    const key = JSON.stringify(named)
    const { contentions = 0, delay = 0 } = rows.get(key) ?? {}
    const sums = { contentions: contentions + record.contentions, delay: delay + record.delay }
    rows.set(key, { ...named, ...sums })
  }
  return [...rows.values()]
    .map((row) => ({ ...row, share: all === 0 ? 0 : row.delay / all }))
    .sort((a, b) => b.delay - a.delay || compare(a.lock, b.lock) || compare(a.site, b.site))
    .slice(0, limit)
}

function namesOf({ lock, mode, site }: ContentionRecord, by: 'lock' | 'site' | 'record') {
  if (by === 'lock') return { lock }
  const place = site === undefined ? {} : { site }
  return by === 'site' ? place : { lock, mode, ...place }
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** How the contention of one place has changed; what it was not charged with is 0. */
export interface ContentionChange extends ContentionRecord {
  readonly before: { readonly contentions: number; readonly delay: number }
  readonly after: { readonly contentions: number; readonly delay: number }
}

/** One lock in one mode, in the recordings that know it. */
export interface LockChange {
  readonly lock: string
  readonly mode: LockMode
  readonly before?: LockRecord
  readonly after?: LockRecord
}

export interface Difference {
  /** ms: how long each recording took, for who compares by the second. */
  readonly duration: { readonly before: number; readonly after: number }
  /** After less before, so that what got better is negative. The greatest change comes first. */
  readonly contention: readonly ContentionChange[]
  /** By lock, then mode. */
  readonly locks: readonly LockChange[]
}

/**
 * What has changed from one recording to another: of two runs beside each other, or of one recorder
 * earlier and later.
 *
 * @example
 * const recorder = record(locks)
 * const before = recorder.recording()
 * await cart.run(async () => { await save() })
 * console.log(diff(before, recorder.recording()).contention)
 * recorder.stop()
 */
export function diff(before: Recording, after: Recording): Difference {
  return {
    duration: { before: before.to - before.from, after: after.to - after.from },
    contention: changesOf(before.contention, after.contention),
    locks: lockChanges(before.locks, after.locks),
  }
}

const nothing = { contentions: 0, delay: 0 }

function changesOf(
  before: readonly ContentionRecord[],
  after: readonly ContentionRecord[],
): readonly ContentionChange[] {
  const keyOf = ({ charged, lock, mode, site }: ContentionRecord) =>
    JSON.stringify([charged, lock, mode, site])
  const earlier = new Map(before.map((each) => [keyOf(each), each]))
  const later = new Map(after.map((each) => [keyOf(each), each]))
  return [...new Map([...earlier, ...later])]
    .map(([key, record]) => {
      const { contentions, delay } = earlier.get(key) ?? nothing
      const was = { contentions, delay }
      const { contentions: nowContentions, delay: nowDelay } = later.get(key) ?? nothing
      const is = { contentions: nowContentions, delay: nowDelay }
      const change = { contentions: nowContentions - contentions, delay: nowDelay - delay }
      return { ...record, ...change, before: was, after: is }
    })
    .sort((a, b) => Math.abs(b.delay) - Math.abs(a.delay))
}

function lockChanges(
  before: readonly LockRecord[],
  after: readonly LockRecord[],
): readonly LockChange[] {
  const changes = new Map<string, LockChange>()
  const note = (side: 'before' | 'after', records: readonly LockRecord[]) => {
    for (const record of records) {
      const { lock, mode } = record
      const key = `${mode} ${lock}`
      changes.set(key, { lock, mode, ...changes.get(key), [side]: record })
    }
  }
  note('before', before)
  note('after', after)
  return [...changes.values()].sort(byLock)
}
