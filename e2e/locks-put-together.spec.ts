/** Locks that are put together over `webLocks()` exclude, wait and lose as those of `createLocks`. */

import { expect, openWorker, test } from './locks-tabs'

test('one name is one lock: put together, of createLocks, and raw, in tabs and workers', async ({
  openTab,
}) => {
  const tab = await openTab()
  const other = await openTab()
  const worker = await openWorker(other)
  const update = async (rounds: number) => {
    const { mutex, webLocks } = agent.latchkey
    const mine = mutex(webLocks(), 'account:1')
    const theirs = agent.locks.mutex('account:1')
    // Read, give others their turn, write: an update is lost wherever two are inside at once.
    const add = async () => {
      const cache = await caches.open('put-together')
      const text = await (await cache.match('/sum'))?.text()
      await cache.put('/sum', new Response(`${Number(text ?? 0) + 1}`))
    }
    for (let round = 0; round < rounds; round++) {
      await Promise.all([
        mine.run(add),
        theirs.run(add),
        navigator.locks.request('account:1', add),
        mine.run(add),
      ])
    }
  }
  await Promise.all([
    tab.evaluate(update, 10),
    other.evaluate(update, 10),
    worker.evaluate(update, 10),
  ])
  const sum = await tab.evaluate(async () => {
    const cache = await caches.open('put-together')
    return (await cache.match('/sum'))?.text()
  })
  expect(sum).toBe('120')
})

test('readers share, a writer is alone, keys are apart: across tabs', async ({ openTab }) => {
  const tab = await openTab()
  const other = await openTab()
  await tab.evaluate(async () => {
    const { keyedMutex, rwLock, webLocks } = agent.latchkey
    const origin = webLocks()
    agent.keep('reader', await rwLock(origin, 'settings').acquireRead())
    agent.keep('ann', await keyedMutex(origin, 'user').acquire('ann'))
  })
  const seen = await other.evaluate(async () => {
    const { keyedMutex, rwLock, webLocks } = agent.latchkey
    const settings = rwLock(webLocks(), 'settings')
    const users = keyedMutex(webLocks(), 'user')
    const tries = [
      settings.tryAcquireRead(),
      settings.tryAcquireWrite(),
      users.tryAcquire('ann'),
      users.tryAcquire('ben'),
    ]
    return Promise.all(
      tries.map(async (asked) => {
        const hold = await asked
        hold?.release()
        return hold !== null
      }),
    )
  })
  expect(seen).toEqual([true, false, false, true])
  const late = other.evaluate(async () => {
    const { mutex, webLocks } = agent.latchkey
    const waiting = mutex(webLocks(), 'user:ann').acquire({ timeout: 50 })
    return waiting.then(
      () => 'granted',
      ({ name, message }) => `${name}: ${message}`,
    )
  })
  expect(await late).toBe('TimeoutError: timed out after 50 ms waiting for "user:ann" (exclusive)')
  await tab.evaluate(async () => {
    for (const kept of ['reader', 'ann']) {
      ;(await agent.kept<{ release(): void }>(kept)).release()
    }
  })
})

test('a closed tab wedges nobody', async ({ openTab }) => {
  const tab = await openTab()
  const other = await openTab()
  await tab.evaluate(async () => {
    const { mutex, webLocks } = agent.latchkey
    agent.keep('hold', await mutex(webLocks(), 'cart').acquire())
  })
  const next = other.evaluate(async () => {
    const { mutex, webLocks } = agent.latchkey
    return mutex(webLocks(), 'cart').run(({ mode }) => mode)
  })
  await other.evaluate(() => agent.queued('cart'))
  await tab.close()
  expect(await next).toBe('exclusive')
})
