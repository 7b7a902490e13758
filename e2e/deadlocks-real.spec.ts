/** “Run on real workers”: the schedule through the library, and what detection does about it. */

import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { plainAppURL } from '../playwright.config'
import { open } from './app-page'

const real = (page: Page) => page.getByTestId('real')
const run = (page: Page) => page.getByRole('button', { name: 'Run on real workers' })

const patient = { timeout: 30_000 }

async function expectClean(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
}

async function choose(page: Page, title: string) {
  await page.getByRole('button', { name: 'Cases' }).click()
  await page.getByRole('menuitemradio', { name: title }).click()
  await expect(page.locator('.headline')).toContainText(title)
}

test.beforeEach(async ({ page }) => {
  await open(page, '/#/deadlocks')
})

const caught =
  /detection found the cycle \d+ ms after its last wait began: .+’s wait was rejected with DeadlockError\..*came to (its|their) end\./
const refused = /was refused with ReentrancyError before it could wait/
const waits = /Second still waited 3\.0 s after the last step\. There is no cycle/

/** Of each case: what the real run says while it is broken, and whether that is drawn as a deadlock. */
const cases = [
  { title: 'Recursive read lock', says: caught, drawn: true },
  { title: 'Nested write lock', says: refused, drawn: true },
  { title: 'AB–BA', says: caught, drawn: true },
  { title: 'Dining philosophers', says: caught, drawn: true },
  { title: 'Forgotten unlock', says: waits, drawn: true },
  { title: 'Unlock skipped by an exception', says: waits, drawn: true },
  { title: 'Two readers that upgrade', says: refused, drawn: true },
  { title: 'A callback that asks for its own lock', says: refused, drawn: true },
  { title: 'A hit counter without a lock', says: /came to an end: hits is 1\./, drawn: false },
]

/**
 * A run that ends as the simulated one. Steps are 100 ms apart by the workers' own timers; on a machine
 * whose timers are later than half of that they may change places, and what then happens is right, but
 * it is another schedule. The page says so, and only then it is run again.
 */
async function runAsSimulated(page: Page, says: RegExp) {
  for (let left = 5; ; left--) {
    await run(page).click()
    await expect(real(page)).toContainText(/The real run end|failed/, patient)
    if (
      left === 0 ||
      (await real(page)
        .getByText(/a step began \d+ ms late/)
        .count()) === 0
    )
      break
    test.info().annotations.push({ type: 'void run', description: await real(page).innerText() })
  }
  await expect(real(page)).toHaveText(says)
  await expect(real(page)).toContainText('The real run ends as the simulated one.')
}

for (const { title, says, drawn } of cases) {
  test(`${title}: the real run shows it, and does not once it is fixed`, async ({ page }) => {
    await choose(page, title)
    await runAsSimulated(page, says)
    const deadlocked = page.locator('.real .bar-deadlock')
    if (drawn) await expect(deadlocked).not.toHaveCount(0)
    else await expect(page.locator('.real .step-deed')).not.toHaveCount(0)
    await expectClean(page)
    const fixes = page
      .getByRole('group', { name: 'Program' })
      .getByRole('button', { name: /^Fixed/ })
    for (const fix of await fixes.all()) {
      await fix.click()
      await expect(real(page)).toBeEmpty()
      await runAsSimulated(page, /verybody came to an end/)
      await expect(deadlocked).toHaveCount(0)
    }
    // Nothing of the run's workers is left: whoever is there holds a lock of the browser's.
    const left = () => page.evaluate(async () => (await navigator.locks.query()).held?.length)
    await expect.poll(left).toBe(0)
  })
}

test('the hit counter with a lock counts both, over real shared memory', async ({ page }) => {
  await choose(page, 'A hit counter without a lock')
  await page
    .getByRole('button', { name: /^Fixed/ })
    .first()
    .click()
  await runAsSimulated(page, /Over .+, everybody came to an end: hits is 2\./)
})

test('on plain http threads have no variables to share, and locks over IndexedDB', async ({
  page,
}) => {
  await open(page, `${plainAppURL}/#/deadlocks`)
  await choose(page, 'A hit counter without a lock')
  await expect(run(page)).toBeDisabled()
  await expect(page.getByRole('region', { name: 'On real workers' })).toContainText(
    'this page has no memory that workers could share',
  )
  await choose(page, 'AB–BA')
  await runAsSimulated(page, /^Over IndexedDB, detection found the cycle/)
})

test('can be cancelled', async ({ page }) => {
  await choose(page, 'AB–BA')
  await run(page).click()
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await expect(real(page)).toHaveText('Cancelled.')
  await expect(run(page)).toBeEnabled()
})

test('an unlock of what is not held cannot be run for real, and its fix can', async ({ page }) => {
  await choose(page, 'Unlock deferred too early')
  await expect(run(page)).toBeDisabled()
  await expect(page.getByRole('region', { name: 'On real workers' })).toContainText(
    'Only simulated: the library gives out holds, so what is not held cannot be given back.',
  )
  await page.getByRole('button', { name: /^Fixed/ }).click()
  await runAsSimulated(page, /everybody came to an end/)
})
