import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { checkOrder } from '../locks/deadlock'
import { type TestLocks, testLocks } from '../locks/testing/test-locks'
import { EventLog } from './event-log'

let test: TestLocks
let log: EventLog

beforeEach(() => {
  vi.useFakeTimers()
  test = testLocks()
  log = new EventLog(test.locks, () => {})
})
afterEach(() => {
  log.stop()
  vi.useRealTimers()
})

async function use(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await test.locks.mutex('a').run(() => {})
}

it('keeps what happens, the latest first', async () => {
  await test.locks
    .task('me')
    .mutex('a')
    .run(() => {})
  expect(log.lines.map(({ text }) => text)).toEqual([
    'release a (exclusive) by me',
    'grant a (exclusive) by me',
    'request a (exclusive) by me',
  ])
})

it('takes 100 in 200 ms, says so, and goes on', async () => {
  await use(1000)
  expect(log.lines).toHaveLength(101)
  expect(log.lines[0]?.type).toBe('gap')
  expect(test.locks.space.emit).toBeUndefined()
  vi.advanceTimersByTime(200)
  await use(1)
  expect(log.lines).toHaveLength(104)
})

it('takes what is rare even then, and while it is paused', async () => {
  const { locks } = test
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  checkOrder('warn').install(locks.space)
  await use(1000)
  log.pause(true)
  const lines = log.lines.length
  const both = (first: string, then: string) =>
    locks
      .task('me')
      .mutex(first)
      .run((hold) => hold.mutex(then).run(() => {}))
  await both('b', 'c')
  await both('c', 'b')
  expect(log.warnings.map(({ text }) => text)).toEqual([
    'Order: me asked for b while it held c, against the order.',
  ])
  expect(log.lines).toHaveLength(lines)
  log.clear()
  expect([log.lines, log.warnings]).toEqual([[], []])
})

it('is bounded, and hears nothing once it has stopped', async () => {
  for (let round = 0; round < 20; round++) {
    await use(100)
    vi.advanceTimersByTime(200)
  }
  expect(log.lines).toHaveLength(1000)
  log.stop()
  await use(1)
  vi.advanceTimersByTime(1000)
  await use(1)
  expect(log.lines).toHaveLength(1000)
  expect(test.locks.space.emitRare).toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
})
