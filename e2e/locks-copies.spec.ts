/**
 * Two calls of `createLocks`, and two bundled copies of the library, in one page share their
 * locks. And what must not be copied is not: a lock goes to another agent as its descriptor.
 */

import type { Page } from '@playwright/test'
import { expect, openWorker, test } from './locks-tabs'

/** Where the second lock of the page comes from. */
const origins = {
  'another createLocks': (tab: Page) =>
    tab.evaluate(() => agent.keep('locks', agent.latchkey.createLocks({ reach: 'origin' }))),
  'another copy of the library': (tab: Page) =>
    tab.evaluate(async () => {
      const copy = await agent.anotherCopy()
      if (copy.createLocks === agent.latchkey.createLocks) throw new Error('it is the same copy')
      agent.keep('locks', copy.createLocks())
    }),
}

for (const [origin, load] of Object.entries(origins)) {
  test(`${origin} shares its locks: one queue, one list of holders`, async ({ openTab }) => {
    const tab = await openTab()
    await load(tab)
    const outcome = await tab.evaluate(async () => {
      const other = await agent.kept<typeof agent.locks>('locks')
      const hold = await agent.locks.mutex('cart').acquire()
      const refused = await other.mutex('cart').tryAcquire()
      // In the order of asking, whoever of the two is asked.
      const order: number[] = []
      const waits = [1, 2, 3, 4].map((which) =>
        (which % 2 === 0 ? agent.locks : other).mutex('cart').run(() => order.push(which)),
      )
      const both = [agent.locks.stats(), other.stats()]
      // One of the page's requests at most has gone to the browser.
      const inBrowser = (await navigator.locks.query()).held?.length
      hold.release()
      await Promise.all(waits)
      return { refused, order, both, inBrowser }
    })
    expect(outcome).toEqual({
      refused: null,
      order: [1, 2, 3, 4],
      both: [
        { holds: 1, waits: 4, names: 1 },
        { holds: 1, waits: 4, names: 1 },
      ],
      inBrowser: 1,
    })
  })

  test(`${origin} shares RW locks, tasks' re-entrancy checks and kinds of names`, async ({
    openTab,
  }) => {
    const tab = await openTab()
    await load(tab)
    const outcome = await tab.evaluate(async () => {
      const other = await agent.kept<typeof agent.locks>('locks')
      const writer = await other.rwLock('settings').acquireWrite()
      const refused = await agent.locks.rwLock('settings').tryAcquireRead()
      const reader = await writer.downgrade()
      const beside = await agent.locks.rwLock('settings').acquireRead()
      const held = other.stats().holds
      reader.release()
      beside.release()

      let kind = ''
      try {
        agent.locks.mutex('settings')
      } catch (error) {
        kind = String(error)
      }
      const nested = await agent.locks
        .mutex('cart')
        .run(() => other.mutex('cart').run(() => 'both'))
        .catch((error) => error.code)
      return { refused, held, kind: kind.slice(0, 9), nested }
    })
    expect(outcome).toEqual({ refused: null, held: 2, kind: 'TypeError', nested: 'reentrancy' })
  })
}

test('a lock and a hold cannot be copied, neither by structuredClone nor by postMessage', async ({
  openTab,
}) => {
  const tab = await openTab()
  await openWorker(tab)
  const outcome = await tab.evaluate(async () => {
    const { locks } = agent
    const write = await locks.rwLock('settings').acquireWrite()
    const things = {
      mutex: locks.mutex('cart'),
      'keyed mutex': locks.keyedMutex('user'),
      'RW lock': locks.rwLock('settings'),
      hold: await locks.mutex('cart').acquire(),
      'write hold': write,
      'held lock in a message': { cart: [locks.mutex('cart')] },
    }
    const worker = await agent.kept<Worker>('worker')
    const channel = new BroadcastChannel('copies')
    const ways: Record<string, (value: unknown) => unknown> = {
      structuredClone: (value) => structuredClone(value),
      'worker.postMessage': (value) => worker.postMessage(value),
      'window.postMessage': (value) => postMessage(value),
      BroadcastChannel: (value) => channel.postMessage(value),
    }
    const copied: string[] = []
    for (const [what, thing] of Object.entries(things)) {
      for (const [how, copy] of Object.entries(ways)) {
        try {
          copy(thing)
          copied.push(`${what} by ${how}`)
        } catch (error) {
          if (!(error instanceof DOMException) || error.name !== 'DataCloneError') throw error
          if (!error.message.includes('descriptor')) copied.push(`${what}: ${error.message}`)
        }
      }
    }
    channel.close()
    things.hold.release()
    write.release()
    return copied
  })
  expect(outcome).toEqual([])
})

test('a descriptor that is sent to a worker makes the same lock there', async ({ openTab }) => {
  const tab = await openTab()
  const worker = await openWorker(tab)
  const descriptors = await tab.evaluate(async () => {
    const { locks } = agent
    const lock = locks.rwLock('settings', { policy: 'fifo', fair: 'strict' })
    agent.keep('holds', [
      await locks.mutex('cart').acquire(),
      await locks.keyedMutex('user').acquire(7),
      await lock.acquireRead(),
    ])
    return [
      locks.mutex('cart').descriptor(),
      locks.keyedMutex('user').descriptor(),
      lock.descriptor(),
    ] as const
  })
  const there = await worker.evaluate(async ([cart, users, settings]) => {
    const mutex = agent.locks.from(cart)
    const keyed = agent.locks.from(users)
    const lock = agent.locks.from(settings)
    const read = await lock.tryAcquireRead()
    read?.release()
    return {
      mutex: await mutex.tryAcquire(),
      key: await keyed.tryAcquire(7),
      otherKey: (await keyed.tryAcquire(8).then((hold) => hold?.release())) === undefined,
      write: await lock.tryAcquireWrite(),
      read: read !== null,
      again: [mutex.descriptor(), keyed.descriptor(), lock.descriptor()],
    }
  }, descriptors)
  expect(there).toEqual({
    mutex: null,
    key: null,
    otherKey: true,
    write: null,
    read: true,
    again: descriptors,
  })
  await tab.evaluate(async () => {
    for (const hold of await agent.kept<{ release(): void }[]>('holds')) hold.release()
  })
})
