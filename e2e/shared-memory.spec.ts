/** Locks in shared memory in Chromium: pages, frames, windows and workers of one cluster. */

import { expect, type Page, test, type Worker } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import type {} from './pages/shared-memory'

const agentURL = `${pagesURL}/shared-memory.html`

const errors: string[] = []

test.beforeEach(async ({ context, page }) => {
  errors.length = 0
  context.on('weberror', (error) => errors.push(error.error().message))
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(agentURL)
  await page.evaluate(() => cluster.ready)
})

test.afterEach(() => {
  expect(errors).toEqual([])
})

async function openWorker(page: Page): Promise<Worker> {
  const [worker] = await Promise.all([
    page.waitForEvent('worker'),
    page.evaluate(() => cluster.startWorker()),
  ])
  return worker
}

test('a page, its frame, its window and its workers exclude each other', async ({ page }) => {
  const workers = [await openWorker(page), await openWorker(page), await openWorker(page)] as const
  await page.evaluate(() => cluster.openFrame())
  const frame = page.frames().find((each) => each !== page.mainFrame())
  const [window] = await Promise.all([
    page.waitForEvent('popup'),
    page.evaluate(() => cluster.openWindow()),
  ])
  await Promise.all([
    page.evaluate(() => cluster.pass('run', 500)),
    frame?.evaluate(() => cluster.pass('strictly', 200)),
    window.evaluate(() => cluster.pass('strictly', 200)),
    workers[0].evaluate(() => cluster.pass('run', 500)),
    workers[1].evaluate(() => cluster.pass('strictly', 200)),
    workers[2].evaluate(() => cluster.pass('runSync', 500)),
  ])
  expect(await page.evaluate(() => [...cluster.tally])).toEqual([0, 2100, 0, 0])
  expect(await page.evaluate(() => cluster.locks.query())).toEqual({ held: [], pending: [] })
})

test('a page must not block, and says so at once; its worker may', async ({ page }) => {
  const refused = await page.evaluate(() => {
    try {
      return String(cluster.locks.mutex('a').acquireSync({ timeout: 1000 }))
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`
    }
  })
  expect(refused).toMatch(/^UnsupportedError: .*main thread/)
  const worker = await openWorker(page)
  // The page watches, so the worker may wait for as long as it takes.
  await page.evaluate(async () => {
    cluster.hold = await cluster.locks.mutex('a').acquire()
  })
  const blocked = worker.evaluate(() => cluster.locks.mutex('a').acquireSync().release())
  await page.waitForFunction(async () => (await cluster.locks.query()).pending.length === 1)
  await page.evaluate(() => cluster.hold?.release())
  await blocked
})

test('a page gets its turn while a worker owns the table for half of the time', async ({
  page,
}) => {
  const worker = await openWorker(page)
  await worker.evaluate(() => {
    const { tally, locks } = cluster
    setTimeout(() => {
      while (Atomics.load(tally, 3) === 0) locks.mutex('own').acquireSync().release()
    })
  })
  const passed = await page.evaluate(async () => {
    const strict = cluster.locks.mutex('page', { fair: 'strict' })
    for (let i = 0; i < 2000; i++) await strict.run(() => {})
    Atomics.store(cluster.tally, 3, 1)
    return cluster.locks.query()
  })
  expect(passed.pending).toEqual([])
})

test('without waitAsync a page hears of its grants and its losses', async ({ context }) => {
  const page = await context.newPage()
  await page.addInitScript(() => Reflect.deleteProperty(Atomics, 'waitAsync'))
  await page.goto(agentURL)
  await page.evaluate(() => cluster.ready)
  const worker = await openWorker(page)
  await Promise.all([
    page.evaluate(() => cluster.pass('strictly', 50)),
    worker.evaluate(() => cluster.pass('strictly', 50)),
  ])
  expect(await page.evaluate(() => [...cluster.tally])).toEqual([0, 100, 0, 0])
})

test('a worker that is terminated holding a lock: the next one is told', async ({ page }) => {
  const worker = await openWorker(page)
  await worker.evaluate(async () => {
    cluster.hold = await cluster.locks.mutex('a').acquire()
  })
  const next = page.evaluate(async () => (await cluster.locks.mutex('a').acquire()).abandoned)
  await page.waitForFunction(async () => (await cluster.locks.query()).pending.length === 1)
  await worker.evaluate(() => close())
  expect(await next).toBe(true)
})

test('a frame that is removed holding a lock has left in order', async ({ page }) => {
  await page.evaluate(() => cluster.openFrame())
  const frame = page.frames().find((each) => each !== page.mainFrame())
  await frame?.evaluate(async () => {
    cluster.hold = await cluster.locks.mutex('a').acquire()
  })
  const next = await page.evaluate(async () => {
    const acquired = cluster.locks.mutex('a').acquire()
    document.querySelector('iframe')?.remove()
    const { abandoned } = await acquired
    return { abandoned, query: (await cluster.locks.query()).held.length }
  })
  expect(next).toEqual({ abandoned: false, query: 1 })
})
