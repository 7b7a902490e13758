/** A task that asks for what it already holds is told at once, or waits only if it says so. */

import { describe, expect, test } from 'vitest'
import { ReentrancyError } from './errors'
import type { Hold, Task } from './hold'
import { testLocks } from './testing/test-locks'

type Ask = (task: Task, options?: { readonly reentrant: 'wait' }) => Promise<Hold>

const mutex: Ask = (task, options) => task.mutex('m').acquire(options)
const key: Ask = (task, options) => task.keyedMutex('k').acquire('a', options)
const read: Ask = (task, options) => task.rwLock('rw').acquireRead(options)
const write: Ask = (task, options) => task.rwLock('rw').acquireWrite(options)
const fifo = { policy: 'fifo' } as const
const fifoRead: Ask = (task, options) => task.rwLock('rw', fifo).acquireRead(options)
const fifoWrite: Ask = (task, options) => task.rwLock('rw', fifo).acquireWrite(options)

const nestings: readonly [string, Ask, Ask][] = [
  ['a mutex inside itself', mutex, mutex],
  ['a key inside itself', key, key],
  ['a write inside a read', read, write],
  ['a read inside a write', write, read],
  ['a write inside a write', write, write],
  // It would do, but for a writer who comes in between: "sometimes" is the worst answer.
  ['a read inside a read', read, read],
  ['a read inside a read, first in first out', fifoRead, fifoRead],
  ['a write inside a read, first in first out', fifoRead, fifoWrite],
]

describe.each(nestings)('%s', (_what, outer, inner) => {
  test('is refused at once, and nothing is queued', async () => {
    const { locks } = testLocks()
    const task = locks.task('t')
    const hold = await outer(task)
    const again = inner(task)
    await expect(again).rejects.toBeInstanceOf(ReentrancyError)
    await expect(again).rejects.toThrow(/^task "t" already holds ".*" \((shared|exclusive)\)/)
    expect(locks.stats()).toEqual({ holds: 1, waits: 0, names: 1 })
    hold.release()
    ;(await inner(task)).release()
  })

  test('waits if it says so, until the other hold is released', async () => {
    const { locks, clock } = testLocks()
    const task = locks.task('t')
    const hold = await outer(task)
    const again = inner(task, { reentrant: 'wait' })
    await clock.settle()
    const shared = outer === inner && hold.mode === 'shared'
    expect(locks.stats().holds).toBe(shared ? 2 : 1)
    hold.release()
    ;(await again).release()
    expect(locks.stats().holds).toBe(0)
  })
})

test('a read inside a read that may wait does so behind a writer', async () => {
  const { locks, clock } = testLocks()
  const reader = locks.task()
  const outer = await read(reader)
  const writer = write(locks.task())
  const inner = read(reader, { reentrant: 'wait' })
  await clock.settle()
  expect(locks.stats()).toMatchObject({ holds: 1, waits: 2 })
  outer.release()
  ;(await writer).release()
  ;(await inner).release()
})

test('after a downgrade it is a reader: writing is refused', async () => {
  const { locks } = testLocks()
  const task = locks.task('t')
  const reader = await (await task.rwLock('rw').acquireWrite()).downgrade()
  await expect(write(task)).rejects.toThrow('task "t" already holds "rw" (shared)')
  reader.release()
})

test('the beginning of a callback belongs to its task: it is told too', async () => {
  const { locks } = testLocks()
  const lock = locks.rwLock('rw')
  await expect(lock.read(() => lock.read(() => {}))).rejects.toBeInstanceOf(ReentrancyError)
  await expect(lock.read(() => lock.write(() => {}))).rejects.toBeInstanceOf(ReentrancyError)
})

test('a try waits for nobody, so it is answered and not refused', async () => {
  const { locks } = testLocks()
  const task = locks.task()
  const hold = await read(task)
  const second = await task.rwLock('rw').tryAcquireRead()
  await expect(task.rwLock('rw').tryAcquireWrite()).resolves.toBe(null)
  second?.release()
  hold.release()
})
