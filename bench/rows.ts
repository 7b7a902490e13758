/** The rows of the bench: what is measured, in which unit, and what it must reach. */

import type { MapMutexId } from '../src/scenario'
import type { Summary } from './statistics'

export interface Goal {
  /** What is held against the bound. */
  readonly of: 'ratio' | 'ours'
  readonly at: 'least' | 'most'
  readonly bound: number
  /** A condition that the numbers do not show. */
  readonly and?: string
}

export interface RowSpec {
  readonly what: string
  readonly unit: string
  /** Absent where the row only reports. */
  readonly goal?: Goal
}

const least = (bound: number, and?: string): Goal => ({
  of: 'ratio',
  at: 'least',
  bound,
  ...(and === undefined ? {} : { and }),
})
const most = (bound: number, of: Goal['of'] = 'ratio', and?: string): Goal => ({
  of,
  at: 'most',
  bound,
  ...(and === undefined ? {} : { and }),
})

/** Two of mapmutex's cases have a shorter name besides. */
const mapMutex = (id: MapMutexId): RowSpec => {
  const [actions] = id.split('_')
  return {
    what: `mapmutex ${id}, against a virtual replay under a lock that costs nothing`,
    unit: 's',
    goal: most(1.05, 'ratio', `${actions} of ${actions} done`),
  }
}

/** The least share of the smaller of two tabs. */
export const fairShare = 0.35

export const specs = {
  'origin-sequential': {
    what: 'lock/unlock pairs, one task, against raw navigator.locks',
    unit: 'pairs/s',
    goal: least(300),
  },
  'origin-10-tasks': {
    what: 'lock/unlock pairs, ten tasks on one name, against raw navigator.locks',
    unit: 'pairs/s',
    goal: least(200),
  },
  'origin-2-tabs': {
    what: 'lock/unlock pairs, two tabs on one name, their sum, against raw navigator.locks',
    unit: 'pairs/s',
    goal: least(300, `smaller share ≥ ${fairShare * 100} %`),
  },
  'vs-async-mutex': {
    what: 'lock/unlock pairs, one task, ours across tabs, against async-mutex in the same page',
    unit: 'pairs/s',
    goal: least(2),
  },
  'vs-async-mutex-10': {
    what: 'lock/unlock pairs, ten tasks, ours across tabs, against async-mutex in the same page',
    unit: 'pairs/s',
    goal: least(1.3),
  },
  'vs-no-lock': {
    what: 'lock/unlock pairs, one task, against the same loop without any lock (the limit)',
    unit: 'pairs/s',
  },
  'foreign-wait': {
    what: 'p99 wait of a raw contender in another tab while ten tasks hammer, ours or raw',
    unit: 'ms',
    goal: most(7, 'ours'),
  },
  'foreign-wait-busy': {
    what: 'p95 wait of a raw contender while the holder works 50 ms after each release, ours or raw',
    unit: 'ms',
    goal: most(1.2),
  },
  'keyed-100': mapMutex('1000_100_20_20'),
  'keyed-2': mapMutex('1000_2_40_20'),
  'mapmutex-1000_100_20_20': mapMutex('1000_100_20_20'),
  'mapmutex-1000_20_20_20': mapMutex('1000_20_20_20'),
  'mapmutex-1000_20_40_20': mapMutex('1000_20_40_20'),
  'mapmutex-1000_2_40_20': mapMutex('1000_2_40_20'),
  'mapmutex-1000_20_40_60': mapMutex('1000_20_40_60'),
  'mapmutex-10000_20_40_20': mapMutex('10000_20_40_20'),
  'rw-readers': {
    what: 'sections of 1 ms, ten readers at once, against ten tasks on one mutex',
    unit: 'sections/s',
    goal: least(8),
  },
  'semaphore-4': {
    what: 'pairs, ten tasks on a semaphore of 4 permits that reaches every tab, against the mutex of the same reach',
    unit: 'pairs/s',
    goal: least(0.3, 'never more than 4 inside'),
  },
  'cluster-uncontended': {
    what: 'lock/unlock pairs over shared memory in one worker, blocking, against a futex mutex of one word',
    unit: 'pairs/s',
    goal: least(0.1, '≥ 1,000× raw navigator.locks'),
  },
  'cluster-2-workers': {
    what: 'lock/unlock pairs over shared memory, two workers on one name, their sum, against raw navigator.locks',
    unit: 'pairs/s',
    goal: least(100),
  },
  'cluster-4-workers': {
    what: 'lock/unlock pairs over shared memory, four workers on one name, their sum, against raw navigator.locks',
    unit: 'pairs/s',
    goal: least(100),
  },
  'cluster-strict': {
    what: "lock/unlock pairs over shared memory with fair: 'strict', two workers taking turns, against raw navigator.locks",
    unit: 'pairs/s',
    goal: least(3),
  },
  'cluster-handoff': {
    what: "p50 from a release to the next worker's grant over shared memory, against raw navigator.locks",
    unit: 'µs',
    goal: most(0.25),
  },
  'idb-strict': {
    what: "lock/unlock pairs over IndexedDB with fair: 'strict', one task, against two bare readwrite transactions on one row",
    unit: 'pairs/s',
    goal: least(0.6),
  },
  'idb-sequential': {
    what: 'lock/unlock pairs over IndexedDB, one task, against raw navigator.locks where there are some',
    unit: 'pairs/s',
    goal: least(100),
  },
  'idb-handoff': {
    what: "p50 from a release to another tab's grant over IndexedDB, against a bare transaction and a BroadcastChannel message",
    unit: 'ms',
    goal: most(1.5),
  },
  'fence-cost': {
    what: 'lock/unlock pairs with a fence, one task, against the same without',
    unit: 'pairs/s',
    goal: least(0.02, '≤ 1 transaction for each far acquisition'),
  },
  'leader-failover': {
    what: "p99 from the death of the leader's idle tab, which is closed, to its successor in another tab, against the next holder of raw navigator.locks",
    unit: 'ms',
    goal: most(100, 'ours'),
  },
  'idle-keys': {
    what: 'heap after 100,000 keys were locked and released, the most of all mechanisms, against a map of async-mutexes',
    unit: 'kB',
    goal: most(64, 'ours', 'no entry left in any port'),
  },
  'deep-queue': {
    what: 'what a grant costs with 10,000 waiters on one name, against 10 waiters, at the worst of memory, shared memory and IndexedDB',
    unit: 'µs',
    goal: most(1.5),
  },
  'detect-overhead': {
    what: 'lock/unlock pairs, one task, with deadlock detection, against a build without hooks',
    unit: 'pairs/s',
    goal: least(0.9, 'lower bound of the 95 % interval ≥ 0.9'),
  },
  'detect-latency': {
    what: 'p95 from the wait that closes a deadlock of two tabs to its error, where detection waits for 200 ms, against these 200 ms',
    unit: 'ms',
    goal: most(300, 'ours'),
  },
  'record-off': {
    what: 'lock/unlock pairs, one task, with hooks that nobody uses, against a build without hooks',
    unit: 'pairs/s',
    goal: least(0.95, 'lower bound of the 95 % interval ≥ 0.95'),
  },
  'record-1-in-100': {
    what: 'lock/unlock pairs, one task, recorded, one in 100 whole, against a build without hooks',
    unit: 'pairs/s',
    goal: least(0.85, 'lower bound of the 95 % interval ≥ 0.85'),
  },
  'record-all': {
    what: 'lock/unlock pairs, one task, recorded, all of them whole, against a build without hooks',
    unit: 'pairs/s',
  },
  'inspector-cost': {
    what: 'lock/unlock pairs, one task, in a page with the inspector open, against one where it is closed',
    unit: 'pairs/s',
    goal: least(0.9, 'lower bound of the 95 % interval ≥ 0.9'),
  },
  'explore-states': {
    what: 'states a second in the explorer, six philosophers, every interleaving counted, against the steps between them',
    unit: 'a second',
  },
  'explore-dining-5': {
    what: 'five philosophers, all interleavings with their counts, against the reduced graph that gives the verdict alone',
    unit: 's',
    goal: most(10, 'ours', 'complete, and the verdicts agree'),
  },
  'timeline-100k': {
    what: 'drawing a frame while panning 100,000 events, p95, against an empty canvas',
    unit: 'ms',
    goal: most(8, 'ours', 'at most 5 % more frames dropped'),
  },
} as const satisfies Readonly<Record<string, RowSpec>>

