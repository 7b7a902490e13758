/**
 * Which of a thread's own variables still matter at each statement: those that a later one stores
 * before they are loaded anew. Without the others far fewer states differ.
 */

import type { Plan, PlannedThread } from './plan'

const known = new WeakMap<Plan, readonly (readonly (readonly number[])[])[]>()

/** For each statement of a thread the locals that matter before it, ascending. */
export function liveLocals(plan: Plan, thread: number): readonly (readonly number[])[] {
  let all = known.get(plan)
  if (!all) {
    all = plan.threads.map(liveOf)
    known.set(plan, all)
  }
  return all[thread] ?? []
}

function liveOf({ operations }: PlannedThread): readonly (readonly number[])[] {
  const live = new Set<number>()
  const before: (readonly number[])[] = []
  for (let at = operations.length - 1; at >= 0; at--) {
    const operation = operations[at]
    if (operation?.kind === 'load') live.delete(operation.local)
    if (operation?.kind === 'store' && operation.local >= 0) live.add(operation.local)
    before[at] = [...live].sort((a, b) => a - b)
  }
  return before
}
