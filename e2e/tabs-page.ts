/** How a person meets the Tabs page. */

import { expect, type Page } from '@playwright/test'

export const stage = (page: Page) => page.getByTestId('stage')

export async function openScene(page: Page, link: string): Promise<void> {
  await page.goto(`/#/tabs?${link}`)
  await expect(page.getByRole('group', { name: 'Scenes' })).toBeVisible()
}

/** Opens the participants and waits until all of them can lock. */
export async function gather(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: /^Open \d/ }).click()
  await expect(stage(page)).toContainText(`${count} of ${count}`, { timeout: 50_000 })
  await expect(stage(page)).toContainText(/(is|are) there\./, { timeout: 50_000 })
}

export const hand = (page: Page, what: 'Read' | 'Write' | 'Release' | 'Give up', who: string) =>
  page.getByRole('button', { name: `${what}: ${who}` })

export const holders = (page: Page) => page.locator('[data-side="holds"] .door-party strong')
export const waiters = (page: Page) => page.locator('[data-side="waits"] .door-party strong')

/** What the origin's own lock manager still lists. */
export const leftLocks = (page: Page) =>
  page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return [...held, ...pending].map(({ name }) => name)
  })

/** Whoever has the lock of the scene is marked; struck at once, before it has given it on. */
export async function strike(page: Page, what: string): Promise<void> {
  const told = page.locator('.disturbances li')
  const before = await told.count()
  await expect(async () => {
    const button = page.locator('.blows [data-has] button').filter({ hasText: what }).first()
    await button.click({ timeout: 2_000 })
    expect(await told.count()).toBeGreaterThan(before)
  }).toPass({ timeout: 50_000 })
}
