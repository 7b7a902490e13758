/**
 * Pages that are left and come back, or are frozen; data that the user clears. Nobody is wedged by
 * any of it, and a hold that can no longer be vouched for is lost loudly.
 */

import type { Page } from '@playwright/test'
import type { Hold, LockLostError } from '../src/locks/index'
import { expect, openWorker, plainURL, test } from './indexed-db-tabs'

/** Takes two locks and waits for one, and notes what becomes of it. */
async function settleIn(tab: Page): Promise<void> {
  await tab.evaluate(async () => {
    const holds = [await idb.locks.mutex('held').acquire(), await idb.take('read', 'shared')]
    idb.keep('reasons', Promise.all(holds.map(lossOf)))
    idb.keep(
      'waits',
      idb.locks.mutex('wanted').run(() => 'ran'),
    )
    await idb.seen('pending', 'wanted', 1)

    function lossOf({ signal }: Hold): Promise<string> {
      return new Promise((told) => {
        signal.addEventListener('abort', () => told((signal.reason as LockLostError).code))
      })
    }
  })
}

/** What a tab that has settled in was told. */
function reasons(tab: Page): Promise<string[]> {
  return tab.evaluate(() => idb.kept<string[]>('reasons'))
}

test('a page in the back/forward cache holds up nobody, is told what it lost, and goes on', async ({
  openTab,
}) => {
  const [tab, other] = [await openTab(), await openTab()]
  await other.evaluate(async () => idb.keep('hold', await idb.locks.mutex('wanted').acquire()))
  await settleIn(tab)
  await tab.goto('about:blank')
  await other.evaluate(async () => {
    await idb.locks.mutex('held').run(() => {})
    await (await idb.take('read', 'exclusive')).release()
    // Nor does it stand in the queue while it sleeps.
    ;(await idb.kept<Hold>('hold')).release()
    await idb.locks.mutex('wanted').run(() => {})
  })
  // One that comes out of the cache is not loaded.
  await tab.goBack({ waitUntil: 'commit' })
  const cached = await tab.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).type,
  )
  // A page that was loaded anew would say `back_forward`.
  expect(cached).toBe('navigate')
  expect(await reasons(tab)).toEqual(['lock-lost', 'lock-lost'])
  expect(await tab.evaluate(() => idb.kept('waits'))).toBe('ran')
  expect(await tab.evaluate(() => idb.locks.mutex('held').run(() => 'again'))).toBe('again')
})

test('data that the user clears: what was held is lost, what waited is served anew', async ({
  openTab,
}) => {
  const [tab, other] = [await openTab(), await openTab()]
  await other.evaluate(async () => {
    idb.keep('hold', await idb.locks.mutex('wanted').acquire())
  })
  await settleIn(tab)
  const session = await tab.context().newCDPSession(tab)
  await session.send('Storage.clearDataForOrigin', {
    origin: plainURL,
    storageTypes: 'indexeddb',
  })
  expect(await reasons(tab)).toEqual(['lock-lost', 'lock-lost'])
  expect(await tab.evaluate(() => idb.kept('waits'))).toBe('ran')
  // Both exclude each other again.
  await tab.evaluate(async () => idb.keep('anew', await idb.locks.mutex('anew').acquire()))
  await other.evaluate(() => {
    idb.keep(
      'next',
      idb.locks.mutex('anew').run(() => 'ran'),
    )
    return idb.seen('pending', 'anew', 1)
  })
  await tab.evaluate(async () => (await idb.kept<Hold>('anew')).release())
  expect(await other.evaluate(() => idb.kept('next'))).toBe('ran')
})

test('whoever deletes the database gets it once nothing is held or waited for', async ({
  openTab,
}) => {
  const [tab, other] = [await openTab(), await openTab()]
  await other.evaluate(() => idb.locks.mutex('idle').run(() => {}))
  await tab.evaluate(async () => idb.keep('hold', await idb.locks.mutex('a').acquire()))
  await other.evaluate(() => {
    const deleted = new Promise((gone, failed) => {
      const request = indexedDB.deleteDatabase('latchkey')
      request.onsuccess = () => gone('gone')
      request.onerror = failed
      request.onblocked = () => idb.keep('blocked', true)
    })
    idb.keep('deleted', deleted)
  })
  // The hold is none the worse for it.
  const lost = await tab.evaluate(async () => {
    const hold = await idb.kept<Hold>('hold')
    const { aborted } = hold.signal
    hold.release()
    return aborted
  })
  expect(lost).toBe(false)
  expect(await other.evaluate(() => idb.kept('deleted'))).toBe('gone')
  expect(await other.evaluate(() => idb.locks.mutex('a').run(() => 'ran'))).toBe('ran')
  expect(await tab.evaluate(() => idb.locks.mutex('a').run(() => 'ran'))).toBe('ran')
})

test('a database of a newer version is refused, and says what to do', async ({ openTab }) => {
  const tab = await openTab()
  const told = await tab.evaluate(async () => {
    await new Promise<void>((done, failed) => {
      const request = indexedDB.open('latchkey', 1000)
      request.onerror = failed
      request.onsuccess = () => {
        request.result.close()
        done()
      }
    })
    const error = await idb.locks
      .mutex('a')
      .acquire()
      .catch((reason) => reason)
    await new Promise((done) => {
      indexedDB.deleteDatabase('latchkey').onsuccess = done
    })
    return [error.code, error.message]
  })
  expect(told).toEqual(['unsupported', expect.stringContaining('a newer Latchkey')])
})

test('a sandboxed frame, which has no storage, is refused, and told why', async ({ openTab }) => {
  const tab = await openTab()
  await tab.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.src = src
    document.body.append(frame)
  }, `${plainURL}/indexed-db.html`)
  const frame = await (await tab.waitForSelector('iframe')).contentFrame()
  await frame?.waitForFunction(() => 'idb' in globalThis)
  const told = await frame?.evaluate(async () => {
    const error = await idb.locks
      .mutex('a')
      .acquire()
      .catch((reason) => reason)
    return [error.code, error.message]
  })
  expect(told).toEqual(['unsupported', expect.stringContaining('blocks storage')])
})

test('a same-origin frame and its worker are agents of their own', async ({ openTab }) => {
  const tab = await openTab()
  await tab.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.src = src
    document.body.append(frame)
  }, `${plainURL}/indexed-db.html`)
  const frame = await (await tab.waitForSelector('iframe')).contentFrame()
  await frame?.waitForFunction(() => 'idb' in globalThis)
  const worker = await openWorker(tab)
  await frame?.evaluate(async () => idb.keep('hold', await idb.locks.mutex('a').acquire()))
  await worker.evaluate(() => {
    idb.keep(
      'next',
      idb.locks.mutex('a').run(() => 'ran'),
    )
    return idb.seen('pending', 'a', 1)
  })
  // Its page lives on.
  await tab.evaluate(() => document.querySelector('iframe')?.remove())
  expect(await worker.evaluate(() => idb.kept('next'))).toBe('ran')
})
