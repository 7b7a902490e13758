/** What each thread holds and waits for, from step to step: the bars of the lanes. Pure. */

import type { Description, HoldMode, ThreadDescription } from '../../../simulate'
import type { BarKind } from './step-geometry'

export interface StepSpan {
  /** Index. */
  readonly thread: number
  /** From this column up to, and not including, the other. */
  readonly from: number
  readonly to: number
  readonly kind: BarKind
  /** The longest wording first. */
  readonly labels: readonly string[]
  /** What it holds while it waits. */
  readonly held: 'reading' | 'writing' | undefined
}

type Bar = Pick<StepSpan, 'kind' | 'labels' | 'held'>

export function spansOf(frames: readonly Description[]): readonly StepSpan[] {
  const threads = frames[0]?.threads ?? []
  return threads.flatMap((_, thread) => {
    const spans: StepSpan[] = []
    for (const [column, frame] of frames.entries()) {
      const bar = barOf(frame, thread)
      if (!bar) continue
      const before = spans.at(-1)
      if (before?.to === column && alike(before, bar)) {
        spans[spans.length - 1] = { ...before, to: column + 1 }
      } else spans.push({ thread, from: column, to: column + 1, ...bar })
    }
    return spans
  })
}

const alike = (a: Bar, b: Bar) =>
  a.kind === b.kind && a.held === b.held && a.labels[0] === b.labels[0]

function barOf(frame: Description, thread: number): Bar | undefined {
  const holds = frame.locks.flatMap(({ name, holders }) =>
    holders.filter((each) => each.thread === thread).map(({ mode }) => ({ name, mode })),
  )
  const held = holds.length === 0 ? undefined : holds.every(reads) ? 'reading' : 'writing'
  const status = frame.threads[thread]?.status
  if (status?.kind === 'waiting') return { ...waitingBar(frame, thread, status), held }
  if (!held) return undefined
  const names = [...new Set(holds.map(({ name }) => name))].join(', ')
  const words = holds.map(({ name, mode }) => (mode === 'mutex' ? name : `${mode}s ${name}`))
  const wording = [...new Set(words)].join(', ')
  const label = holds.some(({ mode }) => mode === 'mutex') ? `holds ${wording}` : wording
  return { kind: held, labels: [label, names], held: undefined }
}

const reads = ({ mode }: { readonly mode: HoldMode }) => mode === 'read'

function waitingBar(
  { cycle, outcome }: Description,
  thread: number,
  { lock, mode }: Extract<ThreadDescription['status'], { kind: 'waiting' }>,
): Pick<Bar, 'kind' | 'labels'> {
  const wait = mode === 'mutex' ? `waits for ${lock}` : `waits to ${mode} ${lock}`
  if (cycle?.edges.some((edge) => edge.thread === thread)) {
    return { kind: 'deadlock', labels: [`deadlock: ${wait}`, wait, `waits: ${lock}`, lock] }
  }
  if (outcome) return { kind: 'deadlock', labels: [`${wait} for ever`, 'for ever', lock] }
  return { kind: 'waiting', labels: [wait, `waits: ${lock}`, lock] }
}
