/**
 * The harness itself, on a lock small enough to be understood at a glance: what is right passes
 * every schedule, and every broken twin is found, with a schedule that fails again.
 */

import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Explorer, line } from './explore'
import { broken, cases, sound } from './fixtures/toy-cases'
import { Gang } from './gang'
import { parseSchedule } from './schedule'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const gang = new Gang(new SharedArrayBuffer(64))
beforeAll(() => gang.start(Worker, new URL('./fixtures/toy-cases.ts', import.meta.url), 3))
afterAll(() => gang.stop())

test.each(sound)('$name: nothing is wrong in any schedule', async (each) => {
  const explorer = new Explorer(gang, cases, cases.indexOf(each))
  const report = await explorer.explore()
  console.info(line(report))
  expect(report.failure).toBeUndefined()
  expect(report.exhaustive).toBe(true)
})

test.each(broken)('$name: found, and found again', async (each) => {
  const explorer = new Explorer(gang, cases, cases.indexOf(each))
  const report = await explorer.explore()
  console.info(line(report))
  expect(report.failure?.what).toContain(each.found)
  const again = explorer.replay(parseSchedule(report.failure?.schedule ?? ''))
  expect(again.failure).toEqual(report.failure)
})

test.each(broken)('$name: found as well where no state counts as known', async (each) => {
  const explorer = new Explorer(gang, cases, cases.indexOf(each))
  const report = await explorer.explore({ pruning: false })
  expect(report.failure).toEqual((await explorer.explore()).failure)
})

test('the same schedules every time', async () => {
  const explorer = new Explorer(gang, cases, 0)
  const [first, second] = [await explorer.explore(), await explorer.explore()]
  expect(second.schedules).toBe(first.schedules)
  expect(second.states).toBe(first.states)
})
