/**
 * Tabs on plain http, under a name that the browser does not trust as it trusts localhost: there
 * are no Web Locks. Each has the global `idb`; after each test comes the proof that no lock is
 * left behind and that no page reported an error.
 */

import { test as base, expect, type Page, type Worker } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import { plainHost } from '../vite.config'
import type {} from './pages/indexed-db'

export const plainURL = pagesURL.replace('127.0.0.1', plainHost)

/** How long, in ms, a dead agent's locks may take to be freed: Chromium's grace for busy ones is 2 s. */
export const patience = 5_000

interface Fixtures {
  /** Opens a tab of its own, all in one storage partition. */
  readonly openTab: () => Promise<Page>
}

export const test = base.extend<Fixtures>({
  launchOptions: [
    async ({ launchOptions }, use) => {
      // Playwright turns it off; here it is looked into.
      await use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] })
    },
    { scope: 'worker' },
  ],
  openTab: async ({ context }, use) => {
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(error.error().message))
    const openTab = async () => {
      const page = await context.newPage()
      await page.goto(`${plainURL}/indexed-db.html`)
      return page
    }
    await use(openTab)
    const last = await openTab()
    expect(await last.evaluate((ms) => idb.leftOver(ms), patience)).toEqual([])
    expect(errors).toEqual([])
  },
})

/** A tab or a worker of one, as far as both can do the same. */
export type Agent = Pick<Page, 'evaluate'>

/** A worker of the page, with an `idb` of its own. */
export async function openWorker(page: Page): Promise<Worker> {
  const [worker] = await Promise.all([
    page.waitForEvent('worker'),
    page.evaluate(() => idb.startWorker()),
  ])
  return worker
}

export { expect }
