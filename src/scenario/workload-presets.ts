/** The workloads that come with the page, each made to show one thing. */

import type { Workload } from './workload'
import { mapMutexCases } from './workload-mapmutex'

export interface WorkloadPreset {
  readonly id: string
  /** What to look for, in a sentence. */
  readonly about: string
  readonly workload: Workload
}

/** What a form begins with: four workers, one lock, and more asked of it than it can give. */
export const firstWorkload: Workload = {
  title: 'Four workers, one mutex',
  workers: 4,
  tabs: 0,
  tasks: 1,
  keys: 1,
  hot: 0,
  reads: 0,
  readHold: { kind: 'fixed', ms: 5 },
  writeHold: { kind: 'fixed', ms: 5 },
  think: { kind: 'exponential', mean: 10 },
  lock: { kind: 'mutex', reach: 'origin', fair: 'bounded' },
  end: { kind: 'time', ms: 5_000 },
  seed: 1,
}

export const workloadPresets: readonly WorkloadPreset[] = [
  {
    id: 'first',
    about:
      'Four workers ask one lock for more than it can give: somebody waits nearly all the time.',
    workload: firstWorkload,
  },
  {
    id: 'read-heavy-config',
    about: 'Nineteen in twenty only read: they hold the lock together, and wait for writes alone.',
    workload: {
      ...firstWorkload,
      title: 'Read-heavy config',
      tasks: 2,
      reads: 0.95,
      readHold: { kind: 'fixed', ms: 4 },
      writeHold: { kind: 'fixed', ms: 8 },
      lock: { kind: 'rw-lock', policy: 'phase-fair', reach: 'origin', fair: 'bounded' },
    },
  },
  {
    id: 'slow-writer',
    about: 'A write in a hundred lasts 100 ms: every reader who comes meanwhile waits for it.',
    workload: {
      ...firstWorkload,
      title: 'Slow writer',
      tasks: 2,
      reads: 0.99,
      readHold: { kind: 'exponential', mean: 4 },
      writeHold: { kind: 'fixed', ms: 100 },
      think: { kind: 'exponential', mean: 20 },
      lock: { kind: 'rw-lock', policy: 'phase-fair', reach: 'origin', fair: 'bounded' },
    },
  },
  {
    id: 'convoy',
    about:
      'Short holds, and one in a hundred is long: all queue up behind it, and leave one by one.',
    workload: {
      ...firstWorkload,
      title: 'Convoy',
      workers: 6,
      writeHold: { kind: 'bimodal', short: 2, long: 100, longShare: 0.01 },
      think: { kind: 'exponential', mean: 25 },
      lock: { kind: 'mutex', reach: 'origin', fair: 'strict' },
    },
  },
  {
    id: 'hot-key',
    about: 'A thousand keys, but three in ten ask for the same one: that one decides the pace.',
    workload: {
      ...firstWorkload,
      title: 'One hot key among a thousand',
      tasks: 4,
      keys: 1_000,
      hot: 0.3,
      writeHold: { kind: 'exponential', mean: 8 },
      lock: { kind: 'keyed-mutex', reach: 'origin', fair: 'bounded' },
    },
  },
  {
    id: 'no-lock',
    about: 'The same four workers without a lock: updates overwrite each other, and are counted.',
    workload: { ...firstWorkload, title: 'Without a lock', lock: { kind: 'none' } },
  },
  ...mapMutexCases.map(({ id, workload, published }) => ({
    id: `mapmutex-${id}`,
    about: `One of mapmutex’s own cases; there it took ${published.mapMutex} s, and ${published.oneMutex} s with one mutex.`,
    workload,
  })),
]
