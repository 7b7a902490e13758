/**
 * The seven seconds where there are no Web Locks: other mechanisms carry the same lock, and the page
 * says which one.
 */

import { expect, type Page, test } from '@playwright/test'
import { plainAppURL } from '../playwright.config'
import { open, readout } from './app-page'
import { run, verdictOnTheLock } from './real-run'

const carrier = (page: Page) => page.getByLabel('What carries the lock')
const agreesOver = (mechanism: string) =>
  new RegExp(`^real run agrees, 12 of 12 events · within [\\d.]+ ms over ${mechanism}$`)

/** Takes Web Locks from the page and from every worker that it starts. */
async function hideWebLocks(page: Page): Promise<void> {
  const hide = () => {
    for (const name of ['Navigator', 'WorkerNavigator']) {
      const owner = Reflect.get(globalThis, name)
      if (owner !== undefined) Reflect.deleteProperty(owner.prototype, 'locks')
    }
  }
  await page.addInitScript(hide)
  await page.route(/\/assets\/worker-.*\.js$/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `(${hide})();${await response.text()}` })
  })
}

test('on plain http: IndexedDB', async ({ page }) => {
  await open(page, plainAppURL)
  const has = await page.evaluate(() => ({
    secure: isSecureContext,
    webLocks: 'locks' in navigator,
    sharedMemory: 'SharedArrayBuffer' in globalThis,
  }))
  expect(has).toEqual({ secure: false, webLocks: false, sharedMemory: false })
  await expect(carrier(page).locator('option')).toHaveText(['IndexedDB'])
  expect(await verdictOnTheLock(page)).toMatch(agreesOver('IndexedDB'))
  // The rest of the page needs nothing of this.
  await page.keyboard.press('End')
  await expect(readout(page)).toContainText('8.00 / 8.00 s')
})

test('isolated, with Web Locks hidden: shared memory, or IndexedDB', async ({ page }) => {
  // Two runs in their own time, each again where the machine came too late.
  test.slow()
  await hideWebLocks(page)
  await open(page)
  expect(await page.evaluate(() => 'locks' in navigator)).toBe(false)
  await expect(carrier(page).locator('option')).toHaveText(['shared memory', 'IndexedDB'])
  expect(await verdictOnTheLock(page)).toMatch(agreesOver('shared memory'))
  await carrier(page).selectOption('IndexedDB')
  expect(await verdictOnTheLock(page)).toMatch(agreesOver('IndexedDB'))
})

test('where there is all of it: Web Locks first, shared memory if asked for, run after run', async ({
  page,
}) => {
  test.slow()
  await open(page)
  await expect(carrier(page).locator('option')).toHaveText(['Web Locks', 'shared memory'])
  await carrier(page).selectOption('shared memory')
  await page.getByLabel('Speed on real workers').selectOption('10')
  for (let round = 0; round < 3; round++) {
    expect(await verdictOnTheLock(page)).toMatch(agreesOver('shared memory'))
    await expect.poll(() => page.workers().length).toBe(0)
    await expect(run(page)).toBeEnabled()
  }
})
