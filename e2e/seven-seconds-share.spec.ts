/** Links: to a scenario, a policy and a moment; through history, reload and mishaps. */

import { expect, type Page, test } from '@playwright/test'
import { dismiss, open, readout } from './app-page'

const pressed = (page: Page, name: string) => page.getByRole('button', { name, pressed: true })

async function toMoment(page: Page) {
  await page.getByRole('button', { name: 'Web Locks · FIFO' }).click()
  for (let second = 0; second < 4; second++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('ArrowLeft')
}

test('a shared link opens at the moment it was shared at', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page)
  await toMoment(page)
  const shown = await readout(page).textContent()
  await page.getByRole('button', { name: 'Share' }).click()
  const box = page.getByRole('dialog')
  await expect(box).toContainText('Link copied.')
  await expect(box).toContainText('under Web Locks · FIFO')
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(await box.getByLabel('Link to this moment').inputValue()).toBe(link)

  const other = await context.newPage()
  await open(other, link)
  await expect(readout(other)).toHaveText(shown ?? '')
  await expect(pressed(other, 'Web Locks · FIFO')).toBeVisible()
  await expect(other.getByRole('alert')).toBeEmpty()
})

test('a scenario of one’s own travels in the link', async ({ page, context }) => {
  await open(page)
  await page.getByRole('button', { name: 'Edit scenario' }).click()
  await expect(page.getByRole('textbox', { name: 'Scenario text' })).toBeFocused()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('Ünï: write at 1s for 1s')
  await expect(page.locator('.lanes-name')).toHaveText(['Ünï'])
  await page.getByRole('button', { name: 'Share' }).click()
  const link = await page.getByLabel('Link to this moment').inputValue()
  const other = await context.newPage()
  await open(other, link)
  await expect(other.locator('.lanes-name')).toHaveText(['Ünï'])
})

test('says when the clipboard is refused, and shows the link', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) },
    })
  })
  await open(page)
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByRole('dialog')).toContainText('did not let us copy')
  await expect(page.getByLabel('Link to this moment')).toHaveValue(/#\/seven-seconds\?/)
})

test('reload restores the moment', async ({ page }) => {
  await open(page)
  await toMoment(page)
  const shown = await readout(page).textContent()
  const step = /step (\d+)/.exec(shown ?? '')?.[1]
  await expect(page).toHaveURL(new RegExp(`at=4000&step=${step}&`))
  await page.reload()
  await expect(readout(page)).toHaveText(shown ?? '')
  await expect(pressed(page, 'Web Locks · FIFO')).toBeVisible()
})

test('a link followed in the open page is shown, and a good one ends the notice', async ({
  page,
}) => {
  await open(page, '/#garbage')
  await expect(page.getByRole('alert')).not.toBeEmpty()
  await toMoment(page)
  const shown = await readout(page).textContent()
  await page.getByRole('button', { name: 'Share' }).click()
  const link = await page.getByLabel('Link to this moment').inputValue()
  await dismiss(page, page.getByRole('dialog'))
  await page.keyboard.press('Home')
  await expect(readout(page)).toContainText('0.00')
  await page.evaluate((address) => location.assign(address), link)
  await expect(readout(page)).toHaveText(shown ?? '')
  await expect(page.getByRole('alert')).toBeEmpty()
})

test('back and forward go through the choices', async ({ page }) => {
  await open(page)
  await page.keyboard.press('Shift+ArrowRight')
  await page.getByRole('button', { name: 'Readers first' }).click()
  await page.getByRole('button', { name: 'Writers first' }).click()
  await page.goBack()
  await expect(pressed(page, 'Readers first')).toBeVisible()
  await page.goBack()
  await expect(pressed(page, 'Go · phase-fair')).toBeVisible()
  await expect(readout(page)).toContainText('1.00')
  await page.goForward()
  await expect(pressed(page, 'Readers first')).toBeVisible()
})

for (const hash of ['#garbage', '#/seven-seconds?policy=go&at=1', '#/no-such-page', '#/%E0%A4%A']) {
  test(`a broken link is told and the default shown: ${hash}`, async ({ page }) => {
    await open(page, `/${hash}`)
    const notice = page.getByRole('alert')
    await expect(notice).toContainText('Here is “Seven seconds” instead.')
    await expect(readout(page)).toContainText('0.00 / 8.00 s')
    await notice.getByRole('button', { name: 'Dismiss' }).click()
    await expect(notice).toBeEmpty()
  })
}
