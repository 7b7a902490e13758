/** "Run on real workers", as a person uses it. */

import { expect, type Page } from '@playwright/test'

export const run = (page: Page) => page.getByRole('button', { name: 'Run on real workers' })
export const verdict = (page: Page) => page.getByTestId('verdict')

/** How long to go on when the machine itself comes too late, in ms. */
const patience = 40_000

/**
 * Runs until the verdict is about the lock. Where the machine's own timers came too late, or
 * only times differ and no order, a busy machine may have measured itself: then once more. A
 * wrong order on a punctual machine is a wrong lock, and fails at once.
 */
export async function verdictOnTheLock(page: Page): Promise<string> {
  const end = performance.now() + patience
  do {
    await run(page).click()
    await expect(page.getByTestId('progress')).toBeVisible()
    await expect(verdict(page)).toHaveText(/real run/, { timeout: 30_000 })
    if ((await page.getByText(/too busy to measure|The order is the same/).count()) === 0) break
  } while (performance.now() < end)
  return (await verdict(page).textContent()) ?? ''
}
