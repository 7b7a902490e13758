/** Where the mechanism answers every request later, to wait for its answer is no contention. */

import { afterEach, expect, test } from 'vitest'
import type { Locks } from '../../locks/create-locks'
import { createLockManager } from '../../locks/lock-manager'
import { type TestLocks, testLocks } from '../../locks/testing/test-locks'
import type { VirtualClock } from '../../locks/testing/virtual-clock'
import { findings } from '../findings'
import { type Recorder, record } from '../record'

let recorder: Recorder

afterEach(() => recorder.stop())

function open(port: string, sample = 1): TestLocks {
  const made = testLocks(port)
  recorder = record(made.locks, { sample })
  return made
}

/** Asks, and has its answer after so many ms. */
async function ask(
  locks: Locks,
  clock: VirtualClock,
  ms: number,
  mode: 'read' | 'write' = 'write',
) {
  const lock = locks.rwLock('a', { policy: 'fifo' })
  const asking = mode === 'read' ? lock.acquireRead() : lock.acquireWrite()
  clock.advance(ms)
  await clock.settle()
  return asking
}

const contended = () =>
  recorder.recording().locks.reduce((sum, { contended }) => sum + contended, 0)

test.each([1, 1e9])(
  'an answer within 1 ms is a wait and no contention (1 in %d)',
  async (sample) => {
    const { locks, clock } = open('web locks', sample)
    for (let i = 0; i < 20; i++) {
      const held = await ask(locks, clock, 0.5)
      clock.advance(4.5)
      held.release()
      await clock.settle()
    }
    expect(recorder.recording().locks).toMatchObject([
      { grants: 20, contended: 0, wait: { count: 20, sum: 10 } },
    ])
    expect(recorder.recording().contention).toEqual([])
    expect(findings(recorder.recording(), { hotDelay: 1 })).toEqual([])
  },
)

test('nor is it in a burst', async () => {
  const { locks, clock } = open('web locks', 1e9)
  for (let i = 0; i < 20; i++) (await ask(locks, clock, 0)).release()
  expect(contended()).toBe(0)
})

test('one that takes longer is: another agent holds it', async () => {
  const { locks, clock } = open('web locks')
  ;(await ask(locks, clock, 1.5)).release()
  expect(contended()).toBe(1)
  expect(recorder.recording().contention).toMatchObject([{ charged: 'waiter', delay: 1.5 }])
})

test.each(['holds it', 'held it before', 'held it when all was cleared', 'waits before'])(
  'behind somebody who %s, any wait is',
  async (how) => {
    const { locks, clock } = open('web locks')
    if (how === 'held it before') recorder.stop()
    const first = await ask(locks, clock, 0)
    const before =
      how === 'waits before' ? locks.rwLock('a', { policy: 'fifo' }).acquireWrite() : undefined
    if (how === 'held it before') recorder = record(locks, { sample: 1 })
    if (how === 'held it when all was cleared') recorder.clear()
    const asking = locks.rwLock('a', { policy: 'fifo' }).acquireWrite()
    clock.advance(0.25)
    first.release()
    await clock.settle()
    ;(await before)?.release()
    await clock.settle()
    ;(await asking).release()
    expect(contended()).toBe(before === undefined ? 1 : 2)
    // It is free again.
    await clock.settle()
    ;(await ask(locks, clock, 0.25)).release()
    expect(contended()).toBe(before === undefined ? 1 : 2)
  },
)

test('a reader is in the way of writers alone', async () => {
  const { locks, clock } = open('web locks')
  const first = await ask(locks, clock, 0.25, 'read')
  const second = await ask(locks, clock, 0.25, 'read')
  expect(contended()).toBe(0)
  const writing = locks.rwLock('a', { policy: 'fifo' }).acquireWrite()
  first.release()
  second.release()
  await clock.settle()
  ;(await writing).release()
  expect(contended()).toBe(1)
})

test('where it answers at once, whoever waits has somebody in the way', async () => {
  const { locks, clock, far } = open('shared memory')
  let end = () => {}
  const held = new Promise<void>((resolve) => {
    end = resolve
  })
  const other = createLockManager({ port: far }).request('a', () => held)
  await clock.settle()
  const asking = locks.mutex('a').acquire()
  await clock.settle()
  clock.advance(0.5)
  end()
  await other
  await clock.settle()
  ;(await asking).release()
  expect(contended()).toBe(1)
})
