/**
 * Two tabs with two workers each hammer one mutex, one RW lock and 100 keys, in every way the
 * library has, beside a worker that uses `navigator.locks` itself under the same names. What they
 * change is changed by a read-modify-write with pauses in it: not one update may be lost, and no
 * reader may see a writer's half of the work. Without locks, or with locks that do not reach from
 * tab to tab, the same hammer loses updates.
 *
 * It runs over shared memory (the second tab is opened by the first) and, in tabs that know nothing
 * of each other, over IndexedDB.
 */

import type { Page } from '@playwright/test'
import { expect, test } from './locks-tabs'
import type { SharedTask } from './pages/hammer'
import type { Tally } from './pages/hammer-agent'

const full = Boolean(process.env.LATCHKEY_FULL)

interface Outcome {
  readonly updates: readonly number[]
  readonly lost: number
  readonly torn: number
  readonly reads: number
  /** Updates of the agent that made the fewest. */
  readonly least: number
}

test('over shared memory no update is lost and no half-done state is seen', async ({ openTab }) => {
  const tabs = await tabsWithMemory(openTab)
  const rounds = full ? 3000 : 250
  const outcome = await strike(tabs, { with: 'origin', tasks: 3, rounds, seed: newSeed() })
  expect(outcome).toMatchObject({ lost: 0, torn: 0 })
  expect(outcome.reads).toBeGreaterThan(0)
  expect(outcome.least).toBeGreaterThan(0)
  // Every key had its turns.
  expect(Math.min(...outcome.updates)).toBeGreaterThan(0)
})

test('over IndexedDB no update is lost and no half-done state is seen', async ({ openTab }) => {
  const tabs = await tabsWithDatabase(openTab)
  const rounds = full ? 300 : 25
  const outcome = await strike(tabs, { with: 'origin', tasks: 2, rounds, seed: newSeed() })
  expect(outcome).toMatchObject({ lost: 0, torn: 0 })
  expect(outcome.reads).toBeGreaterThan(0)
  expect(outcome.least).toBeGreaterThan(0)
})

// The proof that the two tests above can fail.
for (const reach of ['nothing', 'realm'] as const) {
  const how = reach === 'nothing' ? 'without locks' : "with locks of reach 'realm'"
  for (const [where, open] of [
    ['shared memory', tabsWithMemory],
    ['IndexedDB', tabsWithDatabase],
  ] as const) {
    test(`over ${where}, ${how}, updates are lost and halves are seen`, async ({ openTab }) => {
      const tabs = await open(openTab)
      const seed = newSeed()
      let lost = 0
      let torn = 0
      // Agents may happen to come one after the other, so once may not be enough.
      for (let again = 0; lost === 0 || torn === 0; again += 10_000) {
        const task = { with: reach, tasks: 1, rounds: 40, seed: seed + again }
        const outcome = await strike(tabs, task)
        lost += outcome.lost
        torn += outcome.torn
      }
      expect(lost).toBeGreaterThan(0)
    })
  }
}

type OpenTab = (path?: string) => Promise<Page>

async function tabsWithMemory(openTab: OpenTab): Promise<Page[]> {
  const first = await openTab('hammer.html')
  const [second] = await Promise.all([
    first.waitForEvent('popup'),
    first.evaluate(() => tab.openSecond()),
  ])
  const tabs = [first, second]
  for (const each of tabs) expect(await each.evaluate(() => tab.sharesMemory())).toBe(true)
  return started(tabs)
}

async function tabsWithDatabase(openTab: OpenTab): Promise<Page[]> {
  return started([await openTab('hammer.html'), await openTab('hammer.html')])
}

async function started(tabs: Page[]): Promise<Page[]> {
  await Promise.all(tabs.map((each, index) => each.evaluate((raw) => tab.start(2, raw), index)))
  return tabs
}

async function strike(tabs: readonly Page[], task: SharedTask): Promise<Outcome> {
  const [first] = tabs as [Page]
  await first.evaluate(() => tab.clear())
  const results = await Promise.all(
    tabs.map((each, index) =>
      each.evaluate((it) => tab.hammer(it), { ...task, seed: task.seed + 100 * index }),
    ),
  )
  const tallies: Tally[] = results.flat()
  const values = await first.evaluate(() => tab.values())
  const updates = values.map((_, cell) => sum(tallies.map((tally) => tally.updates[cell] ?? 0)))
  return {
    updates,
    lost: sum(updates.map((count, cell) => count - (values[cell] ?? 0))),
    torn: sum(tallies.map(({ torn }) => torn)),
    reads: sum(tallies.map(({ reads }) => reads)),
    least: Math.min(...tallies.map((tally) => sum(tally.updates))),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

/** Shown, so that a run that failed can be run again. */
function newSeed(): number {
  const seed = Math.floor(Math.random() * 2 ** 31)
  test.info().annotations.push({ type: 'seed', description: String(seed) })
  console.log(`seed ${seed}`)
  return seed
}
