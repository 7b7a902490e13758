/** Events of one acquisition, put together again. */

import type { LockEvent, LockEventType, LockMode } from '../locks'

export interface Acquired {
  readonly request: string
  readonly agent: string
  readonly task: string
  readonly lock: string
  readonly mode: LockMode
  readonly site: string | undefined
  readonly asked: number
  /** Absent while it waits, and if it never was granted. */
  granted?: number
  /** Absent while it waits or is held. */
  ended?: number
  how?: LockEventType
  /** See the event `release`. */
  ran?: number
}

/** By the time of their requests. What has no request among the events is left out. */
export function acquisitionsOf(events: Iterable<LockEvent>): readonly Acquired[] {
  const all = new Map<string, Acquired>()
  for (const event of events) {
    if (event.type === 'request') {
      const { request, agent, task, lock, mode, site, time } = event
      all.set(request, { request, agent, task, lock, mode, site, asked: time })
    } else {
      const known = all.get(event.request)
      if (known !== undefined) goOn(known, event)
    }
  }
  return [...all.values()].sort((a, b) => a.asked - b.asked)
}

function goOn(acquired: Acquired, event: LockEvent): void {
  const { type, time } = event
  if (type === 'order-violation' || type === 'not-held' || type === 'fence') return
  if (type === 'deadlock' && event.goesOn) return
  if (type === 'grant') {
    acquired.granted = time
    return
  }
  acquired.ended = time
  acquired.how = type
  if (type === 'release' && event.ran !== undefined) acquired.ran = event.ran
}
