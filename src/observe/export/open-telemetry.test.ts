/** Metrics, read back from OpenTelemetry's own SDK. */

import type { Meter } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { createLockManager } from '../../locks/lock-manager'
import { type TestLocks, testLocks } from '../../locks/testing/test-locks'
import { type LockMeter, meterLocks } from './open-telemetry'

let made: TestLocks
let exporter: InMemoryMetricExporter
let provider: MeterProvider
let meter: Meter

beforeEach(() => {
  made = testLocks()
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 })
  provider = new MeterProvider({ readers: [reader] })
  meter = provider.getMeter('latchkey')
})

afterEach(() => provider.shutdown())

interface Row {
  readonly unit: string
  readonly points: readonly { readonly of: string; readonly value: unknown }[]
}

/** Each metric by its name without `latchkey.lock.`, each point by its attributes' values. */
async function read(): Promise<Record<string, Row>> {
  exporter.reset()
  await provider.forceFlush()
  const metrics = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
  return Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => {
      const points = dataPoints.map(({ attributes, value }) => {
        return { of: Object.values(attributes).join(' '), value }
      })
      const name = descriptor.name.replace(/^latchkey\.lock\./, '')
      return [name, { unit: descriptor.unit, points }]
    }),
  )
}

const values = ({ points }: Row) => points.map(({ of, value }) => `${of}: ${value}`)

test("OpenTelemetry's meter is one", () => {
  expectTypeOf<Meter>().toExtend<LockMeter>()
})

describe('one after another', () => {
  /** ann holds for 4 ms, and bob, who waits for 3 ms of them, for 5. */
  async function oneAfterAnother(): Promise<void> {
    const { locks, clock } = made
    const hold = await locks.task('ann').mutex('cart').acquire()
    clock.advance(1)
    const waiting = locks.task('bob').mutex('cart').acquire()
    clock.advance(3)
    hold.release()
    const next = await waiting
    clock.advance(5)
    next.release()
  }

  test('waits and holds are timed in seconds', async () => {
    meterLocks(made.locks, meter)
    await oneAfterAnother()
    const { wait_time, hold_time } = await read()
    const [wait] = wait_time?.points ?? []
    const [hold] = hold_time?.points ?? []
    expect([wait_time?.unit, hold_time?.unit, wait?.of]).toEqual(['s', 's', 'cart exclusive'])
    expect(wait?.value).toMatchObject({ count: 2, min: 0, max: expect.closeTo(0.003, 6) })
    expect(hold?.value).toMatchObject({ count: 2, sum: expect.closeTo(0.009, 6) })
    expect(hold?.value).toMatchObject({
      buckets: { boundaries: expect.arrayContaining([0.00001, 10]) },
    })
  })

  test('and the one that waited counts as contention', async () => {
    meterLocks(made.locks, meter)
    await oneAfterAnother()
    const { contentions } = await read()
    expect(contentions).toEqual({
      unit: '{contention}',
      points: [{ of: 'cart exclusive', value: 1 }],
    })
  })

  test('unless it waited for less than counts', async () => {
    meterLocks(made.locks, meter, { contention: 3.5 })
    await oneAfterAnother()
    const { contentions, wait_time } = await read()
    expect(contentions?.points ?? []).toEqual([])
    expect(wait_time?.points).toHaveLength(1)
  })
})

test('who waits and who holds now', async () => {
  const { locks } = made
  const stop = meterLocks(locks, meter)
  const hold = await locks.rwLock('settings').acquireRead()
  await locks.rwLock('settings').acquireRead()
  locks.rwLock('settings').acquireWrite()
  const before = await read()
  expect(before.pending_requests && values(before.pending_requests)).toEqual([
    'settings shared: 0',
    'settings exclusive: 1',
  ])
  expect(before.holds && values(before.holds)).toEqual(['settings shared: 2'])
  hold.release()
  const after = await read()
  expect(after.holds && values(after.holds)).toEqual(['settings shared: 1'])
  stop()
  const stopped = await read()
  expect(stopped.holds && values(stopped.holds)).toEqual(['settings shared: 0'])
  expect(stopped.pending_requests && values(stopped.pending_requests)).toEqual([
    'settings shared: 0',
    'settings exclusive: 0',
  ])
})

test('failures by what they were', async () => {
  const { locks, clock } = made
  meterLocks(locks, meter)
  await locks.mutex('cart').acquire()
  await locks.mutex('cart').tryAcquire()
  const waiting = locks.mutex('cart').acquire({ timeout: 5 })
  waiting.catch(() => {})
  clock.advance(5)
  await Promise.allSettled([waiting])
  const manager = createLockManager({ port: locks.space.ports.strict })
  await manager.request('cart', { steal: true }, () => {})
  const { failures, holds, pending_requests } = await read()
  expect(failures && values(failures)).toEqual([
    'cart exclusive refuse: 1',
    'cart exclusive timeout: 1',
    'cart exclusive lost: 1',
  ])
  expect([holds, pending_requests].flatMap((row) => (row ? values(row) : []))).toEqual([
    'cart exclusive: 0',
    'cart exclusive: 0',
  ])
})

test('all keys are one series, unless a user names them', async () => {
  const { locks } = made
  const users = locks.keyedMutex('user')
  const stop = meterLocks(locks, meter)
  for (let id = 0; id < 50; id++) await users.run(id, () => {})
  const { wait_time } = await read()
  expect(wait_time?.points).toMatchObject([{ of: 'user exclusive', value: { count: 50 } }])
  stop()
  meterLocks(locks, meter, { nameOf: (name) => name })
  await users.run(7, () => {})
  const named = await read()
  expect(named.wait_time?.points.map(({ of }) => of)).toContain('user:7 exclusive')
})

test('what is refused', () => {
  const { locks } = made
  expect(() => meterLocks({} as never, meter)).toThrow('locks.subscribe must be a function')
  expect(() => meterLocks(locks, {} as never)).toThrow('meter.createHistogram must be a function')
  expect(() => meterLocks(locks, meter, { contention: -1 })).toThrow(RangeError)
  expect(() => meterLocks(locks, meter, { nameOf: 'x' as never })).toThrow(
    'nameOf must be a function',
  )
})
