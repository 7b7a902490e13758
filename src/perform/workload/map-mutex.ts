/** mapmutex's own cases, live: ours beside what it published and the least that the workload allows. */

import type { LockEvent } from '../../locks'
import {
  type MapMutexId,
  type MapMutexPublished,
  mapMutexCase,
  type Workload,
} from '../../scenario'
import { performWorkload } from './perform-workload'
import { type DoneJob, virtualReplay } from './virtual-replay'

export interface MapMutexResult {
  readonly id: MapMutexId
  /** Seconds under our keyed mutex, here and now. */
  readonly seconds: number
  readonly done: number
  readonly actions: number
  /**
   * Seconds that the same jobs take in virtual time, with the sleeps as they really came out, under a lock
   * that costs nothing: no lock can be faster than that in the same order.
   */
  readonly least: number
  readonly published: MapMutexPublished
}

export interface RunMapMutexOptions {
  readonly signal?: AbortSignal | undefined
  /** How many jobs are done, of how many. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined
  /** Default 1. */
  readonly seed?: number | undefined
}

/**
 * Runs one of the cases in a worker of this page, all of whose tasks contend through `keyedMutex` at reach `origin`.
 *
 * Rejects as {@link performWorkload} does; with `RangeError` for a case that mapmutex has not.
 *
 * @example
 * const { seconds, least, published } = await runMapMutexCase('1000_100_20_20')
 */
export async function runMapMutexCase(
  id: MapMutexId,
  { signal, onProgress, seed = 1 }: RunMapMutexOptions = {},
): Promise<MapMutexResult> {
  const { workload, published } = mapMutexCase(id)
  const drawn: Workload = { ...workload, seed }
  const actions = drawn.end.kind === 'actions' ? drawn.end.actions : 0
  const jobs = new JobsDone()
  const { seconds, done, dropped } = await performWorkload(drawn, {
    signal,
    onBatch: (events) => jobs.note(events),
    onProgress: (progress) => {
      if (progress.kind === 'running') onProgress?.(progress.done, actions)
    },
  })
  // A thousand acquisitions in seconds are never too many to be told.
  if (dropped > 0) throw new Error(`${dropped} acquisitions were not told: nothing to replay`)
  return { id, seconds, done, actions, least: jobs.replay() / 1000, published }
}

/** The jobs of each task, from its events: which lock it held, and for how long. */
export class JobsDone {
  readonly #granted = new Map<string, number>()
  readonly #tasks = new Map<string, DoneJob[]>()
  readonly #keys = new Map<string, number>()

  note(events: readonly LockEvent[]): void {
    for (const { type, request, time, task, lock } of events) {
      // In the order in which they first asked: so they queue in the replay, too.
      const jobs = this.#tasks.get(task) ?? []
      this.#tasks.set(task, jobs)
      if (type === 'grant') this.#granted.set(request, time)
      const granted = this.#granted.get(request)
      if (type !== 'release' || granted === undefined) continue
      this.#granted.delete(request)
      const key = this.#keys.get(lock) ?? this.#keys.size
      this.#keys.set(lock, key)
      jobs.push({ key, slept: time - granted })
    }
  }

  /** How long all of them take under a lock that costs nothing, in ms. */
  replay(): number {
    return virtualReplay([...this.#tasks.values()])
  }
}
