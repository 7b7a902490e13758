/** The Tabs page: real frames and tabs that lock, count and copy, seen by all. */

import { expect, test } from '@playwright/test'
import { gather, hand, holders, leftLocks, openScene, stage, waiters } from './tabs-page'

for (const over of ['web-locks', 'indexed-db']) {
  test(`frames queue at one door, over ${over}: seen by all, in order, and gone when closed`, async ({
    page,
  }) => {
    await openScene(page, `scene=door&n=3&over=${over}`)
    await gather(page, 3)
    await hand(page, 'Write', 'Frame 1').click()
    await expect(holders(page)).toHaveText(['Frame 1'])
    await expect(page.locator('.door-party')).toContainText(/writes · .* · fence [1-9]/)
    await hand(page, 'Read', 'Frame 2').click()
    await expect(waiters(page)).toHaveText(['Frame 2'])
    // By its own hand: the frame has the same buttons.
    const third = page.frameLocator('iframe[title="Frame 3"]')
    await third.getByRole('button', { name: 'Read' }).click()
    await expect(waiters(page)).toHaveText(['Frame 2', 'Frame 3'])
    await expect(third.getByRole('status')).toContainText('waits')
    // All see everybody: each frame from where it is, and the inspector.
    for (const frame of ['Frame 1', 'Frame 2']) {
      const seen = page.frameLocator(`iframe[title="${frame}"]`).getByLabel('Seen from here')
      await expect(seen).toContainText('Frame 3 waits')
    }
    const inspector = page.getByRole('region', { name: 'Latchkey inspector' })
    await expect(inspector).toContainText('door')
    await expect(inspector).toContainText('Frame 1')
    await hand(page, 'Release', 'Frame 1').click()
    // Readers are let in together, in no order.
    await expect
      .poll(async () => (await holders(page).allTextContents()).toSorted())
      .toEqual(['Frame 2', 'Frame 3'])
    await expect(third.getByRole('status')).toContainText('reads')
    await hand(page, 'Write', 'Frame 1').click()
    await expect(waiters(page)).toHaveText(['Frame 1'])
    await hand(page, 'Give up', 'Frame 1').click()
    await expect(waiters(page)).toHaveCount(0)
    await page.getByRole('button', { name: 'Close the frames' }).click()
    await expect(page.locator('iframe')).toHaveCount(0)
    await expect.poll(() => leftLocks(page)).toEqual([])
  })
}

test('real tabs open, lock, and close with the page’s own button', async ({ page, context }) => {
  await openScene(page, 'scene=door&n=2&in=tabs')
  await gather(page, 2)
  expect(context.pages().length).toBe(3)
  const first = context.pages().find((each) => each !== page)
  if (!first) throw new Error('No tab was opened')
  await expect(first.getByRole('heading', { level: 1 })).toHaveText(/Tab [12]/)
  const name = (await first.getByRole('heading', { level: 1 }).textContent()) ?? ''
  await first.getByRole('button', { name: 'Write' }).click()
  await expect(holders(page)).toHaveText([name])
  // A visitor may close one by hand: it lets go, and the page knows.
  await first.close()
  await expect(holders(page)).toHaveCount(0)
  await expect(stage(page)).toContainText('1 of 2')
  await page.getByRole('button', { name: 'Close the tabs' }).click()
  await expect.poll(() => context.pages().length).toBe(1)
})

test('tabs that the browser will not open are told, and frames still can be', async ({ page }) => {
  await page.addInitScript(() => {
    window.open = () => null
  })
  await openScene(page, 'scene=door&n=2&in=tabs')
  await page.getByRole('button', { name: 'Open 2 tabs' }).click()
  await expect(stage(page)).toContainText(/could not be opened: .*pop-ups.*or take frames/)
  await page.getByRole('button', { name: 'Frames', exact: true }).click()
  await gather(page, 2)
})

test('the hit counter loses hits without a lock and none with it, in every way', async ({
  page,
}) => {
  await openScene(page, 'scene=counter&n=3')
  const words = page.getByTestId('counter')
  for (const way of ['No lock', 'run', 'await using', 'acquire, release']) {
    await page.getByRole('button', { name: way, exact: true }).click()
    await page.getByRole('button', { name: 'Count', exact: true }).click()
    await expect(words).toContainText(/^60 hits/, { timeout: 50_000 })
    await expect(words).toContainText(
      way === 'No lock' ? /shows \d+: [1-9]\d* were lost/ : 'shows 60: none was lost',
    )
  }
  const rows = page.getByRole('region', { name: 'All ways beside each other' }).locator('tbody tr')
  await expect(rows).toHaveCount(4)
  await expect(rows.first().locator('td').nth(2)).toHaveText(/^[1-9]/)
})

