/** Which policies real workers can play here, over what, and why not the others. */

import { createLocks, type Mechanism } from '../locks'
import type { PolicyId } from '../scenario'
import type { RealPolicy, RealReach } from './types'

/** What can carry a run's lock. */
export interface Carrier {
  readonly reach: RealReach
  readonly mechanism: Mechanism
}

let known: readonly Carrier[] | undefined

/** What there is for workers here, what an app would use first. It never changes. */
export function carriers(): readonly Carrier[] {
  known ??= findCarriers()
  return known
}

function findCarriers(): readonly Carrier[] {
  const found: Carrier[] = []
  const origin = createLocks().support()
  if (origin.supported) found.push({ reach: 'origin', mechanism: origin.mechanism })
  if (typeof SharedArrayBuffer !== 'undefined') {
    found.push({ reach: 'cluster', mechanism: 'shared-memory' })
  }
  // Among the workers of one page shared memory is the better one of the two.
  return origin.supported && origin.mechanism === 'indexed-db' ? found.toReversed() : found
}

export function supportsRealRun(policy: PolicyId): policy is RealPolicy {
  return policy === 'go' || policy === 'web-locks'
}

/** A sentence for the person who asks; `undefined` where the policy can be played for real. */
export function whyNoRealRun(policy: PolicyId): string | undefined {
  if (policy === 'readers-first') {
    return 'Only simulated: Latchkey has no lock that always lets readers go first, for writers could starve.'
  }
  if (policy === 'writers-first') {
    return 'Only simulated: Latchkey has no lock that always lets writers go first, for readers could starve.'
  }
  if (typeof Worker === 'undefined') return 'There are no Web Workers here.'
  if (carriers().length > 0) return undefined
  const support = createLocks().support()
  return support.supported ? undefined : `There are no locks for workers here: ${support.reason}.`
}
