/**
 * Pages in the back/forward cache. Chromium leaves them the locks that they hold, and ends them when
 * somebody asks for one; but who asked a moment before waits, until somebody else asks.
 */

import { setTimeout as passed } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { expect, test as tabTest } from './locks-tabs'

const test = tabTest.extend({
  launchOptions: [
    async ({ launchOptions }, use) => {
      // Playwright turns it off.
      await use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] })
    },
    { scope: 'worker' },
  ],
})

test('who asks while the holder leaves gets the lock, and the holder is told that it lost it', async ({
  openTab,
}) => {
  const other = await openTab()
  let cached = 0
  // Within these times of the navigation's begin Chromium's own locks are stuck in most runs.
  for (const moment of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    const tab = await openTab()
    await tab.evaluate(async () => {
      agent.keep('hold', await agent.locks.mutex('cart').acquire())
    })
    const leaving = tab.goto('about:blank')
    await passed(moment)
    expect(await other.evaluate(() => agent.locks.mutex('cart').run(() => 'ran'))).toBe('ran')
    await leaving
    await tab.goBack({ waitUntil: 'commit' })
    if (await comesFromCache(tab)) {
      cached++
      const { loss, after } = await tab.evaluate(async () => {
        const hold = await agent.kept<{ signal: AbortSignal }>('hold')
        const run = agent.locks.mutex('cart').run(() => 'ran')
        return { loss: hold.signal.reason?.name, after: await run }
      })
      expect(loss).toBe('LockLostError')
      expect(after).toBe('ran')
    }
    await tab.close()
  }
  expect(cached).toBeGreaterThan(0)
})

test('who asks while a raw holder leaves gets the lock, if only after a while', async ({
  openTab,
}) => {
  const other = await openTab()
  for (const moment of [0, 1, 2, 3, 4]) {
    const tab = await openTab()
    await tab.evaluate(async () => {
      agent.keep('hold', await agent.holdRaw('cart'))
    })
    const leaving = tab.goto('about:blank')
    await passed(moment)
    expect(await other.evaluate(() => agent.locks.mutex('cart').run(() => 'ran'))).toBe('ran')
    await leaving
    await tab.close()
  }
})

test('a tab that waits is granted nothing while it is cached, and goes on to wait when it is back', async ({
  openTab,
}) => {
  const other = await openTab()
  await other.evaluate(async () => {
    agent.keep('hold', await agent.locks.mutex('cart').acquire())
  })
  const tab = await openTab()
  await tab.evaluate(() => {
    agent.keep('late', agent.locks.mutex('cart').acquire())
  })
  await tab.goto('about:blank')
  await other.evaluate(async () => {
    ;(await agent.kept<{ release(): void }>('hold')).release()
    await agent.locks.mutex('cart').run(() => {})
    agent.keep('hold', await agent.locks.mutex('cart').acquire())
  })
  await tab.goBack({ waitUntil: 'commit' })
  expect(await comesFromCache(tab)).toBe(true)
  await other.evaluate(async () => (await agent.kept<{ release(): void }>('hold')).release())
  await tab.evaluate(async () => (await agent.kept<{ release(): void }>('late')).release())
})

/** Else it was loaded anew. */
async function comesFromCache(tab: Page): Promise<boolean> {
  await tab.waitForFunction(() => 'agent' in globalThis)
  return tab.evaluate(() => {
    const [loaded] = performance.getEntriesByType('navigation')
    return (loaded as PerformanceNavigationTiming).type === 'navigate'
  })
}
