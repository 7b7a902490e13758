/** Semaphores among real tabs and workers: order, crashes, and never one permit too many. */

import { test as base, expect, type Page } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import type { SemaphoreHold } from '../src/locks'
import { plainURL } from './indexed-db-tabs'
import type {} from './pages/agent'
import type {} from './pages/indexed-db'
import type {} from './pages/shared-memory'

/** Each has locks that reach the origin, and keeps things for later steps. */
const hosts = {
  'Web Locks': `${pagesURL}/agent.html`,
  IndexedDB: `${plainURL}/indexed-db.html`,
}

const test = base.extend<{ openTab: (address: string) => Promise<Page> }>({
  openTab: async ({ context }, use) => {
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(error.error().message))
    await use(async (address) => {
      const page = await context.newPage()
      await page.goto(address)
      return page
    })
    expect(errors).toEqual([])
  },
})

interface Wish {
  readonly permits: number
  readonly fair: 'bounded' | 'strict'
}

/** Begins to wait; the hold is kept. */
function ask(tab: Page, wish: Wish): Promise<void> {
  return tab.evaluate(({ permits, fair }) => {
    const agent = globalThis.agent ?? globalThis.idb
    agent.keep('hold', agent.locks.semaphore('s', 2, { fair }).acquire(permits))
  }, wish)
}

function granted(tab: Page): Promise<number> {
  return tab.evaluate(async () => {
    const agent = globalThis.agent ?? globalThis.idb
    return (await agent.kept<SemaphoreHold>('hold')).permits
  })
}

function release(tab: Page): Promise<void> {
  return tab.evaluate(async () => {
    const agent = globalThis.agent ?? globalThis.idb
    const hold = await agent.kept<SemaphoreHold>('hold')
    hold.release()
  })
}

/** Resolves once so many hold permits and so many wait for some, in the whole origin. */
function seen(tab: Page, held: number, pending: number): Promise<void> {
  return tab.evaluate(
    async ([held, pending]) => {
      const { locks } = globalThis.agent ?? globalThis.idb
      for (;;) {
        const all = await locks.query()
        const ofS = (list: typeof all.held) => list.filter(({ name }) => name === 's').length
        if (ofS(all.held) === held && ofS(all.pending) === pending) return
      }
    },
    [held, pending] as const,
  )
}

/** Each section counts who is inside, in one transaction: answers the most that were at once. */
function hammer(tab: Page, tasks: number, times: number): Promise<number> {
  return tab.evaluate(
    async ([tasks, times]) => {
      const { locks } = globalThis.agent ?? globalThis.idb
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('inside', 1)
        request.onupgradeneeded = () => request.result.createObjectStore('cells')
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      const count = (by: number) =>
        new Promise<number>((resolve, reject) => {
          const transaction = database.transaction('cells', 'readwrite')
          const cells = transaction.objectStore('cells')
          const read = cells.get('inside')
          let inside = 0
          read.onsuccess = () => {
            inside = (read.result ?? 0) + by
            cells.put(inside, 'inside')
          }
          transaction.oncomplete = () => resolve(inside)
          transaction.onerror = () => reject(transaction.error)
        })
      let most = 0
      const task = async (index: number) => {
        const permits = index === 0 ? 2 : 1
        const semaphore = locks.semaphore('s', 3)
        for (let i = 0; i < times; i++) {
          await semaphore.run(
            async () => {
              most = Math.max(most, await count(permits))
              await count(-permits)
            },
            { permits },
          )
        }
      }
      await Promise.all(Array.from({ length: tasks }, (_, index) => task(index)))
      database.close()
      return most
    },
    [tasks, times] as const,
  )
}

