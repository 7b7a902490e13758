/**
 * Every interleaving of a program's statements: how many schedules there are, how each ends, how
 * likely that is, and the shortest way there. Programs have no loops, so this always ends;
 * one that has more states than the limit is sampled instead, and the report says so.
 */

import type { Program } from '../scenario'
import { breather } from './exploration/breath'
import { exactOutcomes, Finals, propertiesOf, sum } from './exploration/count'
import { buildGraph, type Graph, type GraphNode } from './exploration/graph'
import { excludes, Overtaking } from './exploration/properties'
import { drawSchedules, type Sample } from './exploration/sample'
import type {
  Exploration,
  ExploreOptions,
  PropertyId,
  SampledExploration,
  SampledOutcome,
} from './exploration/types'
import { wilson } from './exploration/wilson'
import { outcomeKinds } from './program'
import { type Plan, planOf } from './program/plan'

const defaults = { limit: 200_000, samples: 10_000, seed: 1 } as const

/** What was seen while the graph was built. */
interface Sightings {
  readonly graph: Graph
  readonly finals: Finals
  readonly overtaking: number
  /** The first state in which exclusion is broken. */
  readonly clash: number | undefined
}

/**
 * Explores all interleavings, in pieces of some milliseconds so that others have their turn.
 * Rejects with `signal.reason`, and with a `RangeError` for a program beyond the limits or an
 * option that makes no sense.
 *
 * @example
 * const { outcomes } = await explore(program)
 * const deadlock = outcomes.find(({ kind }) => kind === 'deadlock')
 */
export async function explore(
  program: Program,
  options: ExploreOptions = {},
): Promise<Exploration> {
  const plan = planOf(program)
  const limit = positive('limit', options.limit ?? defaults.limit)
  const samples = positive('samples', options.samples ?? defaults.samples)
  const bound = options.overtaking ?? plan.threads.length - 1
  if (!(Number.isInteger(bound) && bound >= 0)) {
    throw new RangeError(`overtaking must be a whole number, at least 0, got ${bound}`)
  }
  options.signal?.throwIfAborted()
  const seen = await watchGraph(plan, limit, options)
  if (!seen.graph.complete) return sampled(plan, seen, { ...options, limit, samples }, bound)

  const { graph, finals, overtaking } = seen
  const outcomes = exactOutcomes(graph, finals)
  return {
    kind: 'exact',
    states: graph.states,
    transitions: graph.transitions,
    schedules: sum(outcomes.map(({ schedules }) => schedules)),
    outcomes,
    properties: propertiesOf({
      complete: true,
      witnesses: witnessesOf(seen),
      overtaking: { bound, most: overtaking },
    }),
  }
}

async function watchGraph(plan: Plan, limit: number, options: ExploreOptions): Promise<Sightings> {
  const finals = new Finals()
  const overtaking = new Overtaking()
  let clash: number | undefined
  let at = { states: 0, depth: 0 }
  const breathe = breather(options, () => options.onProgress?.({ kind: 'exploring', ...at }))
  const graph = await buildGraph(plan, {
    limit,
    breathe: ({ states }, depth) => {
      at = { states, depth }
      return breathe()
    },
    watcher: {
      node: ({ index, state }: GraphNode) => {
        if (clash === undefined && !excludes(state)) clash = index
      },
      edge: (before, _thread, after) => overtaking.edge(before, after),
      final: (final) => finals.add(final),
    },
  })
  return { graph, finals, overtaking: overtaking.most, clash }
}

function witnessesOf({ graph, finals, clash }: Sightings) {
  const ends: Readonly<Partial<Record<PropertyId, number | undefined>>> = {
    'mutual-exclusion': clash,
    'no-deadlock': finals.first('deadlock', 'stuck'),
    'no-lost-update': finals.first('lost-update'),
    'no-misuse': finals.first('misuse'),
  }
  const found = Object.entries(ends).flatMap(([id, end]) =>
    end === undefined ? [] : [[id, graph.scheduleTo(end)] as const],
  )
  return Object.fromEntries(found) as Partial<Record<PropertyId, readonly number[]>>
}

async function sampled(
  plan: Plan,
  seen: Sightings,
  options: ExploreOptions & { readonly limit: number; readonly samples: number },
  bound: number,
): Promise<SampledExploration> {
  const { samples, limit, seed = defaults.seed } = options
  let at = 0
  const tell = () => options.onProgress?.({ kind: 'sampling', drawn: at, samples })
  const breathe = breather(options, tell)
  const sample = await drawSchedules(plan, {
    samples,
    seed,
    breathe: (drawn) => {
      at = drawn
      return breathe()
    },
  })
  const outcomes = sampledOutcomes(seen, sample)
  const drawn = new Map(outcomes.map(({ kind, shortest }) => [kind, shortest.schedule]))
  const found: Partial<Record<PropertyId, readonly number[] | undefined>> = {
    'mutual-exclusion': sample.clash,
    'no-deadlock': drawn.get('deadlock') ?? drawn.get('stuck'),
    'no-lost-update': drawn.get('lost-update'),
    'no-misuse': drawn.get('misuse'),
  }
  const ofDraws = Object.entries(found).filter(([, schedule]) => schedule !== undefined)
  return {
    kind: 'sampled',
    states: seen.graph.states,
    transitions: seen.graph.transitions,
    samples,
    limit,
    outcomes,
    properties: propertiesOf({
      complete: false,
      witnesses: { ...Object.fromEntries(ofDraws), ...witnessesOf(seen) },
      overtaking: { bound, most: Math.max(seen.overtaking, sample.overtaking) },
    }),
  }
}

/** Outcomes drawn, and those that lie in the layers that were explored: they are the nearest. */
function sampledOutcomes(seen: Sightings, sample: Sample): readonly SampledOutcome[] {
  return outcomeKinds.flatMap((kind): SampledOutcome[] => {
    const draws = sample.outcomes.get(kind)
    const end = seen.finals.first(kind)
    const schedule = end === undefined ? draws?.schedule : seen.graph.scheduleTo(end)
    if (!schedule) return []
    const hits = draws?.drawn ?? 0
    return [
      {
        kind,
        drawn: hits,
        probability: hits / sample.drawn,
        interval: wilson(hits, sample.drawn),
        shortest: { schedule, decidedAfter: undefined, proven: end !== undefined },
      },
    ]
  })
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw new RangeError(`${name} must be a whole number, at least 1, got ${value}`)
}
