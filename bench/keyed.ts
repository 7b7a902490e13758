/** mapmutex's cases, against their own replay under a lock that costs nothing. */

import { inTabs, type Laboratory, type Tab } from './laboratory'
import { type MapMutexCase, planOf } from './mapmutex-case'
import type { How } from './pages/keyed'
import { seeded } from './random'
import type { Finding, RowId } from './rows'
import { median, summarize } from './statistics'
import { virtualReplay } from './virtual-replay'

const rounds = 5

/** Seconds, as mapmutex's own page has them. */
export interface Published {
  readonly mapMutex: string
  readonly oneMutex: string
}

export function keyed(id: RowId, named: MapMutexCase, published: Published, retry: boolean) {
  return (laboratory: Laboratory): Promise<Finding> =>
    inTabs(laboratory, 1, async (tab) => {
      // What is slow the first time only: opening the lock space, compiling.
      await run(tab, 'warm-up', { ...named, actions: 3 * named.tasks, average: 2 }, 0, 'run')
      const runs: Outcome[] = []
      const raw: Outcome[] = []
      const retries: Outcome[] = []
      for (let round = 1; round <= rounds; round++) {
        const measure = (how: How) => run(tab, `${id} ${how} ${round}`, named, round, how)
        runs.push(await measure('run'))
        // Beside the row, not in it, and slow: in the first, the middle and the last round.
        if (round % 2 === 0) continue
        raw.push(await measure('raw'))
        if (retry) retries.push(await measure('retry'))
      }
      const { actions } = named
      const done = Math.min(...runs.map((each) => each.done))
      return {
        id,
        summary: summarize(runs.map(({ seconds, ideal }) => ({ ours: seconds, theirs: ideal }))),
        and: done === actions,
        notes: [
          `${done} of ${actions} done in every run; seeds 1 to ${rounds}`,
          rawNote(raw),
          `published: mapmutex ${published.mapMutex}, one mutex ${published.oneMutex}`,
          ...(retry ? [retryNote(retries, actions)] : []),
        ],
      }
    })
}

interface Outcome {
  readonly seconds: number
  /** The same under a lock that costs nothing. */
  readonly ideal: number
  readonly done: number
}

async function run(
  tab: Tab,
  name: string,
  named: MapMutexCase,
  seed: number,
  how: How,
): Promise<Outcome> {
  const plan = planOf(named, seeded(seed))
  const { seconds, done, broken } = await tab.page.evaluate(
    ({ name, plan, how }) => window.bench.keyed(name, plan, how),
    { name, plan, how },
  )
  if (broken > 0) throw new Error(`${name}: two jobs were under one key ${broken} times`)
  const count = done.reduce((sum, jobs) => sum + jobs.length, 0)
  return { seconds, ideal: virtualReplay(done), done: count }
}

/** What the browser's own locks cost here: each trip to the browser is in it, and nothing else. */
function rawNote(raw: readonly Outcome[]): string {
  const { ratio } = summarize(raw.map(({ seconds, ideal }) => ({ ours: seconds, theirs: ideal })))
  return `raw navigator.locks with the same jobs: ${ratio.toFixed(2)}× its own replay`
}

function retryNote(retries: readonly Outcome[], actions: number): string {
  const done = retries.map((each) => each.done)
  const seconds = median(retries.map((each) => each.seconds))
  return `retryAcquire with mapmutex's defaults: ${median(done)} of ${actions} done (${Math.min(...done)} to ${Math.max(...done)}) in ${seconds.toFixed(2)} s`
}
