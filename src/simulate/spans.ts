/**
 * The bars of the lanes, from the steps: what a thread does after the last step of an instant
 * is what it does until something changes. What lasts no time has no bar.
 */

import type { Doing, Span, Step, ThreadId } from './types'

interface Open {
  readonly key: string
  readonly from: number
  readonly kind: Span['kind']
  readonly label: string
}

/** `end` closes bars that nothing closes: waits that never end. */
export function spansOf(steps: readonly Step[], end: number): Span[] {
  const spans: Span[] = []
  const open = new Map<ThreadId, Open>()
  const close = (thread: ThreadId, to: number) => {
    const span = open.get(thread)
    open.delete(thread)
    if (!span || span.from >= to) return
    spans.push({ thread, kind: span.kind, from: span.from, to, label: span.label })
  }
  steps.forEach((step, index) => {
    // Only where the instant ends: the steps within it last no time.
    if (steps[index + 1]?.time === step.time) return
    for (const { thread, doing } of step.threads) {
      const now = openFor(doing)
      if (open.get(thread)?.key === now?.key) continue
      close(thread, step.time)
      if (now) open.set(thread, { ...now, from: step.time })
    }
  })
  for (const thread of [...open.keys()]) close(thread, end)
  return spans.sort((a, b) => a.from - b.from)
}

function openFor(doing: Doing): Omit<Open, 'from'> | undefined {
  switch (doing.kind) {
    case 'waiting': {
      const { on, since, label } = doing
      return { key: `${on} ${since}`, kind: 'waiting', label }
    }
    case 'reading':
    case 'writing':
      return { key: `${doing.kind} ${doing.since}`, kind: doing.kind, label: doing.kind }
    default:
      return undefined
  }
}