test('of three ways to throw inside one leaks, and the error names who holds', async ({ page }) => {
  await openScene(page, 'scene=counter&n=2')
  const verdict = (way: string) => page.locator(`[data-way="${way}"] .verdict-line`)
  await page.getByRole('button', { name: 'Throw inside run' }).click()
  await expect(verdict('run')).toContainText('Given back', { timeout: 50_000 })
  await page.getByRole('button', { name: 'Throw inside await using' }).click()
  await expect(verdict('using')).toContainText('Given back')
  await page.getByRole('button', { name: 'Throw inside acquire, release' }).click()
  await expect(verdict('bare')).toContainText('Leaked')
  await expect(page.locator('[data-way="bare"]')).toContainText(
    /TimeoutError: .*held by task "Frame 1"/,
  )
  await expect(page.locator('[data-way="bare"]')).toContainText('was 0 before, and is 1 after')
})

test('counting can be cancelled, and leaves neither locks nor databases', async ({ page }) => {
  await openScene(page, 'scene=counter&n=4')
  await gather(page, 4)
  await page.getByRole('button', { name: 'run', exact: true }).click()
  await page.getByRole('button', { name: 'Count', exact: true }).click()
  await expect(page.getByTestId('counter')).toContainText(/Counting… [1-9]/)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByTestId('counter')).toContainText(/^Cancelled after \d+ hits\./)
  await page.keyboard.press('3')
  await expect(page.locator('.workload-title')).toBeVisible()
  await expect.poll(() => leftLocks(page)).toEqual([])
  const databases = () =>
    page.evaluate(async () =>
      (await indexedDB.databases()).flatMap(({ name }) =>
        name?.startsWith('latchkey workload') ? [name] : [],
      ),
    )
  await expect.poll(databases).toEqual([])
})

test('copies: refused, no lock any more, two locks, and one lock by its descriptor', async ({
  page,
}) => {
  await openScene(page, 'scene=copies')
  await page.getByRole('button', { name: 'Try them all' }).click()
  await expect(page.getByTestId('copies')).toContainText('Tried just now', { timeout: 50_000 })
  const way = (id: string) => page.locator(`[data-way="${id}"] .copy-outcome`)
  await expect(way('clone')).toContainText(/Refused.*DataCloneError.*lock\.descriptor\(\)/)
  await expect(way('post')).toContainText(/Refused.*DataCloneError.*lock\.descriptor\(\)/)
  await expect(way('spread')).toContainText(/Not a lock any more.*TypeError/)
  await expect(way('json')).toContainText(/(Refused|Not a lock any more).*TypeError/)
  await expect(way('name')).toContainText('Two locks')
  await expect(way('descriptor')).toContainText('One lock')
})

test('the profile that lied: copies show no wait and lose hits, the lock the other way round', async ({
  page,
}) => {
  await openScene(page, 'scene=copies')
  await page.getByRole('button', { name: 'Run both' }).click()
  await expect(page.getByTestId('profiles')).toContainText('How to recognise it', {
    timeout: 50_000,
  })
  const figures = (guard: string) => page.locator(`[data-guard="${guard}"] dd`)
  await expect(figures('copy')).toHaveText(['0', /^[1-9]\d*$/])
  await expect(figures('run')).toHaveText([/^[1-9]\d*$/, '0'])
  await expect.poll(() => leftLocks(page)).toEqual([])
})

test('a scene and its settings are a link; a broken one is told', async ({ page, context }) => {
  await openScene(page, 'scene=door&n=3')
  await page.getByRole('button', { name: 'Hit counter' }).click()
  await page.getByLabel('How many').selectOption('5')
  await page.getByRole('button', { name: 'IndexedDB' }).click()
  await expect(page).toHaveURL(/scene=counter&n=5&in=frames&over=indexed-db/)
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Who holds the lock/)
  const other = await context.newPage()
  await other.goto('/#/tabs?scene=cellar&n=99')
  await expect(other.getByRole('alert')).toContainText('Here is “Who holds it” instead.')
  await expect(other.getByLabel('How many')).toHaveValue('3')
})

test('two tabs of the app have stages of their own', async ({ page, context }) => {
  const other = await context.newPage()
  for (const each of [page, other]) {
    await openScene(each, 'scene=door&n=2')
    await gather(each, 2)
    await hand(each, 'Write', 'Frame 1').click()
    await expect(holders(each)).toHaveText(['Frame 1'])
  }
  await other.close()
  await expect(holders(page)).toHaveText(['Frame 1'])
  await hand(page, 'Write', 'Frame 2').click()
  await hand(page, 'Release', 'Frame 1').click()
  await expect(holders(page)).toHaveText(['Frame 2'])
})
