/** Fences between real tabs: who has lost the lock, and does not know it, writes no more. */

import type { Page } from '@playwright/test'
import type { FencedStore, Hold } from '../src/locks/index'
import { plainURL } from './indexed-db-tabs'
import { type RealTab, RealTabs } from './locks-real-tabs'
import { test as base, expect, patience } from './locks-tabs'
import type {} from './pages/agent'

const test = base.extend<{ readonly tabs: RealTabs }>({
  tabs: async ({ browser }, use) => {
    const tabs = await RealTabs.start(browser)
    await use(tabs)
    await tabs.close()
  },
})

/** Has `database`, with an object store, and `carts`, which is fenced. */
async function openShop(): Promise<void> {
  const database = await new Promise<IDBDatabase>((opened, failed) => {
    const request = indexedDB.open('shop', 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('carts')
      request.result.createObjectStore('fences')
    }
    request.onsuccess = () => opened(request.result)
    request.onerror = () => failed(request.error)
  })
  agent.keep('database', database)
  agent.keep('carts', agent.latchkey.fenced<string>({ database, store: 'carts' }))
}

/** Takes the lock with a fence, and keeps it. */
async function takeCart(): Promise<number | undefined> {
  const hold = await agent.locks.mutex('cart').acquire({ fence: true })
  agent.keep('hold', hold)
  return hold.fence
}

/** @returns the name of the error, or what is in the store then */
async function writeFenced(value: string): Promise<string> {
  const carts = await agent.kept<FencedStore<string>>('carts')
  const hold = await agent.kept<Hold>('hold')
  try {
    await carts.put(hold, value, 'mine')
  } catch (error) {
    return (error as Error).name
  }
  return 'written'
}

/** As anybody writes who knows of no fences. @returns what is in the store then */
async function writeUnfenced(value: string): Promise<string> {
  const database = await agent.kept<IDBDatabase>('database')
  const store = database.transaction('carts', 'readwrite').objectStore('carts')
  store.put(value, 'mine')
  const written = store.get('mine')
  return new Promise((read) => {
    written.onsuccess = () => read(written.result)
  })
}

async function readCart(): Promise<string> {
  const database = await agent.kept<IDBDatabase>('database')
  const request = database.transaction('carts').objectStore('carts').get('mine')
  return new Promise((read) => {
    request.onsuccess = () => read(request.result)
  })
}

async function stealCart(): Promise<void> {
  const raw = await agent.holdRaw('cart', { steal: true })
  raw.release()
  await raw.ended
}

async function giveBack(): Promise<void> {
  const hold = await agent.kept<Hold>('hold')
  hold.release()
}

test('a holder that was frozen and stolen from writes late: refused by its fence, else accepted', async ({
  tabs,
}) => {
  const frozen: RealTab = await tabs.open()
  const front = await tabs.open()
  await frozen.is('hidden')
  await frozen.evaluate(openShop)
  await front.evaluate(openShop)
  const first = await frozen.evaluate(takeCart)
  expect(await frozen.evaluate(writeFenced, 'from the first holder')).toBe('written')
  await frozen.freeze()
  await front.evaluate(stealCart)
  const second = await front.evaluate(takeCart)
  expect(second).toBeGreaterThan(first ?? Number.NaN)
  expect(await front.evaluate(writeFenced, 'from the second holder')).toBe('written')
  await frozen.resume()
  expect(await frozen.evaluate(writeFenced, 'late')).toBe('StaleFenceError')
  expect(await front.evaluate(readCart)).toBe('from the second holder')
  // Only the fence has kept it out.
  expect(await frozen.evaluate(writeUnfenced, 'late')).toBe('late')
  expect(await front.evaluate(readCart)).toBe('late')
  // The second holder has noticed nothing, and may write on.
  expect(await front.evaluate(writeFenced, 'again')).toBe('written')
  await front.evaluate(giveBack)
  expect(await front.evaluate((ms) => agent.leftOver(ms), patience)).toEqual([])
})

