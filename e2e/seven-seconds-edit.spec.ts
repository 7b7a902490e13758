/** Editing the scenario: shown as it is typed, and with a mistake the last valid one stays. */

import { expect, type Page, test } from '@playwright/test'
import { dismiss, open, readout } from './app-page'

const text = (page: Page) => page.getByRole('textbox', { name: 'Scenario text' })
const state = (page: Page) => page.getByRole('complementary').getByRole('status')
const lanes = (page: Page) => page.locator('.lanes-name')

test.beforeEach(async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: 'Edit scenario' }).click()
  await expect(text(page)).toBeFocused()
})

test('shows a valid text at once', async ({ page }) => {
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type('Reader 3: read at 500ms for 1s')
  await expect(lanes(page)).toHaveText(['Reader 1', 'Writer 1', 'Reader 2', 'Reader 3'])
  await expect(state(page)).toContainText('Valid')
})

test('says line and column of a mistake, keeps the picture, and takes the correction', async ({
  page,
}) => {
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('A: read at 1s for 3s\nB: reed at 2s for 1s')
  await expect(state(page)).toContainText('Line 2, column 4')
  await expect(state(page)).toContainText('reed')
  await expect(state(page)).toContainText('still shows the last valid text')
  await expect(lanes(page)).not.toHaveText(['A', 'B'])

  await state(page).getByRole('button', { name: 'Line 2, column 4' }).click()
  await expect(text(page)).toBeFocused()
  for (let letter = 0; letter < 4; letter++) await page.keyboard.press('Delete')
  await page.keyboard.type('write')
  await expect(state(page)).toContainText('Valid')
  await expect(lanes(page)).toHaveText(['A', 'B'])
})

test('goes back to what it began with', async ({ page }) => {
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('Only: write at 1s for 1s')
  await expect(lanes(page)).toHaveText(['Only'])
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect(lanes(page)).toHaveText(['Reader 1', 'Writer 1', 'Reader 2'])
  await expect(text(page)).toContainText('Seven seconds')
})

test('keeps typing to itself, and closes with Escape', async ({ page }) => {
  await page.keyboard.press('Home')
  await page.keyboard.press('End')
  await page.keyboard.press(' ')
  await expect(readout(page)).toContainText('step 0')
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await dismiss(page, text(page))
  await expect(page.getByRole('button', { name: 'Edit scenario' })).toBeFocused()
})

test('offers the scenarios that come with it', async ({ page }) => {
  await page.getByRole('button', { name: 'Scenarios' }).click()
  const items = page.getByRole('menuitemradio')
  await expect(items.first()).toBeVisible()
  expect(await items.count()).toBeGreaterThan(2)
  await expect(items.first()).toHaveAttribute('aria-checked', 'true')
  const second = items.nth(1)
  const question = (await second.locator('.menu-title').textContent()) ?? ''
  await second.click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(question)
  await expect(readout(page)).toContainText('step 0')
})

test('plays what was typed', async ({ page }) => {
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('# Two writers\nA: write at 0s for 1s\nB: write at 500ms for 1s')
  await expect(lanes(page)).toHaveText(['A', 'B'])
  await dismiss(page, text(page))
  await page.keyboard.press('End')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Who waits for whom, and why?')
  await expect(readout(page)).toContainText(/step (\d+) of \1/)
})
