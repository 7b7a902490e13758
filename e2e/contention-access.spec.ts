/** Everyone: screen readers, keyboards, small screens, both themes. */

import { expect, test } from '@playwright/test'
import { firstWorkload, type Workload } from '../src/scenario'
import { openWorkload, runToEnd, spanWords, status } from './contention-page'
import { expectClean, looks, noOverflow, phoneViewport } from './looks'

const a: Workload = {
  ...firstWorkload,
  title: 'Readers and a writer',
  workers: 2,
  tasks: 2,
  reads: 0.7,
  lock: { kind: 'rw-lock', policy: 'phase-fair', reach: 'origin', fair: 'bounded' },
  end: { kind: 'actions', actions: 80, shared: 'evenly' },
}
const b: Workload = { ...a, title: 'Without', lock: { kind: 'none' } }

for (const { theme, size, viewport } of looks) {
  test(`${theme}, ${size}: no accessibility violations, nothing sticks out`, async ({ page }) => {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await openWorkload(page, a, b)
    await expectClean(page)
    await runToEnd(page)
    await expect(status(page)).toHaveText('Both runs are done.')
    await page.getByRole('button', { name: 'Longest wait' }).click()
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    await page.getByRole('button', { name: 'By worker' }).click()
    await page.getByRole('spinbutton', { name: 'Workers' }).fill('99')
    await expect(page.locator('.field-problem')).toBeVisible()
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
  })
}

test('with the keyboard alone: run, look about, be told, walk the flame graph', async ({
  page,
}) => {
  await openWorkload(page, { ...a, lock: firstWorkload.lock })
  await page.keyboard.press('r')
  await expect(status(page)).toHaveText('The run is done.', { timeout: 50_000 })
  const narration = page.getByTestId('narration')
  await expect(narration).toContainText('80 sections done.')
  const range = page.locator('.lanes-range')
  const whole = await range.textContent()
  await page.keyboard.press('+')
  await page.keyboard.press('+')
  await expect(range).not.toHaveText(whole ?? '')
  const middle = await range.textContent()
  await page.keyboard.press('ArrowRight')
  await expect(range).not.toHaveText(middle ?? '')
  await page.keyboard.press('0')
  await expect(range).toHaveText(whole ?? '')
  await page.keyboard.press('w')
  await expect(spanWords(page)).toContainText('waited')
  await expect(narration).toHaveText((await spanWords(page).textContent()) ?? '')
  await page.keyboard.press('>')
  await page.keyboard.press('<')
  await expect(narration).toContainText(/Worker \d (waited|held|read)/)

  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return ''
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      const seen = outlineStyle !== 'none' && outlineWidth !== '0px'
      const label = element.getAttribute('aria-label') ?? element.textContent ?? ''
      return `${element.getAttribute('role') ?? element.tagName} ${label}${seen ? '' : ' (unseen)'}`
    })
  const tabTo = async (name: RegExp) => {
    for (let press = 0; press < 90; press++) {
      await page.keyboard.press('Tab')
      const on = await focused()
      expect(on).not.toContain('(unseen)')
      if (name.test(on)) return
    }
    throw new Error(`Tab does not reach ${name}`)
  }
  await tabTo(/^group Lanes/)
  await tabTo(/^treeitem all waiting/)
  await page.keyboard.press('ArrowUp')
  expect(await focused()).toMatch(/^treeitem one mutex/)
  await page.keyboard.press('ArrowUp')
  expect(await focused()).toMatch(/^treeitem Worker \d/)
  await page.keyboard.press('ArrowRight')
  expect(await focused()).toMatch(/^treeitem Worker \d/)
  await page.keyboard.press('ArrowDown')
  expect(await focused()).toMatch(/^treeitem one mutex/)
})

test('two fingers zoom the lanes, one moves them', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    viewport: phoneViewport,
    hasTouch: true,
    ...(baseURL ? { baseURL } : {}),
  })
  const page = await context.newPage()
  await openWorkload(page, a)
  await runToEnd(page)
  const canvas = page.locator('.lanes-layer').last()
  await canvas.scrollIntoViewIfNeeded()
  const box = await canvas.boundingBox()
  if (!box) throw new Error('The lanes have no canvas')
  const session = await context.newCDPSession(page)
  const y = box.y + box.height / 2
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: readonly number[]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: xs.map((x, id) => ({ x: box.x + x, y, id })),
    })
  const range = page.locator('.lanes-range')
  const whole = await range.textContent()
  await touch('touchStart', 120, 180)
  for (let step = 1; step <= 5; step++) await touch('touchMove', 120 - 15 * step, 180 + 15 * step)
  await touch('touchEnd')
  await expect(range).not.toHaveText(whole ?? '')
  const near = await range.textContent()
  await touch('touchStart', 200)
  for (let step = 1; step <= 5; step++) await touch('touchMove', 200 - 20 * step)
  await touch('touchEnd')
  await expect(range).not.toHaveText(near ?? '')
  await context.close()
})

test('the keys of this page are listed', async ({ page }) => {
  await openWorkload(page, a)
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Go to the longest wait in sight')
  await expect(dialog).toContainText('Run on real workers')
  await expect(dialog).not.toContainText('You are the scheduler')
})
