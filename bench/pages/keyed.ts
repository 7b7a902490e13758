/** One of mapmutex's cases in one page. */

import type { DoneJob } from '../../src/perform/workload/virtual-replay'
import type { Action } from '../../src/scenario'
import { locks } from './contenders'
import { sleep } from './time'

export interface KeyedRun {
  readonly seconds: number
  /** The jobs that got their lock, by task, with their sleeps as they came out, in s. */
  readonly done: readonly (readonly DoneJob[])[]
  /** How often a job found another one under the lock of its key. */
  readonly broken: number
}

/** The actions of each task. */
export type Plan = readonly (readonly Action[])[]

/** `run` and `raw` wait in the queue, ours or the browser's; `retry` tries as mapmutex does. */
export type How = 'run' | 'raw' | 'retry'

export async function keyed(name: string, plan: Plan, how: How): Promise<KeyedRun> {
  const users = locks.keyedMutex(name)
  const inside = new Set<number>()
  let broken = 0

  const job = async (key: number, ms: number): Promise<DoneJob> => {
    if (inside.has(key)) broken++
    inside.add(key)
    const start = performance.now()
    await sleep(ms)
    const slept = (performance.now() - start) / 1000
    inside.delete(key)
    return { key, slept }
  }

  const start = performance.now()
  const done = await Promise.all(
    plan.map(async (jobs) => {
      const finished: DoneJob[] = []
      for (const { key, hold: ms } of jobs) {
        if (how === 'run') {
          finished.push(await users.run(key, () => job(key, ms)))
          continue
        }
        if (how === 'raw') {
          finished.push(await navigator.locks.request(`${name}:${key}`, () => job(key, ms)))
          continue
        }
        const held = await users.retryAcquire(key)
        if (held === null) continue
        finished.push(await job(key, ms))
        held.release()
      }
      return finished
    }),
  )
  return { seconds: (performance.now() - start) / 1000, done, broken }
}
