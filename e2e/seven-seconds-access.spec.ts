/** Everyone: screen readers, keyboards, small screens, both themes, reduced motion. */

import { expect, test } from '@playwright/test'
import { dismiss, open, readout } from './app-page'
import { expectClean, looks, noOverflow, phoneViewport } from './looks'

for (const { theme, size, viewport } of looks) {
  test(`${theme}, ${size}: no accessibility violations, nothing sticks out`, async ({ page }) => {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme: theme })
    await open(page)
    for (let second = 0; second < 4; second++) await page.keyboard.press('Shift+ArrowRight')
    await expect(readout(page)).toContainText('4.00')
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
    for (const view of ['Side by side', 'Table']) {
      await page.getByRole('button', { name: view }).click()
      await expectClean(page)
      expect(await noOverflow(page)).toBe(true)
    }
    await page.getByRole('button', { name: 'Edit scenario' }).click()
    await page.getByRole('textbox', { name: 'Scenario text' }).fill('A: reed')
    await expect(page.getByText('One error.')).toBeVisible()
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
  })
}

test('dialogs, menus and notices are clean, too', async ({ page }) => {
  await open(page, '/#garbage')
  await expect(page.getByRole('alert')).not.toBeEmpty()
  await expectClean(page)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectClean(page)
  await dismiss(page, page.getByRole('dialog'))
  await page.getByRole('button', { name: 'Scenarios' }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  // An open menu is drawn over the page, outside its landmarks, as menus are.
  await expectClean(page, ['region'])
  await dismiss(page, page.getByRole('menu'))
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectClean(page)
})

test('the table says what the picture shows, and leads to each moment', async ({ page }) => {
  await open(page)
  await expect(page.getByRole('img', { name: /Who reads, writes and waits/ })).toBeVisible()
  await page.getByRole('button', { name: 'Table' }).click()
  const spans = page.getByRole('table', { name: /Who does what/ })
  await expect(
    spans.getByRole('row').filter({ hasText: 'Writer 1' }).filter({ hasText: 'writing' }),
  ).toContainText(/4\.00 s.*5\.00 s.*1\.00 s/)
  await spans
    .getByRole('row')
    .filter({ hasText: 'Writer 1' })
    .getByRole('button', { name: '4.00 s' })
    .click()
  await expect(readout(page)).toContainText('4.00 / 8.00 s')
  const steps = page.getByRole('table', { name: 'Every step' })
  await steps.getByRole('button', { name: '3', exact: true }).click()
  await expect(readout(page)).toContainText('step 3 of')
  await expect(steps.locator('tr[aria-current="step"]')).toContainText('3')
})

test('the why of a step is read aloud', async ({ page }) => {
  await open(page)
  const narration = page.getByTestId('narration')
  await expect(narration).toHaveAttribute('aria-live', 'polite')
  await expect(narration).toBeEmpty()
  await page.keyboard.press('ArrowRight')
  await expect(narration).toContainText(/^Step 1\. /)
  await page.keyboard.press('End')
  await expect(narration).toContainText(/^Step \d\d\. /)
})

test('every control can be reached and seen with Tab', async ({ page }) => {
  await open(page)
  const reached = new Set<string>()
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab')
    const focus = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return undefined
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
      return { name, seen: outlineStyle !== 'none' && outlineWidth !== '0px' }
    })
    if (!focus) break
    expect(focus, `focus on ${focus.name} cannot be seen`).toMatchObject({ seen: true })
    reached.add(focus.name)
  }
  for (const name of [
    'Scenarios',
    'Share',
    'Table',
    'Moment',
    'Play',
    'Speed',
    'Run on real workers',
    'List the keys',
  ]) {
    expect([...reached]).toContain(name)
  }
})

test('the theme follows the system until it is chosen, and the choice lasts', async ({ page }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await page.emulateMedia({ colorScheme: 'light' })
  await open(page)
  const light = await ground()
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await ground()
  expect(dark).not.toBe(light)
  await page.getByRole('button', { name: 'Light' }).click()
  await expect.poll(ground).toBe(light)
  await page.reload()
  await expect.poll(ground).toBe(light)
  await page.getByRole('button', { name: 'As the system' }).click()
  await expect.poll(ground).toBe(dark)
})

test('works without storage', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
  })
  await open(page)
  await page.getByRole('button', { name: 'Dark' }).click()
  await expect(page.getByRole('button', { name: 'Dark', pressed: true })).toBeVisible()
  await expect(readout(page)).toBeVisible()
})

test('reduced motion goes from event to event', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open(page)
  await page.evaluate(() => {
    const times = new Set<string>()
    Object.assign(window, { times })
    const target = document.querySelector('[data-testid="readout"]')
    if (!target) return
    new MutationObserver(() => times.add(target.textContent?.slice(0, 4) ?? '')).observe(target, {
      subtree: true,
      childList: true,
      characterData: true,
    })
  })
  await page.keyboard.press('+')
  await page.keyboard.press('+')
  await page.keyboard.press(' ')
  await expect(readout(page)).toContainText('8.00 / 8.00 s', { timeout: 15_000 })
  const times = await page.evaluate(() => [...(Reflect.get(window, 'times') as Set<string>)])
  expect(times).toEqual(['1.00', '2.00', '3.00', '4.00', '5.00', '6.00', '7.00', '8.00'])
})

test('on a phone the pages and tools are behind one button', async ({ page }) => {
  await page.setViewportSize(phoneViewport)
  await open(page)
  await page.getByRole('button', { name: 'Menu' }).click()
  const menu = page.getByRole('dialog', { name: 'Pages' })
  await expect(menu.getByRole('link', { name: 'Seven seconds' })).toBeVisible()
  await menu.getByRole('button', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await dismiss(page, menu)
  const transport = await page.getByRole('slider', { name: 'Moment' }).boundingBox()
  expect(transport?.y).toBeLessThan(844)
})
