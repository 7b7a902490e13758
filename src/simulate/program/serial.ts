/**
 * What the variables can be when the threads run one after the other, each to its end: in
 * any order, for a serial run may have any. A value beyond these shows that an update was lost.
 */

import { keyOf } from './key'
import type { Plan } from './plan'
import { isReady, type ProgramState, start, step } from './state'

/**
 * Steps in all: well under a second. Threads that count fit easily, for what they leave does not
 * depend on their order.
 */
const most = 100_000

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
  let steps = 0
  for (let state = open.pop(); state; state = open.pop()) {
    if (!state.threads.some(isReady)) results.add(state.shared.join())
    for (let thread = 0; thread < state.threads.length; thread++) {
      const after = runToEnd(state, thread)
      if (!after) continue
      steps += after.steps - state.steps
      if (steps > most) return undefined
      const key = keyOf(after)
      if (!seen.has(key)) open.push(after)
      seen.add(key)
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
