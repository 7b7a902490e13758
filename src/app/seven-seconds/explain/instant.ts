/** Which lines of the listing have run just now: pure. */

import type { Step } from '../../../simulate'

/**
 * The lines that the current call has run in this instant before the current step. What it
 * ran before it was parked is of another time, and stays plain.
 */
export function earlierLines(steps: readonly Step[], current: Step): ReadonlySet<number> {
  const lines = new Set<number>()
  for (let index = current.index - 1; index >= 0; index--) {
    const step = steps[index]
    if (!step || step.time !== current.time) break
    if (step.thread !== current.thread) continue
    if (step.operation !== current.operation || !current.ran.includes(step.line)) break
    lines.add(step.line)
  }
  lines.delete(current.line)
  return lines
}