for (const [mechanism, address] of Object.entries(hosts)) {
  for (const fair of ['bounded', 'strict'] as const) {
    test(`${mechanism}, ${fair}: first come, first served among tabs, many permits too`, async ({
      openTab,
    }) => {
      const [first, second, many, last] = [
        await openTab(address),
        await openTab(address),
        await openTab(address),
        await openTab(address),
      ]
      await ask(first, { permits: 1, fair })
      await ask(second, { permits: 1, fair })
      expect([await granted(first), await granted(second)]).toEqual([1, 1])
      await ask(many, { permits: 2, fair })
      await seen(first, 2, 1)
      await ask(last, { permits: 1, fair })
      await seen(first, 2, 2)
      await release(first)
      // The one permit is taken for who wants two, and kept until the other one comes.
      await seen(last, 2, 2)
      await release(second)
      expect(await granted(many)).toBe(2)
      await seen(first, 2, 1)
      await release(many)
      expect(await granted(last)).toBe(1)
      await release(last)
      await seen(first, 0, 0)
    })
  }

  test(`${mechanism}: never is one permit too many out`, async ({ openTab }) => {
    const tabs = [await openTab(address), await openTab(address), await openTab(address)]
    const most = await Promise.all(tabs.map((tab) => hammer(tab, 3, 10)))
    expect(Math.max(...most)).toBe(3)
    await seen(tabs[0] as Page, 0, 0)
  })

  for (const death of ['closed', 'crashed'] as const) {
    test(`${mechanism}: the permits of a tab that is ${death} come back, and its turn`, async ({
      openTab,
    }) => {
      const [holder, first, second] = [
        await openTab(address),
        await openTab(address),
        await openTab(address),
      ]
      await ask(second, { permits: 1, fair: 'bounded' })
      await granted(second)
      await ask(holder, { permits: 1, fair: 'bounded' })
      await granted(holder)
      // Its turn is next, and it dies in it; then the holder does.
      await ask(first, { permits: 2, fair: 'bounded' })
      await seen(second, 2, 1)
      await second.evaluate(() => {
        const agent = globalThis.agent ?? globalThis.idb
        agent.keep('next', agent.locks.semaphore('s', 2).acquire())
      })
      await seen(holder, 2, 2)
      for (const tab of [first, holder]) await end(tab, death)
      await second.evaluate(async () => {
        const agent = globalThis.agent ?? globalThis.idb
        const next = await agent.kept<SemaphoreHold>('next')
        next.release()
      })
      await release(second)
      await seen(second, 0, 0)
    })
  }
}

async function end(tab: Page, death: 'closed' | 'crashed'): Promise<void> {
  if (death === 'closed') return tab.close()
  const session = await tab.context().newCDPSession(tab)
  const crashed = tab.waitForEvent('crash')
  // Nobody is left to answer.
  session.send('Page.crash').catch(() => {})
  await crashed
}

test('shared memory: a page and its workers', async ({ page }) => {
  await page.goto(`${pagesURL}/shared-memory.html`)
  await page.evaluate(() => cluster.ready)
  const openWorker = async () => {
    const [worker] = await Promise.all([
      page.waitForEvent('worker'),
      page.evaluate(() => cluster.startWorker()),
    ])
    return worker
  }
  const workers = [await openWorker(), await openWorker(), await openWorker()] as const
  const hammer = async () => {
    const { locks, tally } = cluster
    let most = 0
    const task = async (permits: number) => {
      const semaphore = locks.semaphore('s', 3)
      for (let i = 0; i < 200; i++) {
        await semaphore.run(
          async () => {
            most = Math.max(most, Atomics.add(tally, 0, permits) + permits)
            await Promise.resolve()
            Atomics.sub(tally, 0, permits)
          },
          { permits },
        )
      }
    }
    await Promise.all([task(1), task(2), task(1)])
    return most
  }
  const most = await Promise.all(
    ([page, ...workers] as readonly Pick<Page, 'evaluate'>[]).map((each) => each.evaluate(hammer)),
  )
  expect(Math.max(...most)).toBe(3)

  // A worker is gone with all permits.
  await workers[0].evaluate(async () => {
    await cluster.locks.semaphore('s', 3).acquire(3)
  })
  const next = page.evaluate(async () => {
    const hold = await cluster.locks.semaphore('s', 3).acquire(2)
    const { permits, abandoned } = hold
    hold.release()
    return { permits, abandoned }
  })
  await page.waitForFunction(async () => (await cluster.locks.query()).pending.length === 1)
  await workers[0].evaluate(() => close())
  expect(await next).toEqual({ permits: 2, abandoned: true })
  expect(await page.evaluate(() => [...cluster.tally])).toEqual([0, 0, 0, 0])
  await page.waitForFunction(async () => (await cluster.locks.query()).held.length === 0)
})
