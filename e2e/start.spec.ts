/** The built app loads, isolated, and says nothing on the console. */
import { expect, test } from '@playwright/test'

test('the page loads isolated and without errors', async ({ page }) => {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))

  await page.goto('/')
  await expect(page).toHaveTitle(/Latchkey/)
  await expect(page.locator('#root')).not.toBeEmpty()
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  expect(errors).toEqual([])
})
