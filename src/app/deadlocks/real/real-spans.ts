/** The marks of a real run as bars and words over ms: pure. */

import { isOfLocks, type LockMark, type RealProgramRun } from '../../../perform'
import type { Deed } from '../lanes/deeds'
import type { StepSpan } from '../lanes/spans'

/** When the picture ends, in ms. */
export function durationOf({ marks, ends }: RealProgramRun): number {
  return Math.max(100, ...[...marks, ...ends].map(({ time }) => time)) * 1.04
}

export function realSpans(run: RealProgramRun, threads: number): readonly StepSpan[] {
  return Array.from({ length: threads }, (_, thread) => spansOfThread(run, thread)).flat()
}

/** What no bar shows: each value that a thread has read or stored, at its time. */
export function realDeeds({ marks }: RealProgramRun): readonly Deed[] {
  return marks.flatMap((mark) =>
    isOfLocks(mark)
      ? []
      : [{ column: mark.time, thread: mark.thread, text: `${mark.name} = ${mark.value}` }],
  )
}

function spansOfThread(run: RealProgramRun, thread: number): readonly StepSpan[] {
  const marks = run.marks.filter(isOfLocks).filter((mark) => mark.thread === thread)
  const end = run.ends.find((each) => each.thread === thread)
  const last = durationOf(run)
  const spans: StepSpan[] = []
  const held: LockMark[] = []
  let waits: LockMark | undefined
  let from = 0
  const draw = (to: number, caught: boolean) => {
    if (to > from) spans.push(...barOf({ thread, from, to }, held, waits, caught))
    from = to
  }
  for (const mark of marks) {
    // What it gives back after its wait was rejected it does not give back because it had its lock.
    if (waits && end && end.kind !== 'done' && end.time > from && mark.time >= end.time) {
      draw(end.time, true)
      waits = undefined
    }
    draw(mark.time, false)
    if (mark.kind === 'asks') waits = mark
    else {
      waits = undefined
      if (mark.kind === 'has') held.push(mark)
      else
        held.splice(
          held.findLastIndex(({ locks }) => locks.join() === mark.locks.join()),
          1,
        )
    }
  }
  const caught = end !== undefined && waits !== undefined
  draw(caught ? end.time : last, caught || end === undefined)
  return spans
}

function barOf(
  place: Pick<StepSpan, 'thread' | 'from' | 'to'>,
  held: readonly LockMark[],
  waits: LockMark | undefined,
  caught: boolean,
): readonly StepSpan[] {
  const colour =
    held.length === 0
      ? undefined
      : held.every(({ mode }) => mode === 'read')
        ? 'reading'
        : 'writing'
  const names = held.flatMap(({ locks }) => locks).join(', ')
  if (waits) {
    const lock = waits.locks.join(', ')
    const labels = [`waits for ${lock}`, lock]
    return [{ ...place, kind: caught ? 'deadlock' : 'waiting', labels, held: colour }]
  }
  if (!colour) return []
  return [{ ...place, kind: colour, labels: [`holds ${names}`, names], held: undefined }]
}
