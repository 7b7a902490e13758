/** Which workloads this browser can perform, over what, and why not the others. */

import { participantsOf, type Workload, type WorkloadReach } from '../../scenario'
import type { WorkloadMechanism } from './types'
import { libraryLocks } from './workload-locks'

export type WorkloadSupport =
  | { readonly supported: true; readonly mechanism: WorkloadMechanism }
  /** `reason`: a sentence for the person who asks. */
  | { readonly supported: false; readonly reason: string }

/** Asks nothing but what is there; never throws for a workload that passes `assertWorkload`. */
export function workloadSupport(workload: Workload): WorkloadSupport {
  if (typeof Worker === 'undefined') return no('There are no Web Workers here.')
  const memory = typeof SharedArrayBuffer !== 'undefined'
  if (participantsOf(workload) > 1 && !memory && typeof indexedDB === 'undefined') {
    return no('Workers can share no counter here: there is neither shared memory nor IndexedDB.')
  }
  const { lock } = workload
  switch (lock.kind) {
    case 'none':
    case 'async-mutex':
      return { supported: true, mechanism: lock.kind }
    case 'navigator-locks':
      if (typeof navigator.locks !== 'undefined') {
        return { supported: true, mechanism: lock.kind }
      }
      return no('There is no navigator.locks here: it needs https, or localhost.')
    default:
      return supportOfReach(lock.reach, memory)
  }
}

function supportOfReach(reach: WorkloadReach, memory: boolean): WorkloadSupport {
  if (reach === 'realm') return { supported: true, mechanism: 'memory' }
  if (reach === 'cluster') {
    if (memory) return { supported: true, mechanism: 'shared-memory' }
    return no('There is no shared memory here: the page is not isolated (COOP and COEP headers).')
  }
  const support = libraryLocks(reach, undefined).support()
  if (support.supported) return { supported: true, mechanism: support.mechanism }
  return no(`There are no locks that reach other workers here: ${support.reason}.`)
}

function no(reason: string): WorkloadSupport {
  return { supported: false, reason }
}
