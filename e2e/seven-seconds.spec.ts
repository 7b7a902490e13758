/** The page as a teacher uses it: step, play, drag, compare, all also by keyboard alone. */

import { expect, type Page, test } from '@playwright/test'
import { dismiss, open, readout } from './app-page'

const why = (page: Page) => page.getByTestId('why')
const play = (page: Page) => page.getByRole('button', { name: 'Play', exact: true })
const pause = (page: Page) => page.getByRole('button', { name: 'Pause', exact: true })

/** Where the playhead of the nth picture stands, in pixels of the page. */
async function playheadX(page: Page, nth = 0): Promise<number> {
  const box = await page.getByTestId('playhead').nth(nth).boundingBox()
  return box ? box.x + box.width / 2 : Number.NaN
}

const stepOf = async (page: Page) =>
  Number(/step (\d+)/.exec((await readout(page).textContent()) ?? '')?.[1])

test.beforeEach(async ({ page }) => {
  await open(page)
})

test('asks one question and waits at the start', async ({ page }) => {
  await expect(page).toHaveTitle(/Why can’t Reader 2 read while Reader 1 is reading\?/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Why can’t Reader 2 read while Reader 1 is reading?',
  )
  await expect(readout(page)).toContainText(/0\.00 \/ 8\.00 s.*step 0 of \d+/)
  await expect(play(page)).toBeVisible()
  await expect(why(page)).toContainText('Nobody has asked for the lock yet')
})

test('can be walked with the keyboard alone, there and back', async ({ page }) => {
  const total = Number(/of (\d+)/.exec((await readout(page).textContent()) ?? '')?.[1])
  expect(total).toBeGreaterThan(10)
  const told: string[] = []
  for (let step = 1; step <= total; step++) {
    await page.keyboard.press('ArrowRight')
    await expect(readout(page)).toContainText(`step ${step} of ${total}`)
    await expect(page.locator('.listing-line[aria-current="step"]')).toHaveCount(1)
    told.push((await why(page).textContent()) ?? '')
  }
  expect(told.every((sentence) => sentence.length > 20)).toBe(true)
  for (let step = total - 1; step >= 0; step--) {
    await page.keyboard.press('ArrowLeft')
    await expect(readout(page)).toContainText(`step ${step} of ${total}`)
    if (step > 0) await expect(why(page)).toHaveText(told[step - 1] ?? '')
  }
  await expect(readout(page)).toContainText('0.00 / 8.00 s')
})

test('fits a screen of 1440 by 900 at every step', async ({ page }) => {
  const tooHigh = () =>
    page.evaluate(
      () => document.documentElement.scrollHeight - document.documentElement.clientHeight,
    )
  const total = Number(/of (\d+)/.exec((await readout(page).textContent()) ?? '')?.[1])
  for (let step = 1; step <= total; step++) {
    await page.keyboard.press('ArrowRight')
    await expect(readout(page)).toContainText(`step ${step} of`)
    expect(await tooHigh(), `at step ${step}`).toBe(0)
  }
})

test('moves by seconds, to the end and to the start', async ({ page }) => {
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(readout(page)).toContainText('3.00 / 8.00 s')
  await expect(page.getByTestId('registers')).toContainText('230')
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(readout(page)).toContainText('2.00 / 8.00 s')
  await page.keyboard.press('End')
  await expect(readout(page)).toContainText('8.00 / 8.00 s')
  await page.keyboard.press('Home')
  await expect(readout(page)).toContainText('0.00 / 8.00 s')
})

test('tells why at each step, and what is inside the lock', async ({ page }) => {
  for (let second = 0; second < 3; second++) await page.keyboard.press('Shift+ArrowRight')
  await expect(why(page)).toContainText(/^Second 3\. Reader 2/)
  await expect(page.getByRole('heading', { level: 2, name: /as Reader 2 runs it/ })).toBeVisible()
  const registers = page.getByTestId('registers')
  await expect(registers.locator('dt')).toHaveText([
    'readerCount',
    'readerWait',
    'writerSem',
    'readerSem',
    'w',
    'held by',
  ])
  await expect(registers.getByText('Reader 1 · read')).toBeVisible()
  await expect(page.locator('.arrows .arrow')).toHaveCount(2)
})

