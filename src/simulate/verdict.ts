/**
 * Which outcomes a program can have at all, from as few states as that takes. It does not count:
 * schedules that differ only in the order of steps that do not touch each other are followed once.
 */

import type { Program } from '../scenario'
import { breather } from './exploration/breath'
import { Finals } from './exploration/count'
import { buildGraph } from './exploration/graph'
import { persistent } from './exploration/reduce'
import type { ExploreOptions, Verdict } from './exploration/types'
import { planOf } from './program/plan'

/**
 * Rejects as `explore`. That each way is as short as any follows from the layers: every final
 * state is reached, and all schedules to one state are equally long.
 */
export async function findOutcomes(
  program: Program,
  options: Pick<ExploreOptions, 'limit' | 'signal' | 'pause' | 'onProgress'> = {},
): Promise<Verdict> {
  const { limit = 200_000, signal, onProgress } = options
  if (!(Number.isInteger(limit) && limit > 0)) {
    throw new RangeError(`limit must be a whole number, at least 1, got ${limit}`)
  }
  signal?.throwIfAborted()
  const finals = new Finals()
  let at = { states: 0, depth: 0 }
  const breathe = breather(options, () => onProgress?.({ kind: 'exploring', ...at }))
  const graph = await buildGraph(planOf(program), {
    limit,
    choose: persistent,
    breathe: ({ states }, depth) => {
      at = { states, depth }
      return breathe()
    },
    watcher: { node: () => {}, edge: () => {}, final: (final) => finals.add(final) },
  })
  return {
    complete: graph.complete,
    states: graph.states,
    transitions: graph.transitions,
    outcomes: finals.kinds().map((kind) => ({
      kind,
      schedule: graph.scheduleTo(finals.first(kind) ?? 0),
    })),
  }
}
