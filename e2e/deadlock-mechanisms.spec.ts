/**
 * Deadlocks are found over shared memory and over IndexedDB as over Web Locks: one wait is rejected,
 * the others go on, and nothing is left.
 */

import { test as base, expect, type Page, type Worker } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import { after, circle, expected, realm } from './deadlock-circle'
import { plainURL } from './indexed-db-tabs'
import { openWorker, patience, soon } from './locks-tabs'
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

test.describe('of threads that block', () => {
  /** Who watches over those that do. */
  test.beforeEach(({ cluster }) =>
    cluster.evaluate((after) => agent.detecting(after).ready(), after),
  )

  test('of two workers: the last to wait is told', async ({ cluster }) => {
    const workers = [await openWorker(cluster), await openWorker(cluster)] as const
    await blockHolding(workers[0], 't0', 'lock 0')
    await blockHolding(workers[1], 't1', 'lock 1')
    const first = blockFor(workers[0], 't0', 'lock 1')
    await waitedFor(cluster, 'lock 1')
    const second = blockFor(workers[1], 't1', 'lock 0')
    expect(await Promise.all([first, second])).toEqual(['done', ['t1', 'a blocked thread']])
  })

  test('of a worker and a task in its page: the task is told', async ({ cluster }) => {
    const worker = await openWorker(cluster)
    const page = realm(cluster)
    await page.hold('page', 'lock 0')
    await blockHolding(worker, 'worker', 'lock 1')
    await page.ask('page', 'lock 1')
    const blocked = blockFor(worker, 'worker', 'lock 0')
    expect(await page.end('page')).toEqual(['page', 'a blocked thread'])
    expect(await blocked).toBe('done')
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

function blockHolding(worker: Worker, task: string, lock: string): Promise<void> {
  return worker.evaluate(([task, lock, after]) => agent.blockHolding(task, lock, after), [
    task,
    lock,
    after,
  ] as const)
}

/** Resolves when the thread is blocked no more, with how its wait ended. */
function blockFor(worker: Worker, task: string, lock: string): Promise<unknown> {
  return worker.evaluate(([task, lock]) => agent.blockFor(task, lock), [task, lock] as const)
}

async function waitedFor(page: Page, lock: string): Promise<void> {
  const pending = () =>
    page.evaluate(async (after) => {
      const { pending } = await agent.detecting(after).query()
      return pending.map(({ name }) => name)
    }, after)
  await expect.poll(pending, soon).toContain(lock)
}

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
