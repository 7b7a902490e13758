/** The hooks in real tabs, under Strict Mode: one of them holds, and nothing is left behind. */

import type { Page } from '@playwright/test'
import { test, expect as within } from './locks-tabs'

// On a machine that may be busy.
const expect = within.configure({ timeout: 30_000 })

const status = (tab: Page) => tab.getByRole('status')
const inBrowser = (tab: Page) =>
  tab.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    const mine = (list: LockInfo[]) => list.filter(({ name }) => name === 'draft').length
    return { held: mine(held), pending: mine(pending) }
  })

test('one tab holds, and the next one goes on when it lets go, in whichever way', async ({
  openTab,
}) => {
  const first = await openTab('react.html')
  await expect(status(first)).toHaveText('held')
  const second = await openTab('react.html')
  await expect(status(second)).toHaveText('waiting')
  // Both mounts of each component, and one request of each to the browser.
  expect(await inBrowser(first)).toEqual({ held: 1, pending: 1 })

  await first.getByRole('button', { name: 'Release' }).click()
  await expect(status(first)).toHaveText('idle')
  await expect(status(second)).toHaveText('held')

  await first.getByRole('button', { name: 'Retry' }).click()
  await expect(status(first)).toHaveText('waiting')
  await second.getByRole('checkbox').uncheck()
  await expect(status(first)).toHaveText('held')

  await second.getByRole('checkbox').check()
  await expect(status(second)).toHaveText('waiting')
  await first.getByRole('button', { name: 'Another' }).click()
  await expect(status(second)).toHaveText('held')
  await expect(status(first)).toHaveText('held')

  await second.close()
  expect((await inBrowser(first)).pending).toBe(0)
  await first.close()
})

test('a component that leaves while it waits leaves the queue', async ({ openTab }) => {
  const first = await openTab('react.html')
  await expect(status(first)).toHaveText('held')
  const second = await openTab('react.html')
  await expect(status(second)).toHaveText('waiting')
  await second.getByRole('checkbox').uncheck()
  await expect.poll(() => inBrowser(first)).toEqual({ held: 1, pending: 0 })
  await first.close()
  await expect.poll(() => inBrowser(second)).toEqual({ held: 0, pending: 0 })
  await second.close()
})

test('every tab shows who holds and who waits in all of them', async ({ openTab }) => {
  const first = await openTab('react.html')
  const second = await openTab('react.html')
  const queues = [first, second].map((tab) => tab.getByLabel('Queue'))
  for (const queue of queues) await expect(queue).toHaveText('1 holding, 1 waiting')
  const third = await openTab('react.html')
  for (const queue of queues) await expect(queue).toHaveText('1 holding, 2 waiting')
  await first.close()
  await expect(third.getByLabel('Queue')).toHaveText('1 holding, 1 waiting')
  await second.close()
  await expect(third.getByLabel('Queue')).toHaveText('1 holding, 0 waiting')
  await third.close()
})

test('a stolen lock shows as lost, and is not stolen back', async ({ openTab }) => {
  const tab = await openTab('react.html')
  await expect(status(tab)).toHaveText('held')
  await tab.evaluate(() => {
    navigator.locks.request('draft', { steal: true }, () => new Promise(() => {}))
  })
  await expect(status(tab)).toHaveText('lost')
  expect(await inBrowser(tab)).toEqual({ held: 1, pending: 0 })
  await tab.getByRole('button', { name: 'Retry' }).click()
  await expect(status(tab)).toHaveText('waiting')
  await tab.close()
})
