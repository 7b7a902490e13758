/** How a person meets the page: nobody presses a key before it is there, or while a box closes. */

import { expect, type Locator, type Page } from '@playwright/test'

export const readout = (page: Page) => page.getByTestId('readout')

/** Opens the app and waits until the page inside of its frame, loaded on its own, is there. */
export async function open(page: Page, address = '/'): Promise<void> {
  await page.goto(address)
  await expect(readout(page)).toBeVisible()
}

/** Closes what Escape closes; the keys belong to the page again. */
export async function dismiss(page: Page, box: Locator): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(box).toBeHidden()
}
