/** One span of the lanes, named so that it stays itself while others come and go; and words for it. */

import type { Flow } from './hand-ons'
import type { Lanes } from './lanes'
import { durationText, timeText } from './ticks'
import { kindCode, type SpanKind, spanKinds } from './track'

export interface Selection {
  /** An index of `Lanes.tracks`. */
  readonly track: number
  /** When it began, in ms since the start. */
  readonly from: number
}

export interface Span {
  readonly track: number
  readonly agent: number
  readonly kind: SpanKind
  readonly lock: string
  readonly lockIndex: number
  readonly from: number
  readonly to: number
}

export function spanAt(lanes: Lanes, track: number, index: number): Span | undefined {
  const row = lanes.tracks[track]
  if (!row || index < 0 || index >= row.length) return undefined
  const lockIndex = row.lock[index] ?? 0
  return {
    track,
    agent: row.agent,
    kind: spanKinds[row.kind[index] ?? 0] ?? 'waiting',
    lock: lanes.locks[lockIndex] ?? '?',
    lockIndex,
    from: row.from[index] ?? 0,
    to: row.to[index] ?? 0,
  }
}

export function indexOf(lanes: Lanes, { track, from }: Selection): number | undefined {
  const row = lanes.tracks[track]
  if (!row) return undefined
  for (let index = Math.max(row.firstAfter(from) - 1, 0); index < row.length; index++) {
    const begins = row.from[index] ?? 0
    if (begins === from) return index
    if (begins > from) return undefined
  }
  return undefined
}

export function spanOf(lanes: Lanes, selection: Selection): Span | undefined {
  const index = indexOf(lanes, selection)
  return index === undefined ? undefined : spanAt(lanes, selection.track, index)
}

/** The neighbour on the same lane, of its kind; the last or first one if there is none. */
export function beside(lanes: Lanes, selection: Selection, by: 1 | -1): Selection | undefined {
  const start = indexOf(lanes, selection)
  const row = lanes.tracks[selection.track]
  if (start === undefined || !row) return undefined
  const next = start + by
  if (next < 0 || next >= row.length) return undefined
  return { track: selection.track, from: row.from[next] ?? 0 }
}

/** What lies at a moment on a lane, or next to it: never nothing while there is something. */
export function nearest(lanes: Lanes, track: number, time: number): Selection | undefined {
  const row = lanes.tracks[track]
  if (!row || row.length === 0) return undefined
  const index = Math.min(row.firstAfter(time), row.length - 1)
  return { track, from: row.from[index] ?? 0 }
}

/** The longest wait between two moments, on any lane. */
export function longestWait(lanes: Lanes, from: number, to: number): Selection | undefined {
  let found: Selection | undefined
  let longest = 0
  for (const [track, row] of lanes.tracks.entries()) {
    for (let index = row.firstAfter(from); index < row.length; index++) {
      const begins = row.from[index] as number
      if (begins > to) break
      const lasts = (row.to[index] as number) - begins
      if (row.kind[index] === kindCode.waiting && lasts > longest) {
        longest = lasts
        found = { track, from: begins }
      }
    }
  }
  return found
}

/** What led to a grant, or what a release led to. */
export function flowsOf(lanes: Lanes, span: Span): readonly Flow[] {
  if (span.kind !== 'waiting') return lanes.handOns.of(span.lockIndex, span.to)
  const flow = lanes.handOns.to(span.lockIndex, span.to, span.track, span.from)
  return flow ? [flow] : []
}

/** “Worker 2 waited 3.2 ms for cart, from 1.204 s on; Worker 1 let it in.” */
export function spanWords(lanes: Lanes, span: Span, names: (agent: number) => string): string {
  const who = names(span.agent)
  const lasted = durationText(span.to - span.from)
  const when = `from ${timeText(span.from, 0.1)} on`
  const flows = flowsOf(lanes, span)
  const others = flows.map(({ from, to }) => {
    const track = span.kind === 'waiting' ? from.track : to.track
    const agent = lanes.tracks[track]?.agent
    if (agent === undefined) return '?'
    return agent === span.agent ? 'another of its own tasks' : names(agent)
  })
  const unique = [...new Set(others)]
  if (span.kind === 'waiting') {
    const by = unique.length > 0 ? ` It was let in by ${unique.join()}.` : ''
    return `${who} waited ${lasted} for ${span.lock}, ${when}.${by}`
  }
  const verb = span.kind === 'reading' ? 'read' : 'held'
  const then = unique.length > 0 ? ` Then came ${listed(unique)}.` : ''
  return `${who} ${verb} ${span.lock} for ${lasted}, ${when}.${then}`
}

function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join()
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
