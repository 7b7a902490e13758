/** Everyone: screen readers, keyboards, small screens, both themes, reduced motion. */

import { expect, type Page, test } from '@playwright/test'
import { open, readout } from './app-page'
import { expectClean, looks, noOverflow, phoneViewport } from './looks'

async function choose(page: Page, title: string) {
  await page.getByRole('button', { name: 'Cases' }).click()
  await page.getByRole('menuitemradio', { name: title }).click()
  await expect(page.getByRole('menu')).toBeHidden()
}

for (const { theme, size, viewport } of looks) {
  test(`${theme}, ${size}: no accessibility violations, nothing sticks out`, async ({ page }) => {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await open(page, '/#/deadlocks')
    await choose(page, 'Dining philosophers')
    await page.keyboard.press('End')
    await expect(page.locator('.graph-note')).toBeVisible()
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
    await choose(page, 'A hit counter without a lock')
    await page.keyboard.press('x')
    await expect(page.getByTestId('explored')).toBeVisible()
    await page.keyboard.press('s')
    await page.keyboard.press('1')
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
    await page.getByRole('button', { name: 'Table' }).click()
    await page.getByRole('button', { name: 'Edit program' }).click()
    await page.getByRole('textbox', { name: 'Program text' }).fill('thread A\nlok a')
    await expect(page.getByText('One error.')).toBeVisible()
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
  })
}

test('every case fits a phone', async ({ page }) => {
  await page.setViewportSize(phoneViewport)
  await open(page, '/#/deadlocks')
  await page.getByRole('button', { name: 'Cases' }).click()
  const titles = await page.locator('.menu-title').allTextContents()
  expect(titles.length).toBeGreaterThan(8)
  await page.keyboard.press('Escape')
  for (const title of titles) {
    await choose(page, title)
    await page.keyboard.press('End')
    expect(await noOverflow(page), title).toBe(true)
  }
})

test('each step is read aloud, and so is the end', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'AB–BA')
  const narration = page.getByTestId('narration')
  await expect(narration).toHaveAttribute('aria-live', 'polite')
  await page.keyboard.press('ArrowRight')
  await expect(narration).toHaveText('Step 1. A takes a.')
  await page.keyboard.press('End')
  await expect(narration).toContainText('Deadlock: B’s wait for a closed the cycle A → B → A.')
  await choose(page, 'Forgotten unlock')
  await page.keyboard.press('End')
  await expect(narration).toContainText('Second waits for ever for a')
})

test('with the keyboard alone: a case, its fix, the steps, the outcome of all schedules', async ({
  page,
}) => {
  await open(page, '/#/deadlocks')
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return ''
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      const seen = outlineStyle !== 'none' && outlineWidth !== '0px'
      const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
      return `${name}${seen ? '' : ' (unseen)'}`
    })
  const tabTo = async (name: RegExp) => {
    for (let press = 0; press < 60; press++) {
      await page.keyboard.press('Tab')
      const on = await focused()
      expect(on).not.toContain('(unseen)')
      if (name.test(on)) return
    }
    throw new Error(`Tab does not reach ${name}`)
  }
  await tabTo(/^Cases/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menu')).toBeHidden()
  const title = await page.locator('.headline strong').textContent()
  expect(title).not.toBe('Recursive read lock.')
  await page.keyboard.press('End')
  await expect(readout(page)).toContainText(/step (\d+) of \1/)
  await tabTo(/^Fixed/)
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('verdict')).toContainText('Everybody comes to an end')
  await page.keyboard.press('x')
  await expect(page.getByTestId('explored')).toBeVisible()
  await tabTo(/Everybody comes to an end/)
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('verdict')).toContainText('Everybody comes to an end')
})

test('the keys of this page are listed', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('You are the scheduler')
  await expect(dialog).toContainText('Explore all interleavings')
  await expect(dialog).not.toContainText('One second forward')
})
