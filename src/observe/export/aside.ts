/** Events that neither begin nor end an acquisition, and may be all that is kept of one. */

import type { LockEvent } from '../../locks'

export function isAside(event: LockEvent): boolean {
  const { type } = event
  if (type === 'deadlock') return event.goesOn === true
  return type === 'order-violation' || type === 'not-held' || type === 'fence'
}
