/** Specs that shall hold whatever carries the locks: over Web Locks, and on plain http over IndexedDB. */

import type { CDPSession, Page } from '@playwright/test'
import { test as overIndexedDb } from './indexed-db-tabs'
import { test as overWebLocks } from './locks-tabs'
import type {} from './pages/agent'
import type {} from './pages/indexed-db'

type Body = (openTab: () => Promise<Page>) => Promise<void>

/** The test, on each of them. */
export function testCarried(title: string, body: Body): void {
  overWebLocks(`${title} (web-locks)`, ({ openTab }) => body(openTab))
  overIndexedDb(`${title} (indexed-db)`, ({ openTab }) => body(openTab))
}

/** Resolves once so many in the origin wait for a name. */
export function queued(tab: Page, name: string, count: number): Promise<void> {
  return tab.evaluate(
    ([name, count]) => {
      if (globalThis.agent === undefined) return idb.seen('pending', name, count)
      return agent.queued(name, count)
    },
    [name, count] as const,
  )
}

/** How a tab may end; resolves without waiting for what follows from it. */
export const endings: Readonly<Record<string, (tab: Page) => Promise<unknown>>> = {
  'is closed': (tab) => tab.close(),
  'is reloaded': (tab) => tab.reload(),
  crashes: async (tab) => {
    const session: CDPSession = await tab.context().newCDPSession(tab)
    const crashed = tab.waitForEvent('crash')
    // Nobody is left to answer.
    session.send('Page.crash').catch(() => {})
    await crashed
  },
}
