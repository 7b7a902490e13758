/**
 * mapmutex's benchmark cases, `actions_keys_goroutines_averageMs`, as workloads: every goroutine (here
 * a task of one worker) does its load of jobs one after the other; a job sleeps a random whole number
 * of ms below twice the average, under the lock of a random key. The loads are uneven.
 */

import type { Workload } from './workload'

/** Seconds, as mapmutex's own page has them. */
export interface MapMutexPublished {
  readonly mapMutex: number
  readonly oneMutex: number
  /** How many of the actions mapmutex did; the others gave up after 200 tries. */
  readonly done: number
}

export interface MapMutexCase {
  /** Its name there. */
  readonly id: MapMutexId
  /** On one key each through `keyedMutex`, across tabs. */
  readonly workload: Workload
  readonly published: MapMutexPublished
}

export type MapMutexId =
  | '1000_100_20_20'
  | '1000_20_20_20'
  | '1000_20_40_20'
  | '1000_2_40_20'
  | '1000_20_40_60'
  | '10000_20_40_20'

function caseOf(id: MapMutexId, mapMutex: number, oneMutex: number, done?: number): MapMutexCase {
  const [actions = 0, keys = 0, tasks = 0, average = 0] = id.split('_').map(Number)
  const workload: Workload = {
    title: `mapmutex ${id}`,
    workers: 1,
    tabs: 0,
    tasks,
    keys,
    hot: 0,
    reads: 0,
    readHold: { kind: 'fixed', ms: 0 },
    writeHold: { kind: 'uniform', below: 2 * average },
    think: { kind: 'fixed', ms: 0 },
    lock: { kind: 'keyed-mutex', reach: 'origin', fair: 'bounded' },
    end: { kind: 'actions', actions, shared: 'unevenly' },
    seed: 1,
  }
  return { id, workload, published: { mapMutex, oneMutex, done: done ?? actions } }
}

export const mapMutexCases: readonly MapMutexCase[] = [
  caseOf('1000_100_20_20', 1.82, 20.16),
  caseOf('1000_20_20_20', 2.76, 19.73),
  caseOf('1000_20_40_20', 1.83, 20.38),
  caseOf('1000_2_40_20', 10.82, 20.72, 989),
  caseOf('1000_20_40_60', 6.24, 60.34),
  caseOf('10000_20_40_20', 18.68, 205.49),
]

/** @throws RangeError for a name that mapmutex has no case of */
export function mapMutexCase(id: MapMutexId): MapMutexCase {
  const found = mapMutexCases.find((each) => each.id === id)
  if (found === undefined) {
    const ids = mapMutexCases.map((each) => each.id)
    throw new RangeError(`id must be one of ${ids.join(', ')}, got ${JSON.stringify(id)}`)
  }
  return found
}
