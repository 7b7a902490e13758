/** Agents that end in every way are proven dead, and no sooner: others live on, unharmed. */

import { test as base, expect, type Page } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import type {} from './pages/presence'

const test = base.extend<{ readonly openTab: () => Promise<Page> }>({
  openTab: async ({ context }, use) => {
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(error.error().message))
    await use(async () => {
      const page = await context.newPage()
      await page.goto(`${pagesURL}/presence.html`)
      return page
    })
    expect(errors).toEqual([])
  },
})

type Agent = Pick<Page, 'evaluate'>

interface Victim {
  readonly agent: Agent
  readonly die: () => Promise<unknown>
}

async function workerOf(tab: Page): Promise<Agent> {
  const [worker] = await Promise.all([
    tab.waitForEvent('worker'),
    tab.evaluate(() => present.startWorker()),
  ])
  return worker
}

const deaths: Readonly<Record<string, (tab: Page) => Promise<Victim>>> = {
  'a tab is closed': async (tab) => ({ agent: tab, die: () => tab.close() }),
  'a tab crashes': async (tab) => {
    const session = await tab.context().newCDPSession(tab)
    return {
      agent: tab,
      die: async () => {
        const crashed = tab.waitForEvent('crash')
        // Nobody is left to answer.
        session.send('Page.crash').catch(() => {})
        await crashed
      },
    }
  },
  'a tab goes elsewhere': async (tab) => ({ agent: tab, die: () => tab.goto('about:blank') }),
  'a worker is terminated': async (tab) => ({
    agent: await workerOf(tab),
    die: () => tab.evaluate(() => present.terminate()),
  }),
  'the tab of a worker is closed': async (tab) => ({
    agent: await workerOf(tab),
    die: () => tab.close(),
  }),
}

for (const by of ['Web Locks', 'IndexedDB'] as const) {
  for (const [title, victimOf] of Object.entries(deaths)) {
    test(`${by}: ${title}`, async ({ openTab }) => {
      const [watcher, bystander] = [await openTab(), await openTab()]
      const victim = await victimOf(await openTab())
      const appear = (agent: Agent) => agent.evaluate((how) => present.appear(how), by)
      await appear(watcher)
      const living = await appear(bystander)
      const id = await appear(victim.agent)
      for (const each of [living, id]) {
        await watcher.evaluate((who) => present.watch(who), each)
      }
      await bystander.evaluate((who) => present.watch(who), id)
      await victim.die()
      // Both are told, and of nobody else.
      const first = await watcher.evaluate(([who, other]) => present.among(who, [other]), [
        id,
        living,
      ] as const)
      expect(first).toBe(id)
      await bystander.evaluate((who) => present.seen(who), id)
    })
  }

  test(`${by}: a busy worker that is terminated writes nothing after the proof`, async ({
    openTab,
  }) => {
    const tab = await openTab()
    await tab.evaluate((how) => present.appear(how), by)
    const worker = await workerOf(tab)
    const id = await worker.evaluate((how) => present.appear(how), by)
    await tab.evaluate((who) => present.watch(who), id)
    const { early, atDeath, late } = await tab.evaluate((who) => present.outlive(who), id)
    // Chromium lets it go on for up to two seconds: that is no death.
    expect(atDeath).toBeGreaterThan(early)
    expect(late).toBe(atDeath)
  })
}
