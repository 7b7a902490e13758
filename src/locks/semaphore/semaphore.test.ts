/** What a semaphore promises, over every mechanism that runs in one process. */

import { describe, expect, test } from 'vitest'
import { type TestLocks, testLocks } from '../testing/test-locks'
import { testPorts } from '../testing/test-ports'
import type { SemaphoreHold } from './semaphore'

describe.each(Object.keys(testPorts))('over %s', (name) => {
  describe.each(['bounded', 'strict'] as const)('%s', (fair) => {
    function open(permits: number) {
      const made = testLocks(name)
      return { ...made, semaphore: made.locks.semaphore('s', permits, { fair }) }
    }

    test('so many get in as there are permits, the others in their order', async () => {
      const { semaphore, clock, locks } = open(2)
      const order: number[] = []
      const holds: SemaphoreHold[] = []
      const all = [0, 1, 2, 3].map(async (index) => {
        const hold = await semaphore.acquire()
        order.push(index)
        holds.push(hold)
      })
      await clock.settle()
      expect(order).toEqual([0, 1])
      expect(locks.stats()).toEqual({ holds: 2, waits: 2, names: 1 })
      holds[0]?.release()
      await clock.settle()
      expect(order).toEqual([0, 1, 2])
      holds[1]?.release()
      await clock.settle()
      expect(order).toEqual([0, 1, 2, 3])
      for (const hold of holds.slice(2)) hold.release()
      await Promise.all(all)
      await clean({ locks, clock })
    })

    test('one who wants many is not overtaken', async () => {
      const { semaphore, clock, locks } = open(3)
      const first = await settled(clock, semaphore.acquire())
      const order: string[] = []
      const many = semaphore.acquire(3).then((hold) => {
        order.push('many')
        return hold
      })
      const one = semaphore.acquire().then((hold) => {
        order.push('one')
        return hold
      })
      await clock.settle()
      expect(order).toEqual([])
      expect(await settled(clock, semaphore.tryAcquire())).toBeNull()
      first.release()
      await clock.settle()
      expect(order).toEqual(['many'])
      ;(await many).release()
      ;(await settled(clock, one)).release()
      await clean({ locks, clock })
    })
  })
})

async function settled<T>(clock: TestLocks['clock'], promise: Promise<T>): Promise<T> {
  await clock.settle()
  return promise
}

async function clean({ locks, clock }: Pick<TestLocks, 'locks' | 'clock'>): Promise<void> {
  await clock.settle()
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  const { bounded, strict } = locks.space.ports
  for (const port of [bounded, strict]) expect([...port.live()]).toEqual([])
  expect(await settled(clock, locks.query())).toEqual({ held: [], pending: [] })
  for (const { pools } of Object.values(locks.space.semaphores ?? {})) expect(pools.size).toBe(0)
  expect(clock.timers).toBe(0)
}
