/** Which policies real workers can play here, and why not the others. */

import { createLocks } from '../locks'
import type { PolicyId } from '../scenario'
import type { RealPolicy } from './types'

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
  const support = createLocks().support()
  return support.supported ? undefined : `There are no locks for workers here: ${support.reason}.`
}
