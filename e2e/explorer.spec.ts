/** The explorer in a real worker: the same numbers, and it ends, pauses and refuses when told to. */

import { test as base, expect, type Page } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import { dining, parseProgram } from '../src/scenario'
import { explore, findOutcomes, simulateTimed } from '../src/simulate'
import type {} from './pages/explorer'

const test = base.extend<{ readonly tab: Page }>({
  tab: async ({ page }, use) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(`${pagesURL}/explorer.html`)
    await page.waitForFunction(() => 'explorer' in window)
    await use(page)
    // Every exploration ends its worker.
    await expect.poll(() => page.workers().length).toBe(0)
    expect(errors).toEqual([])
  },
})

function philosophers(count: number) {
  const result = parseProgram(dining(count, 'left first'))
  if (result.kind === 'ok') return result.program
  throw new Error(result.errors[0]?.message)
}

test('explores as it does without a worker', async ({ tab }) => {
  const found = await tab.evaluate(() => window.explorer.explore(5, {}))
  const own = await explore(philosophers(5))
  expect(found).toMatchObject({ kind: 'exact', states: own.states })
  expect(found.schedules).toBe(own.kind === 'exact' ? String(own.schedules) : '')
  expect(found.outcomes).toEqual(
    own.outcomes.map(({ kind, probability, shortest }) => ({
      kind,
      probability,
      shortest: shortest.schedule,
    })),
  )
})

test('samples, finds verdicts and plays in time', async ({ tab }) => {
  const limited = await tab.evaluate(() => window.explorer.explore(5, { limit: 100, samples: 500 }))
  expect(limited).toMatchObject({ kind: 'sampled', states: 100 })
  expect(await tab.evaluate(() => window.explorer.find(4))).toEqual(
    await findOutcomes(philosophers(4)),
  )
  expect(await tab.evaluate(() => window.explorer.simulate(3))).toEqual(
    await simulateTimed(philosophers(3), { runs: 1_000, seed: 1 }),
  )
})

test('an abort ends it at once', async ({ tab }) => {
  const { reason, ms } = await tab.evaluate(() => window.explorer.abort())
  expect(reason).toBe('enough')
  expect(ms).toBeLessThan(1_000)
})

test('paused it is quiet; then it goes on to the same end', async ({ tab }) => {
  const { during, after } = await tab.evaluate(() => window.explorer.pause(300))
  expect(during).toBe(0)
  expect(after.states).toBe((await explore(philosophers(6))).states)
})

test('what makes no sense is refused by name', async ({ tab }) => {
  expect(await tab.evaluate(() => window.explorer.refuse())).toBe(
    'RangeError: limit must be a whole number, at least 1, got -1',
  )
})
