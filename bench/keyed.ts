/** mapmutex's cases, against their own replay under a lock that costs nothing. */

import { virtualReplay } from '../src/perform/workload/virtual-replay'
import { loadsOf, type MapMutexId, mapMutexCase, planOf, type Workload } from '../src/scenario'
import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { How, Plan } from './pages/keyed'
import type { Finding, RowId } from './rows'
import { median, summarize } from './statistics'

/** A row is one case's `mapmutex-*`, or the shorter name that two of them have besides. */
export function keyed(row: RowId, id: MapMutexId, rounds: number) {
  return async (laboratory: Laboratory): Promise<Finding> => {
    const measured = await once(laboratory, id, rounds)
    return { id: row, ...measured }
  }
}

type Measured = Omit<Finding, 'id'>

const measurements = new Map<MapMutexId, Promise<Measured>>()

/** A case that has two rows is measured for the first of them. */
function once(laboratory: Laboratory, id: MapMutexId, rounds: number): Promise<Measured> {
  const known = measurements.get(id) ?? measure(laboratory, id, rounds)
  measurements.set(id, known)
  return known
}

function measure(laboratory: Laboratory, id: MapMutexId, rounds: number): Promise<Measured> {
  const { workload, published } = mapMutexCase(id)
  const end = { kind: 'actions', actions: 3 * workload.tasks, shared: 'evenly' } as const
  return inTabs(laboratory, 1, async (tab) => {
    // What is slow the first time only: opening the lock space, compiling.
    const short = { ...workload, end, writeHold: { kind: 'uniform', below: 4 } } as const
    await run(tab, 'warm-up', short, 0, 'run')
    const runs: Outcome[] = []
    const raw: Outcome[] = []
    const retries: Outcome[] = []
    for (let round = 1; round <= rounds; round++) {
      const next = (how: How) => run(tab, `${id} ${how} ${round}`, workload, round, how)
      runs.push(await next('run'))
      // Beside the row, not in it, and slow: in the first, the middle and the last round.
      if (round % 2 === 0) continue
      raw.push(await next('raw'))
      retries.push(await next('retry'))
    }
    const actions = workload.end.kind === 'actions' ? workload.end.actions : 0
    const done = Math.min(...runs.map((each) => each.done))
    const gaveUp = published.done < actions ? ` with ${published.done} done` : ''
    return {
      summary: summarize(runs.map(({ seconds, ideal }) => ({ ours: seconds, theirs: ideal }))),
      and: done === actions,
      notes: [
        `${done} of ${actions} done in every run; seeds 1 to ${rounds}`,
        rawNote(raw),
        `published: mapmutex ${published.mapMutex} s${gaveUp}, one mutex ${published.oneMutex} s`,
        retryNote(retries, actions),
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
  workload: Workload,
  seed: number,
  how: How,
): Promise<Outcome> {
  const drawn = { ...workload, seed }
  const plan: Plan = (loadsOf(drawn) ?? []).map((_, runner) => [...planOf(drawn, runner)])
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
