/**
 * How long a run may take. Sections of one read-write lock cannot deadlock, so every run ends;
 * but a browser that loses a worker, a stranger who takes the lock or a mistake of ours must
 * not leave a person waiting for ever.
 */

import type { Scenario } from '../scenario'

/** Until all workers are ready, in ms: they are fetched, and may be twelve on a slow machine. */
export const startAllowance = 30_000

/** What a busy machine may take on top of the scenario, in ms. */
const slack = 5_000

/** From the common start, in ms: even if no two sections ever overlapped. */
export function runAllowance({ threads }: Scenario, speed: number): number {
  const sections = threads.flatMap((thread) => thread.sections)
  const holds = sections.reduce((sum, { hold }) => sum + hold, 0)
  const last = Math.max(0, ...sections.map(({ at }) => at))
  return (last + holds) / speed + slack
}
