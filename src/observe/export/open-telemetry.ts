/**
 * Metrics of locks for OpenTelemetry. Its conventions have none for locks; names and units follow
 * those that are nearest: `db.client.connection.wait_time`, `.use_time`, `.pending_requests` and
 * `.timeouts`, and `dotnet.monitor.lock_contentions` (opentelemetry.io/docs/specs/semconv).
 *
 * What a meter must be able to do is written down here, so that no package is needed, not even for
 * its types: every `Meter` of `@opentelemetry/api` 1.x is one.
 */

import type { Locks } from '../../locks'
import { checkFunction, checkNumber, checkObject } from '../../locks/arguments'
import { checkLocks, type Followed, follow } from './follow'

export type MetricAttributes = Record<string, string>

export interface MetricSettings {
  readonly description: string
  readonly unit: string
  readonly advice?: { explicitBucketBoundaries: number[] }
}

/** As much of OpenTelemetry's `Meter` as is used. */
export interface LockMeter {
  createHistogram(
    name: string,
    settings: MetricSettings,
  ): { record(value: number, attributes: MetricAttributes): void }
  createCounter(
    name: string,
    settings: MetricSettings,
  ): { add(value: number, attributes: MetricAttributes): void }
  createUpDownCounter(
    name: string,
    settings: MetricSettings,
  ): { add(value: number, attributes: MetricAttributes): void }
}

export interface MeterOptions {
  /**
   * ms: what waited longer counts as contention. Default 1: what a mechanism takes to answer, 0.2 ms
   * with Web Locks, is none.
   */
  readonly contention?: number | undefined
  /**
   * What a lock is called in the attribute `latchkey.lock.name`. Each name is a time series of its
   * own, so by default all keys of a keyed mutex are one: a name up to its first `:`.
   */
  readonly nameOf?: ((lock: string) => string) | undefined
}

/**
 * Counts and times what happens to the locks of this reach in this agent, on a meter of
 * OpenTelemetry. All have the attributes `latchkey.lock.name` and `latchkey.lock.mode`:
 *
 * | metric | kind | unit | |
 * | --- | --- | --- | --- |
 * | `latchkey.lock.wait_time` | histogram | s | from request to grant, of every grant |
 * | `latchkey.lock.hold_time` | histogram | s | from grant to release or loss |
 * | `latchkey.lock.contentions` | counter | {contention} | grants that came later than `contention` |
 * | `latchkey.lock.failures` | counter | {failure} | by `latchkey.lock.outcome`: `timeout`, `abort`, `refuse`, `deadlock`, `lost` |
 * | `latchkey.lock.pending_requests` | up-down counter | {request} | who waits now |
 * | `latchkey.lock.holds` | up-down counter | {hold} | who holds now |
 *
 * What was asked for before is not counted. The meter's views may choose other buckets; those advised
 * go from 10 µs to 10 s.
 *
 * @param meter of `metrics.getMeter('latchkey')`
 * @returns what stops it, and takes what is waited for and held off the up-down counters
 * @throws TypeError, RangeError for bad arguments
 * @example
 * const instrument = { record() {}, add() {} }
 * // In real life: metrics.getMeter('latchkey') of '@opentelemetry/api'.
 * const meter = {
 *   createHistogram: () => instrument,
 *   createCounter: () => instrument,
 *   createUpDownCounter: () => instrument,
 * }
 * const stop = meterLocks(locks, meter)
 * await cart.run(async () => { await save() })
 * stop()
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
 */
export function meterLocks(locks: Locks, meter: LockMeter, options: MeterOptions = {}): () => void {
  checkLocks(locks)
  checkObject('meter', meter)
  for (const make of ['createHistogram', 'createCounter', 'createUpDownCounter'] as const) {
    checkFunction(`meter.${make}`, meter[make])
  }
  checkObject('options', options)
  const { contention = 1, nameOf = upToColon } = options
  checkNumber('contention', contention, 0, Number.POSITIVE_INFINITY)
  checkFunction('nameOf', nameOf)

  const to = instruments(meter)
  const attributes = ({ lock, mode }: Followed): MetricAttributes => ({
    'latchkey.lock.name': nameOf(lock),
    'latchkey.lock.mode': mode,
  })
  const { open, stop } = follow(locks, {
    asked: (each) => to.pending.add(1, attributes(each)),
    granted: (each) => {
      const own = attributes(each)
      const wait = Math.max(0, each.granted - each.asked)
      to.pending.add(-1, own)
      to.holds.add(1, own)
      to.waitTime.record(wait / 1000, own)
      if (wait > contention) to.contentions.add(1, own)
    },
    ended: (each, { type, time }) => {
      const own = attributes(each)
      if (type !== 'release') to.failures.add(1, { ...own, 'latchkey.lock.outcome': type })
      countDown(each)
      if (each.granted === undefined) return
      to.holdTime.record(Math.max(0, time - each.granted) / 1000, own)
    },
  })
  const countDown = (each: Followed) => {
    const of = each.granted === undefined ? to.pending : to.holds
    of.add(-1, attributes(each))
  }
  return () => {
    for (const each of open.values()) countDown(each)
    stop()
  }
}

/** s: a hand-over in memory takes a microsecond, one between tabs a millisecond. */
const explicitBucketBoundaries = [
  ...[0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003],
  ...[0.01, 0.03, 0.1, 0.3, 1, 3, 10],
]

function instruments(meter: LockMeter) {
  const time = (name: string, description: string) => {
    const advice = { explicitBucketBoundaries: [...explicitBucketBoundaries] }
    return meter.createHistogram(`latchkey.lock.${name}`, { description, unit: 's', advice })
  }
  const count = (name: string, unit: string, description: string) =>
    meter.createCounter(`latchkey.lock.${name}`, { description, unit })
  const level = (name: string, unit: string, description: string) =>
    meter.createUpDownCounter(`latchkey.lock.${name}`, { description, unit })
  return {
    waitTime: time('wait_time', 'Time from the request of a lock to its grant.'),
    holdTime: time('hold_time', 'Time from the grant of a lock to its release or loss.'),
    contentions: count('contentions', '{contention}', 'Grants that came after a wait.'),
    failures: count('failures', '{failure}', 'Requests without a grant, and lost holds.'),
    pending: level('pending_requests', '{request}', 'Requests that wait for their grant.'),
    holds: level('holds', '{hold}', 'Locks that are held.'),
  }
}

function upToColon(lock: string): string {
  const end = lock.indexOf(':')
  return end < 0 ? lock : lock.slice(0, end)
}