test('plays and pauses with Space, and stops at the end', async ({ page }) => {
  await page.keyboard.press('+')
  await page.keyboard.press('+')
  await expect(page.getByLabel('Speed', { exact: true })).toHaveValue('4')
  await page.keyboard.press(' ')
  await expect(pause(page)).toBeVisible()
  await expect.poll(() => stepOf(page)).toBeGreaterThan(3)
  await page.keyboard.press(' ')
  await expect(play(page)).toBeVisible()
  const stopped = await readout(page).textContent()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(readout(page)).not.toHaveText(stopped ?? '')
  await page.keyboard.press(' ')
  await expect(readout(page)).toContainText('8.00 / 8.00 s', { timeout: 15_000 })
  await expect(play(page)).toBeVisible()
})

test('still answers to Space after a click on a policy', async ({ page }) => {
  await page.getByRole('button', { name: 'Readers first' }).click()
  await page.keyboard.press(' ')
  await expect(pause(page)).toBeVisible()
})

test('follows the playhead where it is dragged, and the slider', async ({ page }) => {
  const grip = page.getByTestId('grip')
  const box = await grip.boundingBox()
  if (!box) throw new Error('The lanes have no grip')
  await page.mouse.move(box.x + 30, box.y + 60)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 4 })
  await page.mouse.up()
  await expect(readout(page)).toContainText(/^(3\.9|4\.0)/)
  expect(Math.abs((await playheadX(page)) - (box.x + box.width / 2))).toBeLessThan(2)

  const slider = page.getByRole('slider', { name: 'Moment' })
  const track = await slider.boundingBox()
  if (!track) throw new Error('The slider has no box')
  await page.mouse.click(track.x + track.width * 0.75, track.y + track.height / 2)
  await expect(readout(page)).toContainText(/^(5\.9|6\.0)/)
  await slider.focus()
  await page.keyboard.press('Home')
  await expect(slider).toHaveAttribute('aria-valuenow', '0')
  await page.keyboard.press('ArrowRight')
  await expect(slider).toHaveAttribute('aria-valuetext', /1\.00 seconds, step 1 of \d+/)
})

test('shows every policy side by side with one playhead', async ({ page }) => {
  await page.getByRole('button', { name: 'Side by side' }).click()
  const pictures = page.getByRole('figure')
  await expect(pictures).toHaveCount(4)
  await expect(page.getByTestId('playhead')).toHaveCount(4)
  for (let second = 0; second < 4; second++) await page.keyboard.press('Shift+ArrowRight')
  const places = await Promise.all(
    [0, 1, 2, 3].map(async (nth) => {
      const picture = await pictures.nth(nth).boundingBox()
      return (await playheadX(page, nth)) - (picture?.x ?? 0)
    }),
  )
  for (const place of places) expect(place).toBeCloseTo(places[0] ?? 0, 0)
  // Readers first is the one under which Reader 2 never waits.
  await expect(
    pictures.filter({ hasText: 'Readers first' }).locator('.bars-past .bar'),
  ).not.toHaveCount(
    await pictures.filter({ hasText: 'Go · phase-fair' }).locator('.bars-past .bar').count(),
  )
})

test('answers differently under another policy', async ({ page }) => {
  for (let second = 0; second < 3; second++) await page.keyboard.press('Shift+ArrowRight')
  await page.getByRole('button', { name: 'Readers first' }).click()
  await expect(readout(page)).toContainText('3.00')
  await expect(page.getByTestId('registers')).toContainText('Reader 2 · read')
})

test('lists its keys', async ({ page }) => {
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keys' })
  await expect(dialog).toContainText('One step forward')
  await page.keyboard.press('ArrowRight')
  await expect(readout(page)).toContainText('step 0')
  await dismiss(page, dialog)
})