export type RowId = keyof typeof specs

export const rowIds = Object.keys(specs) as readonly RowId[]

/** What a row's measurement found. */
export interface Finding {
  readonly id: RowId
  readonly summary: Summary
  /** Whether the goal's other condition holds. */
  readonly and?: boolean
  /** What was measured beside. */
  readonly notes: readonly string[]
}

/** As `--json` prints it. `goal` and `holds` are null where the row only reports. */
export interface Row {
  readonly id: RowId
  readonly what: string
  readonly ours: number
  readonly theirs: number
  readonly unit: string
  readonly ratio: number
  readonly goal: string | null
  readonly holds: boolean | null
}

export function rowOf({ id, summary, and, notes }: Finding): Row {
  const { what, unit, goal }: RowSpec = specs[id]
  const { ours, theirs, ratio } = summary
  const row = { id, what: [what, ...notes].join('; '), ours, theirs, unit, ratio }
  if (goal === undefined) return { ...row, goal: null, holds: null }
  const value = goal.of === 'ratio' ? ratio : ours
  const within = goal.at === 'least' ? value >= goal.bound : value <= goal.bound
  const holds = within && (goal.and === undefined || and === true)
  return { ...row, goal: wording(goal, unit), holds }
}

function wording({ of, at, bound, and }: Goal, unit: string): string {
  const sign = at === 'least' ? '≥' : '≤'
  const value = of === 'ratio' ? `${bound}×` : `${bound} ${unit}`
  return and === undefined ? `${sign} ${value}` : `${sign} ${value}, ${and}`
}

/** The rows that `--only a,b` asks for, in the order of the table. */
export function chosenIds(only: string | undefined): readonly RowId[] {
  if (only === undefined) return rowIds
  const wanted = only.split(',').map((id) => id.trim())
  for (const id of wanted) {
    if (!Object.hasOwn(specs, id)) {
      throw new RangeError(`no row '${id}': there are ${rowIds.join(', ')}`)
    }
  }
  return rowIds.filter((id) => wanted.includes(id))
}
