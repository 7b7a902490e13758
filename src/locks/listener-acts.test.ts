/** A listener may act on locks while they tell it something: nothing may be granted twice for it. */

import { afterEach, describe, expect, test, vi } from 'vitest'
import { createLocks } from './create-locks'
import type { LockMode } from './events'
import { key } from './key'
import { MemoryPort } from './ports/memory'
import type { PortRequest } from './ports/port'
import { testCohort } from './testing/test-ports'
import { VirtualClock } from './testing/virtual-clock'

const locks = createLocks({ reach: 'realm' })
let stop = () => {}
afterEach(() => {
  stop()
  vi.useRealTimers()
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
})

describe('a listener that releases the holder when a waiter gives up', () => {
  test.each(['timeout', 'abort'] as const)(
    'on %s, the waiter stays without the lock',
    async (how) => {
      const lock = locks.mutex(`gives up by ${how}`)
      const holder = await lock.acquire()
      stop = locks.subscribe(({ type }) => {
        if (type === how) holder.release()
      })
      const abort = new AbortController()
      const options = how === 'timeout' ? { timeout: 5 } : { signal: abort.signal }
      const waiter = lock.acquire(options)
      abort.abort(new Error('given up'))
      await expect(waiter).rejects.toThrow(how === 'timeout' ? 'timed out' : 'given up')
      const next = await lock.tryAcquire()
      expect(next).not.toBeNull()
      expect(await lock.tryAcquire()).toBeNull()
      next?.release()
    },
  )

  test('an RW writer passes no gate after it gave up', async () => {
    const lock = locks.rwLock('gives up at the gate')
    const first = await lock.acquireWrite()
    stop = locks.subscribe(({ type }) => {
      if (type === 'abort') first.release()
    })
    const abort = new AbortController()
    const waiter = lock.acquireWrite({ signal: abort.signal })
    abort.abort(new Error('given up'))
    await expect(waiter).rejects.toThrow('given up')
    const next = await lock.tryAcquireWrite()
    expect(next).not.toBeNull()
    next?.release()
  })
})

test('a listener that aborts what was just granted comes too late', async () => {
  const lock = locks.mutex('granted for good')
  const holder = await lock.acquire()
  const abort = new AbortController()
  const types: string[] = []
  stop = locks.subscribe(({ type }) => {
    types.push(type)
    if (type === 'grant') abort.abort(new Error('too late'))
  })
  const waiter = lock.acquire({ signal: abort.signal })
  holder.release()
  const hold = await waiter
  hold.release()
  expect(types).toEqual(['request', 'release', 'grant', 'release'])
})

test('of readers let in together, the first one may end another before it is told', () => {
  const clock = new VirtualClock()
  const far = new MemoryPort(clock, 'far')
  const cohort = testCohort(far, clock)
  const told: string[] = []
  const request = (id: string, mode: LockMode, granted = () => {}): PortRequest => ({
    name: 'r',
    mode,
    ifAvailable: false,
    slot: undefined,
    grantedAt: -1,
    granted() {
      told.push(id)
      granted()
    },
    refused() {},
    failed() {},
    lost() {},
    describe: () => undefined,
  })
  const rival = request('rival', 'exclusive')
  far.acquire(rival)
  const second = request('second', 'shared')
  // What takes over the second one's place must not be taken for it.
  const third = request('third', 'shared')
  const first = request('first', 'shared', () => {
    cohort.release(second)
    expect(cohort.acquire(third)).toBe('granted')
  })
  for (const reader of [first, second]) expect(cohort.acquire(reader)).toBe('waiting')
  far.release(rival)
  expect(told).toEqual(['first', 'second'])
})

test.each([-5, '-', '!w', 'a:b', '%'])(
  'the lock of key %o is the mutex of that name',
  async (id) => {
    const hold = await locks.keyedMutex('same').acquire(id)
    expect(await locks.mutex(key`same:${id}`).tryAcquire()).toBeNull()
    hold.release()
  },
)
