/**
 * Who waits for whom. A thread goes on only when everyone it has an edge to has gone, so those
 * on a cycle of edges wait for ever.
 *
 * Only a new wait closes a cycle: whoever is granted a lock can go on, and waits for nobody.
 * So the edge that closed one begins at the thread that began to wait last.
 */

import { modeOf, threadOf, waitsFor } from './lock'
import { shared } from './plan'
import type { ProgramState } from './state'

export interface WaitEdge {
  /** Who waits. */
  readonly thread: number
  /** The name of the lock. */
  readonly lock: string
  readonly mode: 'mutex' | 'read' | 'write'
  /** For whom; it may be itself. */
  readonly for: number
  /** That one holds the lock, or stands before it in the queue. */
  readonly because: 'holds' | 'ahead'
}

export interface Cycle {
  /** Each one's `for` is the next one's `thread`; the last one's the first one's. */
  readonly edges: readonly WaitEdge[]
  /** Which of them closed it: an index of `edges`. */
  readonly closedBy: number
}

export function waitEdges({ plan, threads, locks }: ProgramState): readonly WaitEdge[] {
  return threads.flatMap(({ waitsFor: at }, thread) => {
    const lock = locks[at]
    const planned = plan.locks[at]
    if (!lock || !planned) return []
    const index = lock.queue.findIndex((place) => threadOf(place) === thread)
    const place = lock.queue[index] ?? 0
    const mode = planned.kind === 'mutex' ? 'mutex' : modeOf(place) === shared ? 'read' : 'write'
    const isInside = (other: number) => lock.inside.some((each) => threadOf(each) === other)
    return waitsFor(planned.order, lock, index).map(
      (other): WaitEdge => ({
        thread,
        lock: planned.name,
        mode,
        for: other,
        because: isInside(other) ? 'holds' : 'ahead',
      }),
    )
  })
}

/** The cycle that closed first, and of several that one step closed the shortest. */
export function findCycle(
  { threads }: ProgramState,
  edges: readonly WaitEdge[],
): Cycle | undefined {
  // Of two that one release made wait for something else, either may count as the younger.
  const since = ({ thread }: WaitEdge) => (threads[thread]?.since ?? -1) + thread / 16
  let best: Cycle | undefined
  let bestSince = Number.POSITIVE_INFINITY
  for (const closing of edges) {
    // The closing edge is the youngest: the rest of its cycle is older, or of the same thread.
    const older = edges.filter((edge) => since(edge) < since(closing))
    const path = shortestPath(older, closing.for, closing.thread)
    if (!path) continue
    const length = path.length + 1
    const better = since(closing) < bestSince || (best && length < best.edges.length)
    if (since(closing) > bestSince || !better) continue
    best = { edges: [...path, closing], closedBy: path.length }
    bestSince = since(closing)
  }
  return best
}

function shortestPath(
  edges: readonly WaitEdge[],
  from: number,
  to: number,
): readonly WaitEdge[] | undefined {
  const paths = new Map<number, readonly WaitEdge[]>([[from, []]])
  for (const [thread, path] of paths) {
    if (thread === to) return path
    for (const edge of edges) {
      if (edge.thread === thread && !paths.has(edge.for)) paths.set(edge.for, [...path, edge])
    }
  }
  return undefined
}
