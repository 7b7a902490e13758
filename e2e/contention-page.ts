/** How a person meets the Contention page. */

import { expect, type Page } from '@playwright/test'
import { encodeWorkloadLink, type Workload } from '../src/scenario'

export const run = (page: Page) =>
  page.getByRole('button', { name: /^Run (on real workers|A, then B)$/ })
export const status = (page: Page) => page.getByTestId('run-status')
export const figure = (page: Page, id: string) => page.locator(`[data-figure="${id}"]`)
export const spanWords = (page: Page) => page.getByTestId('span-words')

export async function openWorkload(page: Page, a: Workload, b?: Workload): Promise<void> {
  await page.goto(`/#/contention?${encodeWorkloadLink({ a, b }).slice(1)}`)
  await expect(page.locator('.workload-title')).toContainText(a.title)
}

/** On a busy machine a run takes its time; the test's own deadline ends it. */
export async function runToEnd(page: Page): Promise<void> {
  await run(page).click()
  await expect(status(page)).toContainText(/done|failed/, { timeout: 50_000 })
  await expect(status(page)).not.toContainText('failed')
}
