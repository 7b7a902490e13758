/** “Run on real workers”: the schedule through the library, and what detection does about it. */

import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { open } from './app-page'

const real = (page: Page) => page.getByTestId('real')
const run = (page: Page) => page.getByRole('button', { name: 'Run on real workers' })

async function choose(page: Page, title: string) {
  await page.getByRole('button', { name: 'Cases' }).click()
  await page.getByRole('menuitemradio', { name: title }).click()
  await expect(page.locator('.headline')).toContainText(title)
}

test.beforeEach(async ({ page }) => {
  await open(page, '/#/deadlocks')
})

for (const title of ['AB–BA', 'Recursive read lock', 'Dining philosophers']) {
  test(`${title}: one wait is rejected, the others finish; fixed, everybody does`, async ({
    page,
  }) => {
    await choose(page, title)
    await run(page).click()
    await expect(real(page)).toContainText(
      /detection found the cycle \d+ ms after its last wait began: .+’s wait was rejected with DeadlockError/,
      { timeout: 20_000 },
    )
    await expect(real(page)).toContainText(/came to (its|their) end/)
    await expect(real(page)).toContainText('ends as the simulated one')
    await expect(page.locator('.real .bar-deadlock')).not.toHaveCount(0)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    await page
      .getByRole('button', { name: /^Fixed/ })
      .first()
      .click()
    await expect(real(page)).toBeEmpty()
    await run(page).click()
    await expect(real(page)).toContainText('everybody came to an end', { timeout: 20_000 })
    await expect(real(page)).toContainText('ends as the simulated one')
    // Nothing of the run's workers is left: whoever is there holds a lock of the browser's.
    const left = () => page.evaluate(async () => (await navigator.locks.query()).held?.length)
    await expect.poll(left).toBe(0)
  })
}

for (const title of ['Nested write lock', 'A callback that asks for its own lock']) {
  test(`${title}: is refused before it could wait`, async ({ page }) => {
    await choose(page, title)
    await run(page).click()
    await expect(real(page)).toContainText('was refused with ReentrancyError', { timeout: 20_000 })
    await expect(real(page)).toContainText('ends as the simulated one')
  })
}

test('a forgotten unlock is no deadlock, and the wait is told', async ({ page }) => {
  await choose(page, 'Forgotten unlock')
  await run(page).click()
  await expect(real(page)).toContainText('Second still waited 3.0 s', { timeout: 20_000 })
  await expect(real(page)).toContainText('ends as the simulated one')
})

test('can be cancelled', async ({ page }) => {
  await choose(page, 'AB–BA')
  await run(page).click()
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await expect(real(page)).toHaveText('Cancelled.')
  await expect(run(page)).toBeEnabled()
})

test('says why it cannot be run for real', async ({ page }) => {
  for (const title of ['A hit counter without a lock', 'Unlock deferred too early']) {
    await choose(page, title)
    await expect(run(page)).toBeDisabled()
    await expect(page.getByRole('region', { name: 'On real workers' })).toContainText(
      'Only simulated',
    )
  }
})
