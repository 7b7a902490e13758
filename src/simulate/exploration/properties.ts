/** What is watched while the graph grows: exclusion, and who overtakes whom. */

import type { ProgramState } from '../program'
import { modeOf, threadOf } from '../program/lock'
import { exclusive } from '../program/plan'
import { isReady } from '../program/state'
import type { GraphNode } from './graph'

/** Whether a lock has two holders that exclude each other, or a variable is about to be raced for. */
export function excludes(state: ProgramState): boolean {
  return state.locks.every(({ inside }) => alone(inside)) && !race(state)
}

function alone(inside: readonly number[]): boolean {
  return inside.length < 2 || inside.every((place) => modeOf(place) !== exclusive)
}

/** Two threads can each take a step at once that touches one variable, and one of them stores. */
function race({ plan, threads }: ProgramState): boolean {
  let loaded = 0
  let stored = 0
  for (const [index, thread] of threads.entries()) {
    if (thread.phase !== 'running' || !isReady(thread)) continue
    const operation = plan.threads[index]?.operations[thread.at]
    if (operation?.kind === 'load') {
      const bit = 1 << operation.variable
      if (stored & bit) return true
      loaded |= bit
    } else if (operation?.kind === 'store') {
      const bit = 1 << operation.variable
      if ((stored | loaded) & bit) return true
      stored |= bit
    }
  }
  return false
}

/**
 * How often each waiter was overtaken while it waits: at most, over all ways to its state. A
 * waiter is overtaken when one that joined the queue behind it is let in before it; nobody is let
 * in past a queue without joining it.
 */
export class Overtaking {
  /** For the nodes of the current layer and the next. */
  readonly #counts = new WeakMap<GraphNode, readonly number[]>()
  most = 0

  edge(before: GraphNode, after: GraphNode): void {
    const from = before.state
    if (from.threads.every(({ waitsFor }) => waitsFor < 0)) return
    const counts = overtaken(from, after.state, this.#counts.get(before))
    if (counts.every((count) => count === 0)) return
    const known = this.#counts.get(after)
    const joined = counts.map((count, thread) => Math.max(count, known?.[thread] ?? 0))
    this.#counts.set(after, joined)
    this.most = Math.max(this.most, ...joined)
  }
}

/** The counts of all threads after a step, given those before; 0 for whoever does not wait on. */
export function overtaken(
  before: ProgramState,
  after: ProgramState,
  counts: readonly number[] | undefined,
): readonly number[] {
  return before.threads.map(({ waitsFor }, thread) => {
    if (waitsFor < 0 || after.threads[thread]?.waitsFor !== waitsFor) return 0
    const past = counts?.[thread] ?? 0
    const queue = before.locks[waitsFor]?.queue ?? []
    const left = after.locks[waitsFor]?.queue ?? []
    const own = queue.findIndex((place) => threadOf(place) === thread)
    const passed = queue.slice(own + 1).filter((place) => !left.includes(place))
    return past + passed.length
  })
}
