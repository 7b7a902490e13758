/** The Contention page: a workload on real workers, seen live, understood, taken away. */

import { expect, type Page, test } from '@playwright/test'
import { encodeWorkloadLink, firstWorkload, type Workload } from '../src/scenario'
import { figure, openWorkload, run, runToEnd, spanWords, status } from './contention-page'

const brief: Workload = {
  ...firstWorkload,
  title: 'Brief',
  workers: 3,
  end: { kind: 'actions', actions: 90, shared: 'evenly' },
}

/** How many events the lanes hold, as the page says it. */
const events = async (page: Page) =>
  Number((await page.locator('.lanes-range').textContent())?.match(/([\d,]+) events/)?.[1])

test('a workload runs on real workers, and every figure agrees with it', async ({ page }) => {
  await openWorkload(page, brief)
  await expect(page).toHaveTitle('Who makes everybody else wait? · Latchkey')
  await runToEnd(page)
  await expect(figure(page, 'done')).toContainText('90')
  await expect(figure(page, 'lost')).toContainText('0')
  await expect(figure(page, 'median')).toContainText(/\d+(\.\d+)? (ms|µs)/)
  await expect(figure(page, 'frames')).toContainText(/^Frames this page dropped\d/)
  // Each of them asked for, got and gave back.
  expect(await events(page)).toBe(270)
  await page.getByRole('button', { name: 'Table', exact: true }).click()
  const rows = page.getByRole('region', { name: 'Lanes in numbers' }).locator('tbody tr')
  await expect(rows).toHaveCount(3)
  const holds = await rows.locator('td:nth-child(2)').allTextContents()
  expect(holds.map(Number).reduce((sum, each) => sum + each, 0)).toBe(90)
  // Nothing of the run is left: whoever is there holds a lock of the browser's.
  const left = () => page.evaluate(async () => (await navigator.locks.query()).held?.length)
  await expect.poll(left).toBe(0)
})

test('without a lock updates are lost, and counted in plain sight', async ({ page }) => {
  await openWorkload(page, {
    ...brief,
    lock: { kind: 'none' },
    think: { kind: 'fixed', ms: 0 },
    end: { kind: 'actions', actions: 150, shared: 'evenly' },
  })
  await runToEnd(page)
  await expect(figure(page, 'done')).toContainText('150')
  await expect(figure(page, 'lost').locator('[data-alarming] .figure-value')).toHaveText(
    /^[1-9]\d*$/,
  )
})

test('the lanes: the wheel zooms, dragging moves, a click tells what a bar is', async ({
  page,
}) => {
  await openWorkload(page, brief)
  await runToEnd(page)
  const range = page.locator('.lanes-range')
  const whole = await range.textContent()
  const canvas = page.locator('.lanes-layer').last()
  const box = await canvas.boundingBox()
  if (!box) throw new Error('The lanes have no canvas')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.wheel(0, -600)
  await expect(range).not.toHaveText(whole ?? '')
  const near = await range.textContent()
  await page.mouse.down()
  await page.mouse.move(x - 150, y, { steps: 5 })
  await page.mouse.up()
  await expect(range).not.toHaveText(near ?? '')
  // Moving is not choosing.
  await expect(spanWords(page)).toContainText('Click a bar')
  await page.keyboard.press('0')
  await expect(range).toHaveText(whole ?? '')
  await page.getByRole('button', { name: 'Longest wait' }).click()
  await expect(spanWords(page)).toContainText(
    /waited .+ for one mutex, from .+ on\. It was let in by/,
  )
  const told = await spanWords(page).textContent()
  await page.keyboard.press('.')
  await expect(spanWords(page)).toContainText(/held one mutex for/)
  await page.keyboard.press(',')
  await expect(spanWords(page)).toHaveText(told ?? '')
})

test('the profile, its order, and a finding that leads to its moment', async ({ page }) => {
  await openWorkload(page, {
    ...firstWorkload,
    title: 'One long hold',
    writeHold: { kind: 'bimodal', short: 1, long: 400, longShare: 0.05 },
    end: { kind: 'actions', actions: 80, shared: 'evenly' },
  })
  await runToEnd(page)
  const profile = page.getByRole('region', { name: 'Profile' })
  await expect(profile.locator('tbody th')).toHaveText('one mutex')
  await profile.getByRole('button', { name: 'By worker' }).click()
  await expect(profile.locator('tbody th').first()).toContainText(/^Worker \d, write$/)
  const shares = () => profile.locator('tbody td:nth-child(3)').allTextContents()
  const byDelay = await shares()
  await profile.getByRole('button', { name: 'Worker', exact: true }).click()
  await expect(profile.locator('tbody th').first()).toHaveText('Worker 1, write')
  expect((await shares()).toSorted()).toEqual(byDelay.toSorted())
  await expect(profile.locator('th[aria-sort]')).toHaveText('Worker')

  const tree = page.getByRole('tree')
  await tree.getByRole('treeitem').first().focus()
  await page.keyboard.press('ArrowUp')
  await expect(tree.getByRole('treeitem', { selected: true })).toHaveAccessibleName(
    /^one mutex: .+, 100 % of all waiting/,
  )
  await page.keyboard.press('ArrowUp')
  await expect(tree.getByRole('treeitem', { selected: true })).toHaveAccessibleName(
    /^Worker \d, write/,
  )

  const range = page.locator('.lanes-range')
  const before = await range.textContent()
  const finding = page.getByTestId('findings').locator('li').filter({ hasText: 'Long hold' })
  await finding.getByRole('button').first().click()
  await expect(range).not.toHaveText(before ?? '')
  await expect(spanWords(page)).toContainText('waited')
})

