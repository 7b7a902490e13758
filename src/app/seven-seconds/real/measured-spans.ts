/** The bars that a run's events make: pure, also while the run is under way. */

import type { LockEvent } from '../../../locks'
import type { Span } from '../../../simulate'

export type MeasuredSpan = Omit<Span, 'label'>

type Told = Pick<LockEvent, 'type' | 'task' | 'request' | 'mode' | 'time'>

/** `now` ends what has not ended yet. */
export function spansOf(events: readonly Told[], now: number): MeasuredSpan[] {
  const open = new Map<string, MeasuredSpan>()
  const spans: MeasuredSpan[] = []
  const close = (request: string, to: number) => {
    const span = open.get(request)
    open.delete(request)
    // A wait of no length is no wait.
    if (span && to > span.from) spans.push({ ...span, to })
  }
  for (const { type, task: thread, request, mode, time } of events) {
    close(request, time)
    const span = { thread, from: time, to: time }
    if (type === 'request') open.set(request, { ...span, kind: 'waiting' })
    if (type === 'grant') {
      open.set(request, { ...span, kind: mode === 'shared' ? 'reading' : 'writing' })
    }
  }
  for (const request of [...open.keys()]) close(request, now)
  return spans
}

/** The measured bar that belongs to a simulated one: of its thread and kind, the nearest. */
export function measuredOf(
  span: MeasuredSpan,
  measured: readonly MeasuredSpan[],
): MeasuredSpan | undefined {
  const distance = (other: MeasuredSpan) => Math.abs(other.from - span.from)
  return measured
    .filter((other) => other.thread === span.thread && other.kind === span.kind)
    .reduce<MeasuredSpan | undefined>(
      (nearest, other) => (nearest && distance(nearest) <= distance(other) ? nearest : other),
      undefined,
    )
}
