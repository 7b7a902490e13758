/** What the threads told, on the scenario's time. Pure. */

import type { LockEvent } from '../locks'
import { scenarioTime, type TimeScale } from './clocks'

/** What simulated runs call the one lock of a scenario. */
const scenarioLock = 'rw'

/** The library's event on the scenario's time and under the scenario's name; the rest stays. */
export function mapEvent(event: LockEvent, scale: TimeScale): LockEvent {
  return { ...event, time: scenarioTime(event.time, scale), lock: scenarioLock }
}

/**
 * Events by time. What one thread told stays in its order; equal times keep the order in which
 * they arrived. A grant cannot come before the release that it waited for: between the two lies
 * a journey through the browser, much longer than the finest difference that its clock shows.
 */
export function byTime(events: readonly LockEvent[]): readonly LockEvent[] {
  return [...events].sort((a, b) => a.time - b.time)
}

/** What a thread is at, for a run that came to no end: as the end of a sentence. */
export function lastWord(thread: string, events: readonly LockEvent[]): string {
  const last = events.findLast(({ task }) => task === thread)
  switch (last?.type) {
    case undefined:
      return `${thread} never asked for the lock`
    case 'request':
      return `${thread} waits for the lock (${last.mode})`
    case 'grant':
      return `${thread} holds the lock (${last.mode})`
    default:
      return `${thread} has sections left`
  }
}
