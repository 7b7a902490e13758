/**
 * Whatever becomes of an agent: leaders never write by turns into a fenced log, no late write is
 * taken there, no permit is lost or given twice, one works where many fly, and nobody waits for
 * ever. Workers and tabs that do all of it at once are ended and frozen at random moments.
 */

import { expect, test } from '@playwright/test'
import type { TermsOutcome, TermsPlan } from '../pages/faults-terms'
import { bundledWorker } from './bundle'
import { newSeed } from './seed'
import { type Evidence, judge } from './terms-judge'
import { endTabs } from './terms-tabs'
import { addressOf } from './workers'

const full = Boolean(process.env.LATCHKEY_FULL)

/** Faults in each run. */
const ofWorkers = full ? 320 : 12
const ofTabs = full ? 60 : 3
/** In ms. */
const patience = 20_000
const ttl = 250

let worker = ''

test.beforeAll(async () => {
  worker = await bundledWorker('faults-terms-worker')
})

for (const carried of ['web-locks', 'shared-memory', 'indexed-db'] as const) {
  test(`${carried}: workers that lead, hold permits and fly die and freeze`, async ({ page }) => {
    test.setTimeout(full ? 900_000 : 120_000)
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    await page.goto(addressOf(carried, 'faults-terms'))
    const seed = newSeed()
    const plan: TermsPlan = {
      ...{ carried, seed, ttl, patience, worker, faults: ofWorkers, apart: false },
      fair: seed % 2 === 0 ? 'bounded' : 'strict',
    }
    const outcome = await page.evaluate((it) => terms.play(it), plan)
    expectWell(`${carried}, workers`, outcome)
    // Frozen leaders did write too late: of a few they may all have been in time.
    if (full) expect(outcome.verdict.late).toBeGreaterThan(0)
    expect(errors).toEqual([])
  })
}

for (const carried of ['web-locks', 'indexed-db'] as const) {
  test(`${carried}: tabs that lead, hold permits and fly end and freeze`, async ({ browser }) => {
    test.setTimeout(full ? 900_000 : 120_000)
    const seed = newSeed()
    const fair = seed % 2 === 0 ? 'bounded' : 'strict'
    const plan = { carried, seed, ttl, patience, faults: ofTabs, fair } as const
    expectWell(`${carried}, tabs`, await endTabs(browser, plan))
  })
}

// The proof that the tests above can fail.
test('locks that exclude nobody are found out', async ({ page }) => {
  await page.goto(addressOf('web-locks', 'faults-terms'))
  const plan: TermsPlan = {
    ...{ carried: 'web-locks', fair: 'strict', seed: newSeed(), ttl, patience, worker },
    ...{ faults: 4, apart: true },
  }
  const { verdict } = await page.evaluate((it) => terms.play(it), plan)
  expect(verdict.interleaved).not.toEqual([])
  expect(verdict.overfull.filter((each) => each.startsWith('permits'))).not.toEqual([])
  expect(verdict.overfull.filter((each) => each.startsWith('once'))).not.toEqual([])
})

test('the judge knows what is wrong, and what has its reason', () => {
  const evidence: Evidence = {
    log: [
      { agent: 2, fence: 1 },
      { agent: 3, fence: 2 },
      { agent: 2, fence: 1 },
    ],
    unfenced: [],
    steps: [
      { kind: 'in', agent: 2, room: 'permits', hold: 1, permits: 2 },
      { kind: 'away', agent: 2 },
      { kind: 'in', agent: 3, room: 'permits', hold: 2, permits: 2 },
      { kind: 'in', agent: 4, room: 'permits', hold: 3, permits: 2 },
      { kind: 'in', agent: 3, room: 'once', hold: 4, permits: 1 },
      { kind: 'got', agent: 4, hold: 4 },
      { kind: 'lost', agent: 4, hold: 5 },
      { kind: 'in', agent: 4, room: 'once', hold: 5, permits: 1 },
    ],
  }
  const { interleaved, overfull, unfinished } = judge(evidence)
  expect(interleaved).toEqual(['agent 2 wrote with fence 1 after 2'])
  expect(overfull).toEqual(['permits: 4 taken by agents 3, 4'])
  expect(unfinished).toEqual(['agent 4 got the result of a run that had not ended'])
})

function expectWell(what: string, outcome: TermsOutcome): void {
  console.log(show(what, outcome))
  const { stuck, atEnd, verdict } = outcome
  const { interleaved, overfull, unfinished, failed, writes, stays, results } = verdict
  expect({ interleaved, overfull, unfinished, failed, stuck }).toEqual({
    ...{ interleaved: [], overfull: [], unfinished: [], failed: [], stuck: [] },
  })
  expect(atEnd).toBeDefined()
  expect(Math.min(writes, stays, results)).toBeGreaterThan(0)
}

function show(what: string, outcome: TermsOutcome): string {
  const { kills, freezes, looks, longest, atEnd, stuck, verdict } = outcome
  const { interleaved, overfull, unfinished, late, refused } = verdict
  const { leaders, writes, stays, results } = verdict
  return [
    `${what}: ${kills} kills, ${freezes} freezes; ${writes} writes by ${leaders} leaders, ${stays} stays, ${results} results`,
    `  ${interleaved.length} writes interleaved, ${overfull.length} times too many inside, ${unfinished.length} results of nothing, ${stuck.length} stuck; ${refused} late writes refused (${late} taken where there is no fence)`,
    `  ${looks} looks among others took up to ${longest.toFixed(0)} ms, the one after the end ${atEnd?.toFixed(0)} ms`,
  ].join('\n')
}
