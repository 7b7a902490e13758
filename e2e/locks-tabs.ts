/**
 * For specs of the library: tabs and workers that each have the global `agent`, and after each
 * test the proof that no lock is left behind and that no page reported an error.
 */

import { test as base, expect, type Page, type Worker } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import type {} from './pages/agent'

interface Fixtures {
  /** Opens a tab of its own, all in one storage partition. */
  readonly openTab: (path?: string) => Promise<Page>
}

/** How long, in ms, a dead agent's locks may take to be freed: Chromium's grace for busy ones is 2 s. */
export const patience = 5_000

export const test = base.extend<Fixtures>({
  openTab: async ({ context }, use) => {
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(error.error().message))
    context.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    const openTab = async (path = 'agent.html') => {
      const page = await context.newPage()
      await page.goto(`${pagesURL}/${path}`)
      return page
    }
    await use(openTab)
    const last = await openTab()
    expect(await last.evaluate((ms) => agent.leftOver(ms), patience)).toEqual([])
    expect(errors).toEqual([])
  },
})

/** A worker of the page, with an `agent` of its own. */
export async function openWorker(page: Page): Promise<Worker> {
  const [worker] = await Promise.all([
    page.waitForEvent('worker'),
    page.evaluate(() => agent.startWorker()),
  ])
  return worker
}

/**
 * For answers that have a deadline in the product: on a busy machine one may miss it, but not each.
 * Asked again at once, until the test's own time is up.
 */
export const soon = { timeout: 30_000, intervals: [0] }

export { expect }
