/**
 * Deadlocks are found over shared memory and over IndexedDB as over Web Locks: one wait is rejected,
 * the others go on, and nothing is left.
 */

import { test as base, expect, type Page } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import { after, circle, expected } from './deadlock-circle'
import { plainURL } from './indexed-db-tabs'
import { openWorker, patience } from './locks-tabs'
import type {} from './pages/agent'

interface Fixtures {
  /** A page whose workers share a memory with it. At the end nothing is left in there. */
  readonly cluster: Page
  /** Opens a tab on plain http, where the origin's locks are in IndexedDB. */
  readonly openPlainTab: () => Promise<Page>
}

const test = base.extend<Fixtures>({
  cluster: async ({ page }, use) => {
    const errors = errorsOf(page)
    await page.goto(`${pagesURL}/agent.html`)
    await page.evaluate(() => agent.makeCluster())
    expect(await mechanismOf(page)).toBe('shared-memory')
    await use(page)
    await expectNothingLeft(page)
    expect(errors).toEqual([])
  },
  openPlainTab: async ({ context }, use) => {
    const errors: string[][] = []
    const openTab = async () => {
      const page = await context.newPage()
      errors.push(errorsOf(page))
      await page.goto(`${plainURL}/agent.html`)
      return page
    }
    await use(openTab)
    const last = await openTab()
    expect(await mechanismOf(last)).toBe('indexed-db')
    await expectNothingLeft(last)
    expect(errors.flat()).toEqual([])
  },
})

test.describe('over shared memory', () => {
  test('of two tasks in a page', async ({ cluster }) => {
    expect(await circle([cluster, cluster])).toEqual(expected(2))
  })

  test('of two workers of one page', async ({ cluster }) => {
    const workers = [await openWorker(cluster), await openWorker(cluster)]
    expect(await circle(workers)).toEqual(expected(2))
  })

  test('of a page and its worker, whichever is younger', async ({ cluster }) => {
    const worker = await openWorker(cluster)
    expect(await circle([cluster, worker])).toEqual(expected(2))
    expect(await circle([worker, cluster])).toEqual(expected(2))
  })

  test('of five, in a page and two workers', async ({ cluster }) => {
    const [one, other] = [await openWorker(cluster), await openWorker(cluster)]
    expect(await circle([one, cluster, other, one, other])).toEqual(expected(5))
  })
})

test.describe('over IndexedDB', () => {
  test('of two tasks in a page', async ({ openPlainTab }) => {
    const page = await openPlainTab()
    expect(await circle([page, page])).toEqual(expected(2))
  })

  test('of two tabs', async ({ openPlainTab }) => {
    expect(await circle([await openPlainTab(), await openPlainTab()])).toEqual(expected(2))
  })

  test('of two workers of one page', async ({ openPlainTab }) => {
    const page = await openPlainTab()
    expect(await circle([await openWorker(page), await openWorker(page)])).toEqual(expected(2))
  })

  test('of a page and its worker, whichever is younger', async ({ openPlainTab }) => {
    const page = await openPlainTab()
    const worker = await openWorker(page)
    expect(await circle([page, worker])).toEqual(expected(2))
    expect(await circle([worker, page])).toEqual(expected(2))
  })

  test('of five, in two tabs and a worker', async ({ openPlainTab }) => {
    const [one, other] = [await openPlainTab(), await openPlainTab()]
    const worker = await openWorker(other)
    expect(await circle([one, worker, other, one, other])).toEqual(expected(5))
  })
})

/** Fills as the page reports them. */
function errorsOf(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  return errors
}

function mechanismOf(page: Page): Promise<string> {
  return page.evaluate((after) => {
    const support = agent.detecting(after).support()
    return support.supported ? support.mechanism : support.reason
  }, after)
}

async function expectNothingLeft(page: Page): Promise<void> {
  const left = () =>
    page.evaluate(async (after) => {
      const { held, pending } = await agent.detecting(after).query()
      return [...held, ...pending].map(({ name }) => name)
    }, after)
  await expect.poll(left, { timeout: patience }).toEqual([])
}
