/** Whether what another agent gave is a recording: it may be of another release of this library. */

import type { LockEvent } from '../locks'
import { merge } from './merge'
import type { AgentRecord, ContentionRecord, LockRecord, Recording } from './recording'

/** Whether all that is merged of it can be, and comes out as numbers. */
export function isRecording(data: unknown): data is Recording {
  const { format, version, agents, events, ...rest } = Object(data) as Recording
  if (format !== 'latchkey-recording' || version !== 1) return false
  if (![rest.from, rest.to, rest.sample, rest.dropped].every(isNumber)) return false
  if (!Array.isArray(agents) || !agents.every(isAgent)) return false
  if (!Array.isArray(events) || !events.every(isEvent)) return false
  try {
    const { locks, contention } = merge([data as Recording])
    return locks.every(isLock) && contention.every(isRow)
  } catch {
    return false
  }
}

export function isAgent(data: unknown): data is AgentRecord {
  const { agent, offset, uncertainty, resolution, gaps } = Object(data) as AgentRecord
  if (typeof agent !== 'string' || ![offset, uncertainty, resolution].every(isNumber)) return false
  return Array.isArray(gaps) && gaps.every((gap) => isNumber(gap?.from) && isNumber(gap?.to))
}

function isEvent(data: unknown): data is LockEvent {
  const { time, type, lock, request } = Object(data) as LockEvent
  return isNumber(time) && [type, lock, request].every((each) => typeof each === 'string')
}

function isLock({ lock, mode: _, wait, hold, ...counts }: LockRecord): boolean {
  const sums = [wait, hold].flatMap(({ count, sum, min, max }) => [count, sum, min, max])
  return typeof lock === 'string' && [...Object.values(counts), ...sums].every(isNumber)
}

function isRow({ lock, contentions, delay }: ContentionRecord): boolean {
  return typeof lock === 'string' && isNumber(contentions) && isNumber(delay)
}

export function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}
