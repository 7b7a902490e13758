/** Which bars a window of time shows, and who handed a lock to whom in it. Pure. */

import type { Span, Track } from './track'

export interface SeenSpan {
  readonly span: Span
  readonly row: number
  /** Epoch ms, within the window. */
  readonly from: number
  readonly to: number
}

export interface HandOff {
  /** Rows. */
  readonly from: number
  readonly to: number
  /** Epoch ms: when it was granted. */
  readonly at: number
}

export interface Window {
  readonly from: number
  readonly to: number
}

export function seen(
  tracks: readonly Track[],
  { from, to }: Window,
  wanted: (lock: string) => boolean,
): readonly SeenSpan[] {
  return tracks.flatMap((track, row) =>
    track.spans.flatMap((span) => {
      const end = Math.min(span.to ?? to, to)
      if (!wanted(span.lock) || end < from || span.from > to) return []
      return [{ span, row, from: Math.max(span.from, from), to: Math.max(end, span.from) }]
    }),
  )
}

/** What lies longer than so many ms between a release and a grant is no hand-off of one to the other. */
const near = 60

/** Each wait that ended in a grant, and whoever let go just before. */
export function handOffs(spans: readonly SeenSpan[]): readonly HandOff[] {
  const waits = spans.filter(({ span }) => span.kind === 'wait' && span.end === 'granted')
  return waits.flatMap((wait) => {
    const at = wait.span.to
    if (at === undefined) return []
    const giver = spans
      .filter(
        ({ span, row }) =>
          row !== wait.row &&
          span.kind !== 'wait' &&
          span.lock === wait.span.lock &&
          span.to !== undefined &&
          // Two clocks of one machine may disagree by a little.
          Math.abs(at - span.to) < near,
      )
      .sort(
        (one, other) => Math.abs(at - Number(one.span.to)) - Math.abs(at - Number(other.span.to)),
      )
      .at(0)
    return giver === undefined ? [] : [{ from: giver.row, to: wait.row, at }]
  })
}
