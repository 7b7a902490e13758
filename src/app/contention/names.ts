/** What the page calls the parts of a workload. */

import type { Spread, Workload, WorkloadLock, WorkloadReach } from '../../scenario'

export type Side = 'a' | 'b'
export const sides = ['a', 'b'] as const
export const sideName = { a: 'A', b: 'B' } as const

/** The locks to choose from; a policy makes one of its own. */
export const lockChoices = [
  { id: 'mutex', text: 'One mutex for all keys' },
  { id: 'keyed-mutex', text: 'Keyed mutex' },
  { id: 'rw-lock phase-fair', text: 'RW lock, phase-fair (as Go)' },
  { id: 'rw-lock fifo', text: 'RW lock, FIFO (as Web Locks)' },
  { id: 'semaphore', text: 'Semaphore' },
  { id: 'navigator-locks', text: 'navigator.locks, raw' },
  { id: 'async-mutex', text: 'async-mutex, one worker' },
  { id: 'none', text: 'No lock at all' },
] as const

export type LockChoice = (typeof lockChoices)[number]['id']

export function lockChoiceOf(lock: WorkloadLock): LockChoice {
  return lock.kind === 'rw-lock' ? `rw-lock ${lock.policy}` : lock.kind
}

/** The same reach and fairness as before, where the new lock has any. */
export function lockOfChoice(id: LockChoice, before: WorkloadLock): WorkloadLock {
  const { reach, fair } =
    'reach' in before ? before : ({ reach: 'origin', fair: 'bounded' } as const)
  switch (id) {
    case 'mutex':
    case 'keyed-mutex':
      return { kind: id, reach, fair }
    case 'rw-lock phase-fair':
      return { kind: 'rw-lock', policy: 'phase-fair', reach, fair }
    case 'rw-lock fifo':
      return { kind: 'rw-lock', policy: 'fifo', reach, fair }
    case 'semaphore':
      return { kind: id, permits: 4, reach, fair }
    default:
      return { kind: id }
  }
}

export const reachNames: Readonly<Record<WorkloadReach, string>> = {
  realm: 'Realm: one worker',
  cluster: 'Cluster: shared memory',
  origin: 'Origin: all tabs',
  'indexed-db': 'Origin, over IndexedDB',
}

export const fairNames = { bounded: 'Bounded overtaking', strict: 'Strictly in order' } as const

export const spreadNames: Readonly<Record<Spread['kind'], string>> = {
  fixed: 'always',
  exponential: 'exponential',
  bimodal: 'short or long',
  uniform: 'any below',
}

/** Another shape with about the same mean. */
export function spreadOf(kind: Spread['kind'], mean: number): Spread {
  switch (kind) {
    case 'fixed':
      return { kind, ms: round(mean) }
    case 'uniform':
      return { kind, below: Math.max(1, Math.round(2 * mean)) }
    case 'exponential':
      return { kind, mean: round(mean) }
    case 'bimodal':
      return { kind, short: round(mean / 2), long: round(mean * 5.5), longShare: 0.1 }
  }
}

const round = (ms: number) => Math.round(ms * 100) / 100

export function spreadText(spread: Spread): string {
  switch (spread.kind) {
    case 'fixed':
      return `${spread.ms} ms`
    case 'uniform':
      return `below ${spread.below} ms`
    case 'exponential':
      return `exponential, ${spread.mean} ms`
    case 'bimodal':
      return `${spread.short} or ${spread.long} ms`
  }
}

const choiceText = (lock: WorkloadLock) =>
  lockChoices.find(({ id }) => id === lockChoiceOf(lock))?.text ?? lock.kind

/** “4 workers, one mutex” */
export function workloadText({ workers, tabs, tasks, lock, keys }: Workload): string {
  const parts = [
    `${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    ...(tabs > 0 ? [`${tabs} ${tabs === 1 ? 'tab' : 'tabs'}`] : []),
    ...(tasks > 1 ? [`${tasks} tasks in each`] : []),
    ...(keys > 1 ? [`${keys.toLocaleString('en')} keys`] : []),
    ...(lock.kind === 'semaphore' ? [`semaphore of ${lock.permits}`] : [choiceText(lock)]),
  ]
  return parts.join(', ')
}

/** The lanes, in order: whoever reports first does not stand first for that. */
export function participantNames({ workers, tabs }: Pick<Workload, 'workers' | 'tabs'>): string[] {
  return [
    ...Array.from({ length: workers }, (_, index) => `Worker ${index + 1}`),
    ...Array.from({ length: tabs }, (_, index) => `Tab ${index + 1}`),
  ]
}
