/** The Tabs page for everyone: screen readers, keyboards, small screens, both themes. */

import { expect, test } from '@playwright/test'
import { expectClean, looks, noOverflow } from './looks'
import { gather, hand, holders, openScene, strike } from './tabs-page'

for (const { theme, size, viewport } of looks) {
  test(`${theme}, ${size}: no accessibility violations, nothing sticks out`, async ({ page }) => {
    // Ten frames' worth of checks, on a machine that may be busy.
    test.slow()
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await openScene(page, 'scene=door&n=2')
    await expectClean(page)
    await gather(page, 2)
    await hand(page, 'Write', 'Frame 1').click()
    await hand(page, 'Read', 'Frame 2').click()
    await expect(holders(page)).toHaveText(['Frame 1'])
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
    await page.getByRole('button', { name: 'Hit counter' }).click()
    await page.getByRole('button', { name: 'Count', exact: true }).click()
    await expect(page.getByTestId('counter')).toContainText(/^40 hits/, { timeout: 50_000 })
    await page.getByRole('button', { name: 'Throw inside run' }).click()
    await expect(page.locator('.verdict-line')).toBeVisible()
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
    await page.getByRole('button', { name: 'Copying a lock' }).click()
    await page.getByRole('button', { name: 'Try them all' }).click()
    await expect(page.getByTestId('copies')).toContainText('Tried just now', { timeout: 50_000 })
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
  })
}

for (const { theme, size, viewport } of looks) {
  test(`${theme}, ${size}: what goes on by itself is clean, too`, async ({ page }) => {
    test.slow()
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await openScene(page, 'scene=leader&n=3')
    await page.getByRole('button', { name: 'Start the campaign' }).click()
    await strike(page, 'Resign')
    await expect(page.locator('.disturbances li')).toContainText('later', { timeout: 50_000 })
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
    await page.getByRole('button', { name: 'Kill and freeze' }).click()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await expect(page.locator('.log li').first()).toBeVisible({ timeout: 50_000 })
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
    await page.getByRole('button', { name: 'Single flight' }).click()
    await page.getByRole('button', { name: 'All ask at once' }).click()
    await expect(page.locator('.landed li')).toHaveCount(3, { timeout: 50_000 })
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
  })
}

test('with the keyboard alone: open, walk the scenes, count', async ({ page }) => {
  await openScene(page, 'scene=door&n=2')
  await page.keyboard.press('o')
  await expect(page.getByTestId('stage')).toContainText('2 of 2 are there', { timeout: 50_000 })
  await hand(page, 'Write', 'Frame 2').focus()
  await page.keyboard.press('Enter')
  await expect(holders(page)).toHaveText(['Frame 2'])
  await page.keyboard.press('.')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Where did the hits go?')
  await page.keyboard.press('r')
  await expect(page.getByTestId('counter')).toContainText(/^40 hits/, { timeout: 50_000 })
  await page.keyboard.press(',')
  await expect(holders(page)).toHaveText(['Frame 2'])
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog')
  await expect(keys).toContainText('Open or close the participants')
  await expect(keys).not.toContainText('Run two workers with copies')
})
