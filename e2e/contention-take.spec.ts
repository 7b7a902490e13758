/** Workers and two real tabs on one lock; and what the run can be taken away as, read back. */

import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { expect, type Page, test } from '@playwright/test'
import { readProfile } from '../src/observe/export/testing/read-profile'
import { readTrace } from '../src/observe/export/testing/read-trace'
import { firstWorkload, type Workload } from '../src/scenario'
import { figure, openWorkload, run, runToEnd, status } from './contention-page'

const acrossTabs: Workload = {
  ...firstWorkload,
  title: 'Across tabs',
  workers: 2,
  tabs: 2,
  writeHold: { kind: 'fixed', ms: 3 },
  think: { kind: 'fixed', ms: 0 },
  end: { kind: 'actions', actions: 120, shared: 'evenly' },
}

async function download(page: Page, id: string): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent('download')
  await page.locator(`[data-export="${id}"]`).click()
  const file = await coming
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

test('two workers and two real tabs: nothing lost, a lane for each, and every export reads back', async ({
  page,
  context,
}) => {
  await openWorkload(page, acrossTabs)
  await runToEnd(page)
  await expect(figure(page, 'done')).toContainText('120')
  await expect(figure(page, 'lost').locator('.figure-value')).toHaveText('0')
  await expect(page.locator('.lanes-names li')).toHaveText([
    'Worker 1',
    'Worker 2',
    'Tab 1',
    'Tab 2',
  ])
  // The tabs are closed again.
  await expect.poll(() => context.pages().length).toBe(1)

  const waits = page.getByRole('region', { name: 'Profile' }).locator('tbody td').first()
  const contentions = Number(await waits.textContent())
  expect(contentions).toBeGreaterThan(10)

  const mutex = await download(page, 'pprof-mutex')
  expect(mutex.name).toMatch(/^locks-\d{8}-\d{6}\.mutex\.pb\.gz$/)
  const { types, samples } = readProfile(gunzipSync(mutex.bytes))
  expect(types).toEqual(['contentions/count', 'delay/nanoseconds'])
  const sum = (place: number) =>
    samples.reduce((all, { values }) => all + Number(values[place] ?? 0n), 0)
  expect(sum(0)).toBe(contentions)
  expect(
    JSON.stringify(samples, (_, each) => (typeof each === 'bigint' ? Number(each) : each)),
  ).toMatch(/Tab 2, write/)

  const block = await download(page, 'pprof-block')
  const waited = readProfile(gunzipSync(block.bytes)).samples
  const waiting = waited.reduce((all, { values }) => all + Number(values[1] ?? 0n), 0)
  // All waiting is charged to somebody: within the rounding of nanoseconds, and of clocks.
  expect(Math.abs(sum(1) / waiting - 1)).toBeLessThan(0.2)

  const trace = readTrace((await download(page, 'perfetto')).bytes.toString())
  expect(trace.slices.filter(({ name }) => /hold|held|writing/i.test(name)).length).toBeGreaterThan(
    0,
  )
  expect(trace.flows.length).toBeGreaterThan(10)

  const scope = JSON.parse((await download(page, 'speedscope')).bytes.toString())
  expect(scope.$schema).toBe('https://www.speedscope.app/file-format-schema.json')
  expect(scope.profiles.length).toBeGreaterThan(0)

  const folded = await download(page, 'collapsed-mutex')
  expect(folded.name).toMatch(/\.mutex\.folded$/)
  for (const line of folded.bytes.toString().trim().split('\n')) expect(line).toMatch(/^.+ \d+$/)
  await expect(page.getByTestId('taken')).toContainText(/folded: \d+ bytes|kB/)
})

test('without a lock two tabs lose updates', async ({ page }) => {
  await openWorkload(page, { ...acrossTabs, lock: { kind: 'none' } })
  await runToEnd(page)
  await expect(figure(page, 'lost').locator('[data-alarming] .figure-value')).toHaveText(/^[1-9]/)
})

test('tabs that the browser will not open are told', async ({ page }) => {
  await page.addInitScript(() => {
    window.open = () => null
  })
  await openWorkload(page, acrossTabs)
  await run(page).click()
  await expect(status(page)).toContainText(/^The run failed: .*(pop-ups|open)/)
})

test('“Copy as test” copies what can be run', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openWorkload(page, acrossTabs)
  await page.getByRole('button', { name: 'Copy as test' }).click()
  await expect(page.getByText('Test copied.')).toBeVisible()
  const shown = await page.getByLabel('The workload as a test').inputValue()
  expect(shown).toContain("from 'latchkey'")
  expect(shown).toContain('Across tabs')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
})

test('the cliff: steps as they are measured, the turn, and what the hold time predicts', async ({
  page,
}) => {
  await openWorkload(page, {
    ...firstWorkload,
    title: 'Steep',
    workers: 2,
    think: { kind: 'fixed', ms: 0 },
  })
  await expect(page.getByTestId('cliff')).toContainText('serves at most 200 a second')
  await page.getByRole('button', { name: 'Find the cliff' }).click()
  await expect(page.locator('.cliff-dot').first()).toBeAttached({ timeout: 50_000 })
  await page.getByText('The steps in numbers').click()
  const rows = page.getByRole('region', { name: 'Steps' }).locator('tbody tr')
  await expect(rows.first().locator('th')).toHaveText('1')
  await expect(page.getByTestId('cliff')).toContainText(/The curve (turns at|does not turn)/, {
    timeout: 50_000,
  })
})

test('mapmutex’s first case, live, beside what was published and the least there can be', async ({
  page,
}) => {
  await openWorkload(page, acrossTabs)
  const row = page.locator('[data-case="1000_100_20_20"]')
  await expect(row).toContainText('20.16 s')
  await page.getByRole('button', { name: 'Run the table' }).click()
  await expect(row.getByRole('progressbar')).toBeVisible()
  await expect(row).toContainText(/\d\.\d{3}×/, { timeout: 50_000 })
  await page.getByRole('button', { name: 'Cancel the table' }).click()
  await expect(page.getByRole('button', { name: 'Run the table' })).toBeVisible()
})
