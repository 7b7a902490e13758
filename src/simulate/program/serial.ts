/**
 * What the variables can be when the threads run one after the other, each to its end: in
 * any order, for a serial run may have any. A value beyond these shows that an update was lost.
 */

import { keyOf } from './key'
import type { Plan } from './plan'
import { isReady, type ProgramState, start, step } from './state'

/** States between two threads. All orders of seven threads fit, and of most programs with eight. */
const most = 20_000

const known = new WeakMap<Plan, ReadonlySet<string> | 'unknown'>()

/**
 * The final values of all serial runs, each joined by commas. `undefined` when that tells
 * nothing: no serial run comes to its end, or there are too many of them.
 */
export function serialResults(plan: Plan): ReadonlySet<string> | undefined {
  let results = known.get(plan)
  if (results === undefined) {
    results = findResults(plan) ?? 'unknown'
    known.set(plan, results)
  }
  return results === 'unknown' ? undefined : results
}

function findResults(plan: Plan): ReadonlySet<string> | undefined {
  const first = start(plan.program)
  if (first.shared.length === 0) return undefined
  const results = new Set<string>()
  const seen = new Set([keyOf(first)])
  const open = [first]
  for (let state = open.pop(); state; state = open.pop()) {
    if (!state.threads.some(isReady)) results.add(state.shared.join())
    for (let thread = 0; thread < state.threads.length; thread++) {
      const after = runToEnd(state, thread)
      const key = after && keyOf(after)
      if (!after || key === undefined || seen.has(key)) continue
      if (seen.size === most) return undefined
      seen.add(key)
      open.push(after)
    }
  }
  return results.size === 0 ? undefined : results
}

/** `undefined` when the thread has nothing to run, or waits before its end. */
function runToEnd(state: ProgramState, thread: number): ProgramState | undefined {
  const own = state.threads[thread]
  if (!own || !isReady(own)) return undefined
  let after = state
  for (;;) {
    const now = after.threads[thread]
    if (!now || now.waitsFor >= 0) return undefined
    if (!isReady(now)) return after
    after = step(after, thread)
  }
}
