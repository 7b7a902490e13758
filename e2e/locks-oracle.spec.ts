/**
 * The RWLock grants as Go's `sync.RWMutex` did in its recorded runs, in a real browser at reach
 * 'origin': in one agent through the cohort, with every goroutine in a worker of its own, and
 * strictly fair with several goroutines in each of three workers.
 *
 * Played is every fifth run of each kind (plain; reading recursively; ending in deadlock), which
 * makes 48 + 4 + 8; with LATCHKEY_FULL=1 all 300.
 */

import { goRuns } from '../src/fixtures/go-rwmutex'
import { expect, test } from './locks-tabs'
import type { OracleTask } from './pages/oracle'

const full = Boolean(process.env.LATCHKEY_FULL)

const kinds = [
  goRuns.filter(({ nested }) => !nested),
  goRuns.filter(({ nested, deadlock }) => nested && !deadlock),
  goRuns.filter(({ nested, deadlock }) => nested && deadlock),
]
const chosen = kinds.flatMap((runs) => runs.filter((_, index) => full || index % 5 === 0))
const runs = chosen.map(({ id }) => id)

const settings: readonly (readonly [title: string, task: OracleTask])[] = [
  ['in one agent through the cohort', { workers: 0, fair: 'bounded', runs }],
  ['with each goroutine in a worker of its own', { workers: 8, fair: 'bounded', runs }],
  [
    'strictly fair, with several goroutines in each of three workers',
    { workers: 3, fair: 'strict', runs },
  ],
]

for (const [title, task] of settings) {
  test(`grants as Go in ${runs.length} runs, ${title}`, async ({ openTab }) => {
    const page = await openTab('oracle.html')
    const result = await page.evaluate((it) => playRuns(it), task)
    expect(result.differences).toEqual([])
    expect(result.runs).toBe(full ? 300 : 60)
    expect(result.steps).toBe(chosen.reduce((sum, { steps }) => sum + steps.length, 0))
  })
}
