/** A real run's marks in order, and how long detection took. Pure. */

import type { Mark, RealProgramRun } from './types'

export type RawRun = Omit<RealProgramRun, 'detectedAfter'>

export function reportOf({ marks, ends, ...rest }: RawRun): RealProgramRun {
  const byTime = (a: { readonly time: number }, b: { readonly time: number }) => a.time - b.time
  const ordered = [...marks].sort(byTime)
  const endings = [...ends].sort(byTime)
  const victim = endings.find(({ kind }) => kind === 'victim')
  const detectedAfter = victim && victim.time - lastWait(ordered, victim.time)
  return { ...rest, marks: ordered, ends: endings, detectedAfter }
}

/** When the youngest wait of those that lasted until `time` began. */
function lastWait(marks: readonly Mark[], time: number): number {
  const asked = new Map<number, number>()
  for (const mark of marks) {
    if (mark.time >= time) continue
    if (mark.kind === 'asks') asked.set(mark.thread, mark.time)
    if (mark.kind === 'has') asked.delete(mark.thread)
  }
  return Math.max(...asked.values())
}
