/** "Run on real workers": real Web Workers play the story through the library. */

import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { open, readout } from './app-page'
import { run, verdict, verdictOnTheLock } from './real-run'

const speed = (page: Page) => page.getByLabel('Speed on real workers')

test.beforeEach(async ({ page }) => {
  await open(page)
})

test('real workers tell the same story, event for event', async ({ page }) => {
  expect(await verdictOnTheLock(page)).toMatch(
    /^real run agrees, 12 of 12 events · within [\d.]+ ms over Web Locks$/,
  )
  await expect(page.locator('.measured-reading')).toHaveCount(3)
  await expect(page.locator('.measured-writing')).toHaveCount(1)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])

  // The verdict is about what was played, and about nothing else.
  await page.getByRole('button', { name: 'Web Locks · FIFO' }).click()
  await expect(verdict(page)).toBeEmpty()
  await expect(page.locator('.measured rect')).toHaveCount(0)
  await page.getByRole('button', { name: 'Go · phase-fair' }).click()
  await expect(verdict(page)).toContainText('agrees')
})

test('also under the order of Web Locks, at ten times the speed', async ({ page }) => {
  await page.getByRole('button', { name: 'Web Locks · FIFO' }).click()
  await speed(page).selectOption('10')
  expect(await verdictOnTheLock(page)).toMatch(
    /^real run agrees, 12 of 12 events · within [\d.]+ ms over Web Locks$/,
  )
})

test('shows its progress and can be cancelled; the strips stay as far as they came', async ({
  page,
}) => {
  await run(page).click()
  await expect(page.getByTestId('progress')).toContainText(/[1-9]\d* of 12 events/)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(verdict(page)).toHaveText('real run cancelled')
  await expect(run(page)).toBeEnabled()
  // No lock and no worker of the run is left behind.
  const left = await page.evaluate(async () => (await navigator.locks.query()).held?.length)
  expect(left).toBe(0)
})

test('says why a policy cannot be run for real', async ({ page }) => {
  for (const policy of ['Readers first', 'Writers first']) {
    await page.getByRole('button', { name: policy }).click()
    await expect(run(page)).toBeDisabled()
    await expect(run(page)).toHaveAccessibleDescription(/^Only simulated/)
  }
})

test('one can go on stepping while it runs', async ({ page }) => {
  await speed(page).selectOption('10')
  await run(page).click()
  await expect(page.getByTestId('progress')).toBeVisible()
  await page.keyboard.press('End')
  await expect(readout(page)).toContainText('8.00 / 8.00 s')
  await expect(verdict(page)).toHaveText(/real run/, { timeout: 30_000 })
  await expect(readout(page)).toContainText('8.00 / 8.00 s')
})