for (const [mechanism, address] of [
  ['Web Locks', undefined],
  ['IndexedDB', `${plainURL}/agent.html`],
] as const) {
  test(`over ${mechanism}, fences rise across tabs, also after one that left holding, from 1`, async ({
    tabs,
  }) => {
    const [one, other] = [await tabs.open(address), await tabs.open(address)]
    const take = async () => {
      const hold = await agent.locks.mutex('counted', { fair: 'strict' }).acquire({ fence: true })
      hold.release()
      return hold.fence
    }
    const fences: unknown[] = []
    for (const tab of [one, other, one, one, other]) fences.push(await tab.evaluate(take))
    // It leaves holding.
    const gone = await tabs.open(address)
    const last = await gone.evaluate(async () => {
      const hold = await agent.locks.mutex('counted', { fair: 'strict' }).acquire({ fence: true })
      setTimeout(() => location.replace('about:blank'))
      return hold.fence
    })
    fences.push(last, await other.evaluate(take))
    expect(fences).toEqual([1, 2, 3, 4, 5, 6, 7])
  })
}

/** Counts what is asked of IndexedDB and of the browser's locks. */
function count(): void {
  const counts = { transactions: 0, requests: 0 }
  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = function begin(this: IDBDatabase, ...args) {
    counts.transactions++
    return transaction.apply(this, args)
  }
  const { request } = navigator.locks
  navigator.locks.request = ((name: string, ...rest: [never, never]) => {
    if (name === 'hot') counts.requests++
    return request.call(navigator.locks, name, ...rest)
  }) as LockManager['request']
  agent.keep('counts', counts)
}

test('a fence costs at most one transaction for each far acquisition', async ({ openTab }) => {
  const tabs = [await openTab(), await openTab()]
  for (const tab of tabs) await tab.evaluate(count)
  const all = await Promise.all(tabs.map((tab) => tab.evaluate(manyFences)))
  for (const { transactions, requests, holds } of all) {
    expect(transactions).toBeGreaterThan(0)
    expect(transactions).toBeLessThanOrEqual(requests)
    expect(requests).toBeLessThan(holds)
  }
  // No two holds of either tab have had the same.
  const fences = all.flatMap((each) => each.fences)
  expect(new Set(fences).size).toBe(fences.length)
  for (const each of all) expect(each.fences).toEqual([...each.fences].sort((a, b) => a - b))
})

async function manyFences() {
  const mutex = agent.locks.mutex('hot')
  const fences: number[] = []
  const task = async () => {
    for (let i = 0; i < 200; i++) {
      await mutex.run((hold) => fences.push(hold.fence ?? Number.NaN), { fence: true })
    }
  }
  await Promise.all([task(), task(), task()])
  const counts = await agent.kept<{ transactions: number; requests: number }>('counts')
  return { ...counts, holds: fences.length, fences }
}

test('who clears the site’s data is let through, and fences go on above the floor', async ({
  openTab,
}) => {
  const tab = await openTab()
  const other = await openTab()
  const take = (page: Page, floor = 0) =>
    page.evaluate(async (least) => {
      const mutex = agent.locks.mutex('cleared', { fair: 'strict' })
      return mutex.run((hold) => hold.fence, { fence: { floor: least } })
    }, floor)
  expect([await take(tab), await take(other), await take(tab)]).toEqual([1, 2, 3])
  const browser = await tab.context().newCDPSession(tab)
  await browser.send('Storage.clearDataForOrigin', {
    origin: new URL(tab.url()).origin,
    storageTypes: 'indexeddb',
  })
  // What stores elsewhere have seen, nobody here remembers.
  expect(await take(other)).toBe(1)
  expect(await take(tab, 3)).toBe(4)
  expect(await take(other)).toBe(5)
  const deleted = await other.evaluate(() => {
    const request = indexedDB.deleteDatabase('latchkey ledger')
    return new Promise((done) => {
      request.onsuccess = () => done('deleted')
    })
  })
  expect(deleted).toBe('deleted')
  expect(await take(tab)).toBe(1)
})
