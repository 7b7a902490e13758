/** Links to a program, a schedule and a place in it; through reload, history and mishaps. */

import { expect, type Page, test } from '@playwright/test'
import { dismiss, open, readout } from './app-page'

const verdict = (page: Page) => page.getByTestId('verdict')

async function choose(page: Page, title: string) {
  await page.getByRole('button', { name: 'Cases' }).click()
  await page.getByRole('menuitemradio', { name: title }).click()
}

async function shared(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click()
  const link = await page.getByLabel('Link to this moment').inputValue()
  await dismiss(page, page.getByRole('dialog'))
  return link
}

test('a schedule by hand travels in the link, with the place in it', async ({ page, context }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'AB–BA')
  await page.getByRole('button', { name: 'You are the scheduler' }).click()
  for (const key of ['2', '2', '1', '2', '2', '1', '1', '1']) await page.keyboard.press(key)
  await expect(verdict(page)).toHaveText('Everybody comes to an end after 8 steps.')
  for (let back = 0; back < 5; back++) await page.keyboard.press('ArrowLeft')
  const why = await page.getByTestId('why').textContent()
  const other = await context.newPage()
  await open(other, await shared(page))
  await expect(readout(other)).toContainText('step 3 of 8')
  await expect(other.getByTestId('why')).toHaveText(why ?? '')
  await expect(verdict(other)).toHaveText('Everybody comes to an end after 8 steps.')
  await expect(other.getByRole('alert')).toBeEmpty()
})

test('a program of one’s own travels in the link', async ({ page, context }) => {
  await open(page, '/#/deadlocks')
  await page.getByRole('button', { name: 'Edit program' }).click()
  await expect(page.getByRole('textbox', { name: 'Program text' })).toBeFocused()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('title Mine\nthread Zoë\nlock one\nlock one')
  await expect(page.locator('.thread-name')).toContainText(['Zoë'])
  await page.keyboard.press('Escape')
  const other = await context.newPage()
  await open(other, await shared(page))
  await expect(other.locator('.thread-name')).toContainText(['Zoë'])
  await expect(verdict(other)).toContainText('Deadlock: Zoë waits for itself.')
})

test('reload restores case and step; back goes to the case before', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'AB–BA')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(page).toHaveURL(/at=2&/)
  await page.reload()
  await expect(readout(page)).toContainText('step 2 of 4')
  await choose(page, 'Forgotten unlock')
  await page.goBack()
  await expect(page.locator('.headline')).toContainText('AB–BA')
  await expect(readout(page)).toContainText('step 2 of 4')
})

for (const hash of [
  '#/deadlocks?garbage',
  '#/deadlocks?program=AAAA&sum=1',
  '#/deadlocks?%E0%A4%A',
]) {
  test(`a broken link is told and the default shown: ${hash}`, async ({ page }) => {
    await open(page, `/${hash}`)
    const notice = page.getByRole('alert')
    await expect(notice).toContainText('Here is “Recursive read lock” instead.')
    await expect(page.locator('.headline')).toContainText('Recursive read lock')
    await expect(readout(page)).toContainText('step 0')
    await notice.getByRole('button', { name: 'Dismiss' }).click()
    await expect(notice).toBeEmpty()
  })
}
