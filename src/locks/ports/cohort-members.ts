/**
 * What a cohort made of a request: for who must know where in the mechanism's own queue it stands.
 * By what is needed of it, for another copy of the library may have opened the port.
 */

import type { FarHold, Member } from './name-cohort'
import type { PortRequest } from './port'

/**
 * The request that stands for this one in the mechanism's own queue; `undefined` if it waits inside
 * the agent.
 */
export function farRequestOf({ slot }: PortRequest): PortRequest | undefined {
  return (slot as Member | undefined)?.hold
}

/** On whose behalf a request of the mechanism's queue was made: itself, or members of a cohort. */
export function requestsBehind(far: PortRequest): readonly PortRequest[] {
  if (!('arrivals' in far)) return [far]
  const { cohort, arrivals } = far as FarHold
  // Once it is granted nobody arrives any more: they are inside.
  const members = far.grantedAt < 0 ? [...arrivals] : ([...cohort.near.live()] as Member[])
  return members.filter(({ hold }) => hold === far).map(({ outer }) => outer)
}
