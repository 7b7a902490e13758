/** The Tabs page's scenes that go on by themselves: killed, frozen, led, limited, and flown once. */

import { expect, test } from '@playwright/test'
import { gather, leftLocks, openScene, strike } from './tabs-page'

const told = '.disturbances li'

for (const over of ['web-locks', 'indexed-db']) {
  test(`over ${over}: a crashed holder is replaced, a frozen one robbed, its late write refused by its fence`, async ({
    page,
  }) => {
    test.slow()
    await openScene(page, `scene=faults&n=3&over=${over}`)
    await gather(page, 3)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await strike(page, 'Crash')
    await expect(page.locator(told).first()).toHaveText(
      /^(Frame \d) crashed while it had the lock: (?!\1)Frame \d had the lock [\d.]+ m?s later\.$/,
      { timeout: 50_000 },
    )
    const figure = (id: string) => page.locator(`[data-figure="${id}"] dd`)
    await expect(figure('refused')).toHaveText('0')
    await expect(figure('accepted')).toHaveText('0')
    await strike(page, 'Freeze')
    await expect(page.locator(told).first()).toHaveText(
      /froze .*: Frame \d had the lock .* later/,
      {
        timeout: 50_000,
      },
    )
    // Once it wakes up it writes, without looking: one log takes it, the other does not.
    await expect(figure('refused')).not.toHaveText('0', { timeout: 50_000 })
    await expect(figure('accepted')).not.toHaveText('0')
    await expect(page.getByTestId('logs')).toContainText('StaleFenceError')
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect(page.getByTestId('live')).toHaveText('Stopped.')
  })
}

test('a reloaded frame comes back and takes part; a closed one is gone', async ({ page }) => {
  test.slow()
  await openScene(page, 'scene=faults&n=3')
  await gather(page, 3)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await strike(page, 'Reload')
  await expect(page.locator(told).first()).toContainText('later', { timeout: 50_000 })
  await expect(page.getByTestId('stage')).toContainText('3 of 3', { timeout: 50_000 })
  await strike(page, 'Close')
  await expect(page.locator(told).first()).toContainText(/was closed .* later/, { timeout: 50_000 })
  await expect(page.locator('iframe')).toHaveCount(2)
  await page.keyboard.press('1')
  await expect(page.getByTestId('readout')).toBeVisible()
  await expect.poll(() => leftLocks(page)).toEqual([])
  const logs = () =>
    page.evaluate(async () =>
      (await indexedDB.databases()).filter(({ name }) => name?.startsWith('latchkey logs')),
    )
  await expect.poll(logs).toEqual([])
})

test('a leader that resigns, crashes or freezes has a successor with a higher fence', async ({
  page,
}) => {
  test.slow()
  await openScene(page, 'scene=leader&n=4')
  await gather(page, 4)
  await page.getByRole('button', { name: 'Start the campaign' }).click()
  const fences: number[] = []
  for (const how of ['Resign', 'Crash', 'Freeze']) {
    await expect(page.locator('.blows [data-has]')).toHaveCount(1, { timeout: 50_000 })
    await strike(page, how)
    await expect(page.locator(told).first()).toHaveText(/while it led: Frame \d led .* later\.$/, {
      timeout: 50_000,
    })
  }
  await expect(async () => {
    const labels = await page.locator('.bar-writing .bar-label').allTextContents()
    for (const label of labels) {
      const fence = Number(/fence (\d+)/.exec(label)?.[1])
      if (fence > 0 && !fences.includes(fence)) fences.push(fence)
    }
    expect(Math.max(...fences)).toBeGreaterThanOrEqual(4)
  }).toPass({ timeout: 50_000 })
})

test('never more at once than there are permits, and a crash gives one back', async ({ page }) => {
  test.slow()
  await openScene(page, 'scene=semaphore&n=4')
  await gather(page, 4)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.locator('.blows [data-has] button').filter({ hasText: 'Crash' }).first().click()
  await expect(page.getByTestId('stage')).toContainText('3 of 4')
  // The other three come to the end of their six jobs each.
  await expect(page.getByTestId('live')).toHaveText('All jobs are done.', { timeout: 80_000 })
  await expect(page.getByTestId('at-once')).toContainText(
    /(1[89]|2[0-4]) jobs so far, never more than 2 at once: there are 2 permits\./,
  )
})

test('single flight: one makes it, all get the same; a crashed one is replaced', async ({
  page,
}) => {
  test.slow()
  await openScene(page, 'scene=flight&n=3')
  await gather(page, 3)
  const words = page.getByTestId('live')
  await page.getByRole('button', { name: 'All ask at once' }).click()
  await expect(words).toHaveText(
    /^3 of 3 have the same result, number \d+: Frame \d made it, once\.$/,
    { timeout: 50_000 },
  )
  await expect(words).toHaveAttribute('data-kind', 'done')
  await page.getByRole('button', { name: 'All ask at once' }).click()
  await strike(page, 'Crash')
  await expect(words).toHaveText(
    /^2 of 3 have the same result, number \d+: Frame \d made it, once\.$/,
    { timeout: 50_000 },
  )
})
