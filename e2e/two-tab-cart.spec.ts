/** The example app, built with the packed library by `scripts/example.ts`, in two tabs. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test as base, type Page, expect as soon } from '@playwright/test'
import { root } from '../scripts/tool'
import { startVite } from './vite-server'

// On a machine that may be busy.
const expect = soon.configure({ timeout: 30_000 })
const folder = join(root, 'examples/two-tab-cart')

const test = base.extend<{ openTab: (path?: string) => Promise<Page> }, { url: string }>({
  url: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from it
    async ({}, use) => {
      const built = join(folder, 'dist/index.html')
      if (!existsSync(built)) throw new Error(`there is no ${built}: npm test -- --only build`)
      const server = await startVite('preview', folder)
      await use(server.url)
      server.stop()
    },
    { scope: 'worker' },
  ],
  openTab: async ({ context, url }, use) => {
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(error.error().message))
    await use(async (path = '') => {
      const page = await context.newPage()
      await page.goto(url + path)
      return page
    })
    expect(errors).toEqual([])
  },
})

const total = (tab: Page) => tab.getByLabel('Items')
const sync = (tab: Page) => tab.getByLabel('Sync')

/** What the server got. */
function onServer(tab: Page): Promise<{ version: number; by: number } | undefined> {
  return tab.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('two-tab-cart')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const database = opening.result
          const transaction = database.transaction('server')
          const get = transaction.objectStore('server').get('mine')
          get.onsuccess = () => resolve(get.result)
          get.onerror = () => reject(get.error)
          transaction.oncomplete = () => database.close()
        }
      }),
  )
}

test('no change of either tab gets lost', async ({ openTab }) => {
  const tabs = [await openTab(), await openTab()]
  await Promise.all(
    tabs.map(async (tab) => {
      for (const name of ['Add 20 apples', 'Add 20 bread', 'Add 1 cheese']) {
        await tab.getByRole('button', { name, exact: true }).click()
      }
    }),
  )
  for (const tab of tabs) {
    await expect(total(tab)).toHaveText('82')
    await expect(tab.getByLabel('apples')).toHaveText('40')
  }
  await tabs[0]?.getByRole('button', { name: 'Empty' }).click()
  for (const tab of tabs) await expect(total(tab)).toHaveText('0')
})

test('without the lock changes do get lost', async ({ openTab }) => {
  const tab = await openTab('?unlocked')
  await expect(total(tab)).toHaveText('0')
  await tab.getByRole('button', { name: 'Add 20 apples' }).click()
  await expect(total(tab)).not.toHaveText('0')
  expect(Number(await total(tab).textContent())).toBeLessThan(20)
})

test('one tab syncs the cart, and another one after its end', async ({ openTab }) => {
  const first = await openTab()
  await expect(sync(first)).toContainText('version 0 is on the server')
  const second = await openTab()
  await expect(sync(second)).toHaveText('Another tab syncs the cart.')
  // The one that does not lead changes it, the leader sends it.
  await second.getByRole('button', { name: 'Add 1 cheese' }).click()
  await expect(sync(first)).toContainText('version 1 is on the server')
  const before = await onServer(second)
  expect(before).toMatchObject({ version: 1, items: { cheese: 1 } })

  await first.close()
  await expect(sync(second)).toContainText('This tab syncs')
  await second.getByRole('button', { name: 'Add 1 bread' }).click()
  await expect(sync(second)).toContainText('version 2 is on the server')
  const after = await onServer(second)
  expect(after).toMatchObject({ version: 2, items: { cheese: 1, bread: 1 } })
  expect(after?.by).toBeGreaterThan(before?.by ?? Number.POSITIVE_INFINITY)
})

test('in development the inspector shows the locks of both tabs, and only then', async ({
  openTab,
  context,
}) => {
  const server = await startVite('dev', folder)
  try {
    const tabs = [await context.newPage(), await context.newPage()]
    for (const tab of tabs) await tab.goto(server.url)
    for (const tab of tabs) {
      const held = tab.getByRole('list', { name: 'Holders and waiters of cart sync' })
      await expect(held.getByRole('listitem')).toHaveCount(2)
    }
    for (const tab of tabs) await tab.close()
  } finally {
    server.stop()
  }
  const built = await openTab()
  await expect(total(built)).toHaveText('0')
  await expect(built.getByRole('list', { name: 'Locks' })).toHaveCount(0)
})