test('B runs after A on the same seed, and the difference is told', async ({ page }) => {
  await openWorkload(page, brief)
  await page.keyboard.press('b')
  await page.getByLabel('Lock').selectOption('navigator.locks, raw')
  await expect(page).toHaveURL(/b=/)
  await runToEnd(page)
  await expect(status(page)).toHaveText('Both runs are done.')
  await expect(figure(page, 'done').locator('dd')).toHaveCount(2)
  // Both are seen, through one window.
  await expect(page.getByRole('group', { name: /^Lanes of all workers in [AB]\./ })).toHaveCount(2)
  await expect(page.getByTestId('compare')).toContainText('sections a second')
  await expect(page.getByTestId('compare')).toContainText('No update was lost in either.')
  const profile = page.getByRole('region', { name: 'Profile' })
  await expect(profile).toContainText('(B)')
  await page.getByRole('group', { name: 'Workload' }).getByRole('button', { name: 'A' }).click()
  await expect(profile).toContainText('(A)')
})

test('a run can be cancelled, and leaves no lock behind', async ({ page }) => {
  await openWorkload(page, { ...brief, end: { kind: 'time', ms: 60_000 } })
  await run(page).click()
  await expect(figure(page, 'done').locator('.figure-value')).not.toHaveText('0')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(status(page)).toContainText('Cancelled')
  await expect(run(page)).toBeVisible()
  const left = () => page.evaluate(async () => (await navigator.locks.query()).held?.length)
  await expect.poll(left).toBe(0)
  // What was measured until then can still be looked at.
  await expect(page.getByRole('region', { name: 'Profile' })).toBeVisible()
})

test('what cannot be performed is told at its field, and not run', async ({ page }) => {
  await openWorkload(page, brief)
  const workers = page.getByLabel('Workers')
  await workers.fill('9')
  await expect(workers).toHaveAccessibleDescription(
    'workers must be a whole number from 1 to 8, got 9',
  )
  await expect(run(page)).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('r')
  await expect(status(page)).toContainText('must be put right')
  await workers.fill('2')
  await expect(run(page)).toHaveAttribute('aria-disabled', 'false')
  await page.getByLabel('Reach').selectOption('Realm: one worker')
  await expect(page.getByLabel('Lock')).toHaveAccessibleDescription(/ends at the worker/)
})

test('a workload is a link, through reload and history', async ({ page, context }) => {
  await openWorkload(page, brief)
  await page.getByRole('spinbutton', { name: 'Keys' }).fill('7')
  await page.getByLabel('Lock').selectOption('Keyed mutex')
  await page.getByRole('button', { name: 'Share' }).click()
  const link = await page.getByLabel('Link to this moment').inputValue()
  await page.keyboard.press('Escape')
  const other = await context.newPage()
  await other.goto(link)
  await expect(other.getByRole('spinbutton', { name: 'Keys' })).toHaveValue('7')
  await expect(other.getByLabel('Lock')).toHaveValue('keyed-mutex')
  await expect(other.getByRole('alert')).toBeEmpty()
  await page.getByRole('button', { name: 'Workloads' }).click()
  await page.getByRole('menuitemradio', { name: 'Convoy' }).click()
  await expect(page.locator('.workload-title')).toContainText('Convoy')
  await page.goBack()
  await expect(page.locator('.workload-title')).toContainText('Brief')
  await expect(page.getByRole('spinbutton', { name: 'Keys' })).toHaveValue('7')
})

for (const hash of [
  '#/contention?garbage',
  `#/contention?${encodeWorkloadLink({ a: brief }).slice(1, -1)}`,
]) {
  test(`a broken link is told and the default shown: ${hash.slice(0, 30)}`, async ({ page }) => {
    await page.goto(`/${hash}`)
    await expect(page.getByRole('alert')).toContainText(`Here is “${firstWorkload.title}” instead.`)
    await expect(page.locator('.workload-title')).toContainText(firstWorkload.title)
  })
}
