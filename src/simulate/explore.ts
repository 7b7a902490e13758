/**
 * Every interleaving of a program's statements: how many schedules there are, how each ends, how
 * likely that is, and the shortest way there. Programs have no loops, so this always ends;
 * one that has more states than the limit is sampled instead, and the report says so.
 */

import type { Program, Schedule } from '../scenario'
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
  Verdict,
} from './exploration/types'
import { wilson } from './exploration/wilson'
import { type OutcomeKind, outcomeKinds } from './program'
import { type Plan, planOf } from './program/plan'
import { serialResults } from './program/serial'
import { findOutcomes } from './verdict'

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
      states: 'all',
      ends: 'all',
      lossesKnown: finals.of('done').length === 0 || lossesKnown(plan),
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

function lossesKnown(plan: Plan): boolean {
  return plan.program.variables.length === 0 || serialResults(plan) !== undefined
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
  const verdict = await findOutcomes(plan.program, options)
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
  const outcomes = sampledOutcomes(seen, sample, verdict)
  return {
    kind: 'sampled',
    states: seen.graph.states,
    transitions: seen.graph.transitions,
    samples,
    limit,
    allOutcomes: verdict.complete,
    outcomes,
    properties: propertiesOf({
      states: 'some',
      ends: verdict.complete ? 'all' : 'some',
      lossesKnown: lossesKnown(plan),
      witnesses: sampledWitnesses(seen, sample, outcomes),
      overtaking: { bound, most: Math.max(seen.overtaking, sample.overtaking) },
    }),
  }
}

function sampledWitnesses(seen: Sightings, sample: Sample, outcomes: readonly SampledOutcome[]) {
  const way = (...kinds: readonly OutcomeKind[]) =>
    outcomes.find(({ kind }) => kinds.includes(kind))?.shortest.schedule
  const found: Partial<Record<PropertyId, Schedule | undefined>> = {
    'mutual-exclusion': sample.clash,
    'no-deadlock': way('deadlock', 'stuck'),
    'no-lost-update': way('lost-update'),
    'no-misuse': way('misuse'),
  }
  const known = Object.entries(found).filter(([, schedule]) => schedule !== undefined)
  return { ...Object.fromEntries(known), ...witnessesOf(seen) }
}

/** From the nearest to the least certain: the explored layers, the reduced graph, the draws. */
function sampledOutcomes(
  seen: Sightings,
  sample: Sample,
  verdict: Verdict,
): readonly SampledOutcome[] {
  return outcomeKinds.flatMap((kind): SampledOutcome[] => {
    const draws = sample.outcomes.get(kind)
    const end = seen.finals.first(kind)
    const reduced = verdict.outcomes.find((each) => each.kind === kind)?.schedule
    const near = end === undefined ? reduced : seen.graph.scheduleTo(end)
    const schedule = near ?? draws?.schedule
    if (!schedule) return []
    const hits = draws?.drawn ?? 0
    const proven = end !== undefined || (reduced !== undefined && verdict.complete)
    return [
      {
        kind,
        drawn: hits,
        probability: hits / sample.drawn,
        interval: wilson(hits, sample.drawn),
        shortest: { schedule, decidedAfter: undefined, proven },
      },
    ]
  })
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw new RangeError(`${name} must be a whole number, at least 1, got ${value}`)
}
