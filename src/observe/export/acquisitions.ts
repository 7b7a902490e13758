/**
 * What became of each acquisition of a recording. A recording may begin and end in the middle of
 * one, and a full buffer forgets beginnings: what it does not have is `undefined`, not made up.
 *
 * Times are whole microseconds since the recording's beginning. Events are timed in ms since the
 * epoch, of which a double keeps a quarter of a microsecond; and whole numbers nest exactly, where
 * rounding a start and a duration each for itself would let slices overlap.
 */

import type { LockEvent, LockMode } from '../../locks'
import type { Recording } from '../recording'
import { isAside } from './aside'

export type Outcome = 'release' | 'lost' | 'abort' | 'timeout' | 'refuse' | 'deadlock' | 'open'

export interface Acquisition {
  readonly agent: string
  readonly task: string
  readonly lock: string
  readonly mode: LockMode
  readonly request: string
  readonly site?: string | undefined
  /** When it was asked for. */
  readonly asked: number | undefined
  readonly granted: number | undefined
  /** From the first that is known of it to the last: to the recording's end if it goes on. */
  readonly start: number
  readonly end: number
  readonly outcome: Outcome
  /** The place among the recording's events of its grant, or of the first that is known of it. */
  readonly place: number
  /** ms: see the event `release`. */
  readonly ran?: number | undefined
}

type Draft = { -readonly [Key in keyof Acquisition]: Acquisition[Key] }

/** When a recording's time begins, in ms: nothing in it was earlier. */
export function beginningOf({ from, events }: Recording): number {
  return events.reduce((first, { time }) => Math.min(first, time), from)
}

/** By their start: what lies inside another one comes after it. */
export function acquisitionsOf(recording: Recording): readonly Acquisition[] {
  const beginning = beginningOf(recording)
  const drafts = new Map<string, Draft>()
  let end = micros(recording.to - beginning)
  for (const [place, event] of recording.events.entries()) {
    const at = micros(event.time - beginning)
    end = Math.max(end, at)
    if (isAside(event)) continue
    const draft = drafts.get(event.request) ?? begin(event, at, place)
    drafts.set(event.request, draft)
    if (event.type === 'grant') draft.place = place
    // A clock that was set back must not make an acquisition end before it began.
    note(draft, event, Math.max(at, draft.end))
  }
  for (const draft of drafts.values()) if (draft.outcome === 'open') draft.end = end
  return [...drafts.values()].sort(byStart)
}

export function byStart(a: Acquisition, b: Acquisition): number {
  return a.start - b.start || a.place - b.place
}

function micros(ms: number): number {
  return Math.round(ms * 1000)
}

function begin(event: LockEvent, at: number, place: number): Draft {
  const { agent, task, lock, mode, request, site } = event
  const unknown = { asked: undefined, granted: undefined, outcome: 'open' } as const
  return { agent, task, lock, mode, request, site, start: at, end: at, place, ...unknown }
}

function note(draft: Draft, event: LockEvent, at: number): void {
  const { type } = event
  // An end is an end, whatever a file says.
  if (draft.outcome !== 'open') return
  if (type === 'request') draft.asked = at
  else if (type === 'grant') draft.granted = at
  else if (endsIt(event)) draft.outcome = event.type
  if (type === 'release') draft.ran = event.ran
  draft.end = at
}

function endsIt(event: LockEvent): event is LockEvent & { readonly type: Outcome } {
  return event.type !== 'request' && event.type !== 'grant' && !isAside(event)
}

/** How long it waited, in µs; 0 if the recording does not say when it was asked for. */
export function waitOf({ asked, granted, end }: Acquisition): number {
  return asked === undefined ? 0 : (granted ?? end) - asked
}
