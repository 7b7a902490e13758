/**
 * Whatever becomes of an agent, at whatever moment: nobody else is let in beside it while it may
 * still act, and nobody waits for it longer than the browser takes to end it. Agents die, are
 * frozen, robbed, and have their data cleared at random moments, among healthy ones, on every port.
 *
 * Asserted of times is how long a lane stood still: what is promised, plus what the machine itself was
 * late meanwhile, the most that a timer or an idle worker's answer was late.
 */

import { test as base, expect, type Page } from '@playwright/test'
import type { Carried } from '../pages/faults-locks'
import { bundledWorker } from './bundle'
import { freezeTabs } from './frozen'
import { type Run, show, sum } from './report'
import { newSeed } from './seed'
import { disturbTabs } from './tabs'
import { endWorkers } from './workers'

const test = base.extend({
  launchOptions: [
    async ({ launchOptions }, use) => {
      // Playwright turns it off; here pages come back out of it.
      await use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] })
    },
    { scope: 'worker' },
  ],
})

const full = Boolean(process.env.LATCHKEY_FULL)

/** Of workers, for each port and each way. */
const kills = full ? 165 : 17
const patience = 20_000
/** Since the death of an idle agent, in ms, and of one whom the browser has to wait for. */
const limit = 100
const grace = 2000
/** The dead one's end, the proof of it, and the grant: on a busy machine each may be late. */
const steps = 3

const runs: Run[] = []
let worker = ''

test.beforeAll(async () => {
  worker = await bundledWorker('faults-worker')
})

test.afterAll(() => {
  console.log(show(runs))
})

/** Nothing is wrong with it, and nobody waited for ever. */
function expectWell(run: Run): void {
  runs.push(run)
  const total = sum([run])
  const { violations, lostUpdates, stuck, left } = total
  expect({ violations, lostUpdates, stuck, left }).toEqual({
    ...{ violations: [], lostUpdates: [], stuck: 0, left: [] },
  })
  expect(total.sections).toBeGreaterThan(0)
}

/** Nobody waited for longer than is promised. */
function expectPunctual(run: Run): void {
  const total = sum([run])
  const machine = steps * total.lateness
  expect(total.idle.p99).toBeLessThan(limit + machine)
  expect(total.busy.p99).toBeLessThan(grace + limit + machine)
}

for (const carried of ['web-locks', 'shared-memory', 'indexed-db'] as const) {
  for (const fair of ['bounded', 'strict'] as const) {
    test(`${carried}, ${fair}: workers die`, async ({ page }) => {
      test.setTimeout(full ? 600_000 : 120_000)
      const errors: string[] = []
      page.on('pageerror', ({ message }) => errors.push(message))
      const plan = { carried, fair, kills, seed: newSeed(), patience, worker }
      const run = await endWorkers(page, plan)
      expectWell(run)
      expectPunctual(run)
      expect(errors).toEqual([])
    })
  }
}

for (const carried of ['web-locks', 'shared-memory', 'indexed-db'] as const) {
  test(`${carried}: tabs end, leave, are robbed and cleared`, async ({ context }) => {
    test.setTimeout(full ? 600_000 : 120_000)
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(error.error().message))
    const rounds = full ? 10 : 1
    const run = await disturbTabs(context, { carried, rounds, seed: newSeed(), patience })
    expectWell(run)
    expectPunctual(run)
    expect(errors).toEqual([])
  })
}

for (const carried of ['web-locks', 'indexed-db'] as const) {
  test(`${carried}: tabs are frozen`, async ({ browser }) => {
    test.setTimeout(full ? 600_000 : 120_000)
    const rounds = full ? 30 : 3
    expectWell(await freezeTabs(browser, { carried, rounds, seed: newSeed(), patience }))
  })
}

// The proof that the tests above can fail.
test('without locks it finds violations and lost updates', async ({ page }) => {
  const runs: Run[] = []
  // An update is lost only if two come between each other's two steps: that may take some runs.
  do runs.push(await bite(page, 'nothing'))
  while (sum(runs).lostUpdates.length === 0 && runs.length < 20)
  expect(sum(runs).violations).not.toEqual([])
  expect(sum(runs).lostUpdates).not.toEqual([])
})

test('a port that is never told of a death leaves locks stuck', async ({ page }) => {
  const total = sum([await bite(page, 'forgetful')])
  expect(total.stuck).toBeGreaterThan(0)
  expect(total.violations).toEqual([])
})

test('a port that lets every tenth in without waiting lets two in at once', async ({ page }) => {
  const total = sum([await bite(page, 'leaky')])
  expect(total.violations).not.toEqual([])
})

function bite(page: Page, carried: Carried): Promise<Run> {
  const plan = { carried, fair: 'strict', kills: 8, seed: newSeed(), worker } as const
  return endWorkers(page, { ...plan, patience: 4_000 })
}
