/** A workload performed on real workers and tabs. */

import { createLocks, type Locks } from '../../locks'
import { assertWorkload, participantsOf, type Workload } from '../../scenario'
import { dismiss } from '../dismiss'
import { RealRunError } from '../errors'
import { memoryFor } from '../run-locks'
import { type CountedIn, forgetCounters, sharedCounters } from './counters'
import { countersPrefix, whileCounting } from './kept-counters'
import type { PerformWorkloadOptions, WorkloadOutcome } from './types'
import { libraryLocks } from './workload-locks'
import { type RunBasis, WorkloadRun } from './workload-run'
import { workloadSupport } from './workload-support'
import { openWorkloadTabs } from './workload-tabs'

/**
 * Performs the workload: its workers in this page and one in each of its tabs do what the plan of each of
 * their tasks says, under the lock that it asks for, on names of the run's own: runs do not disturb each
 * other's locks, but they do share the machine. No lock, no worker and no tab of the run is left when the
 * promise settles.
 *
 * A workload with tabs opens them at once: to be called by the handler of a click, before anything is awaited,
 * unless `options.tabs` are open already.
 *
 * Rejects with `signal.reason`; with an `AbortError` when somebody in one of the tabs cancels the run; with
 * `RangeError` for a workload beyond the limits; with `TabError` when a tab is blocked, silent or closed;
 * with `RealRunError` when this browser has no such lock, a worker fails, or a lock is stolen.
 *
 * @example
 * const outcome = await performWorkload(firstWorkload, { onBatch: (events) => draw(events) })
 * console.log(outcome.done / outcome.seconds, 'sections a second,', outcome.lost, 'updates lost')
 */
export async function performWorkload(
  workload: Workload,
  options: PerformWorkloadOptions = {},
): Promise<WorkloadOutcome> {
  assertWorkload(workload)
  const { signal } = options
  signal?.throwIfAborted()
  const support = workloadSupport(workload)
  if (!support.supported) throw new RealRunError('unsupported', [], support.reason)
  if (options.tabs && options.tabs.count < workload.tabs) {
    throw new RangeError(
      `options.tabs must be ${workload.tabs} at least, got ${options.tabs.count}`,
    )
  }
  const tabs = options.tabs ?? openWorkloadTabs(workload.tabs, { signal })
  try {
    const { mechanism } = support
    const name = `${countersPrefix}${Math.random().toString(36).slice(2)}`
    const cluster = 'reach' in workload.lock && workload.lock.reach === 'cluster'
    const memory = cluster ? memoryFor('cluster') : undefined
    const countedIn = countersFor(workload, name)
    const basis = { name, mechanism, memory, countedIn, tabs: await tabs.opened }
    const play = () => run(workload, basis, options, [signal, tabs.ended])
    if (countedIn.kind !== 'stored') return await play()
    return await whileCounting(countedIn.database, createLocks(), signal, play)
  } finally {
    if (options.tabs === undefined) await tabs.close()
  }
}

async function run(
  workload: Workload,
  basis: RunBasis,
  options: PerformWorkloadOptions,
  signals: readonly (AbortSignal | undefined)[],
): Promise<WorkloadOutcome> {
  for (const signal of signals) signal?.throwIfAborted()
  const end = new AbortController()
  const abort = ({ target }: Event) => end.abort((target as AbortSignal).reason)
  for (const signal of signals) signal?.addEventListener('abort', abort, { once: true })
  const playing = new WorkloadRun(workload, basis, options, end)
  try {
    return await playing.play()
  } finally {
    for (const signal of signals) signal?.removeEventListener('abort', abort)
    // What still arrives is of no interest to anybody.
    end.abort()
    // One that could not be hired is not there.
    await dismiss(Object.values(playing.links), locksLeftIn(workload, basis), basis.name)
    forgetCounters(basis.countedIn)
  }
}

function countersFor(workload: Workload, name: string): CountedIn {
  if (participantsOf(workload) === 1) return { kind: 'own' }
  if (typeof SharedArrayBuffer !== 'undefined') return sharedCounters(workload.keys)
  return { kind: 'stored', database: name }
}

/** Who can tell whether anybody still holds something; `undefined` where it ends with the worker. */
function locksLeftIn({ lock }: Workload, { memory }: RunBasis): Locks | undefined {
  switch (lock.kind) {
    case 'none':
    case 'async-mutex':
      return undefined
    case 'navigator-locks':
      return createLocks()
    default:
      return lock.reach === 'realm' ? undefined : libraryLocks(lock.reach, memory)
  }
}
