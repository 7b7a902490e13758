/**
 * Which release let which wait go on. Nobody says so; it follows from the order of events, which is
 * known only where every acquisition was recorded: with one in N sampled, the release that mattered
 * was most likely not. So there are none in a sampled recording, and none before the time from which
 * every agent's buffer still had everything. Where two agents' clocks put a release after the grant
 * it caused, the hand-off is missing rather than wrong.
 */

import type { LockEvent } from '../../locks'
import type { Recording } from '../recording'
import { isAside } from './aside'

export interface HandOff {
  /** The acquisition that ended: its request's id. */
  readonly from: string
  readonly to: string
}

interface Moment {
  readonly request: string
  readonly index: number
}

/** The latest ends on one lock that may have let somebody in, since the last grant that used them up. */
interface Ends {
  /** For who wants it exclusively: whoever left last. */
  any?: Moment | undefined
  /** For readers: only one who wanted it exclusively, by holding or by waiting, kept them out. */
  exclusive?: Moment | undefined
}

export function handOffsOf(recording: Recording): readonly HandOff[] {
  const { events } = recording
  const whole = wholeFrom(recording)
  const asked = new Map<string, number>()
  const locks = new Map<string, Ends>()
  const found: HandOff[] = []
  for (const [index, event] of events.entries()) {
    const { type, lock, request } = event
    if (type === 'request') asked.set(request, index)
    else if (event.time >= whole) {
      const ends = locks.get(lock) ?? {}
      locks.set(lock, ends)
      if (type === 'grant') {
        const cause = granted(ends, event)
        const waited = cause !== undefined && cause.index > (asked.get(request) ?? index)
        if (waited && cause.request !== request) {
          found.push({ from: cause.request, to: request })
        }
      } else ended(ends, event, index)
    }
  }
  return found
}

/** Buffers forget what ended first, so from the first end that an agent's has, it has them all. */
function wholeFrom({ sample, dropped, events }: Recording): number {
  if (sample !== 1) return Number.POSITIVE_INFINITY
  if (dropped === 0) return Number.NEGATIVE_INFINITY
  const first = new Map<string, number>()
  for (const event of events) {
    const { agent, time, type } = event
    if (type === 'request' || type === 'grant' || isAside(event)) continue
    if (!first.has(agent)) first.set(agent, time)
  }
  return [...first.values()].reduce((latest, time) => Math.max(latest, time), 0)
}

function granted(ends: Ends, { mode }: LockEvent): Moment | undefined {
  const cause = mode === 'shared' ? ends.exclusive : ends.any
  // Readers are let in together; nobody follows a writer but through its own release.
  ends.any = undefined
  if (mode === 'exclusive') ends.exclusive = undefined
  return cause
}

function ended(ends: Ends, event: LockEvent, index: number): void {
  const { type, mode, request } = event
  const moment = { request, index }
  if (type === 'release' || type === 'lost') {
    ends.any = moment
    if (mode === 'exclusive') ends.exclusive = moment
  } else if (mode === 'exclusive' && givesUp(event)) ends.exclusive = moment
}

/** A writer that stops waiting lets the readers behind it in. */
function givesUp(event: LockEvent): boolean {
  const { type } = event
  return (type === 'abort' || type === 'timeout' || type === 'deadlock') && !isAside(event)
}
