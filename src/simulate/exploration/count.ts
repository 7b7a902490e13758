/** What the complete graph of a program tells: counts, shares, probabilities, shortest ways. */

import { type OutcomeKind, outcomeKinds } from '../program'
import type { FinalNode, Graph } from './graph'
import type { ExactOutcome, FinalValues, Property, PropertyId, Shortest } from './types'

/** The final states of a graph, by kind of outcome. */
export class Finals {
  readonly #byKind = new Map<OutcomeKind, FinalNode[]>()

  add(final: FinalNode): void {
    const list = this.#byKind.get(final.outcome.kind)
    if (list) list.push(final)
    else this.#byKind.set(final.outcome.kind, [final])
  }

  kinds(): readonly OutcomeKind[] {
    return outcomeKinds.filter((kind) => this.#byKind.has(kind))
  }

  /** In the order of layers: the first is as near as any. */
  of(kind: OutcomeKind): readonly FinalNode[] {
    return this.#byKind.get(kind) ?? []
  }

  first(...kinds: readonly OutcomeKind[]): number | undefined {
    const indexes = kinds.flatMap((kind) => this.of(kind)[0]?.node.index ?? [])
    return indexes.length === 0 ? undefined : Math.min(...indexes)
  }
}

export function exactOutcomes(graph: Graph, finals: Finals): readonly ExactOutcome[] {
  const kinds = finals.kinds()
  const all = kinds.map((kind) => sum(finals.of(kind).map(({ node }) => node.schedules)))
  const total = sum(all)
  const masks = reachableKinds(graph, finals)
  return kinds.map((kind, index) => {
    const schedules = all[index] ?? 0n
    const list = finals.of(kind)
    return {
      kind,
      schedules,
      share: ratio(schedules, total),
      probability: list.reduce((probability, { node }) => probability + node.probability, 0),
      shortest: shortestWay(graph, finals, kind, masks),
      values: valuesOf(list),
    }
  })
}

/** Exact to about 15 digits, however large the numbers are. */
export function ratio(part: bigint, whole: bigint): number {
  const scale = 10n ** 18n
  return whole === 0n ? 0 : Number((part * scale) / whole) / 1e18
}

export function sum(numbers: readonly bigint[]): bigint {
  return numbers.reduce((total, each) => total + each, 0n)
}

function reachableKinds(graph: Graph, finals: Finals): Uint8Array {
  const own = new Map<number, number>()
  for (const kind of finals.kinds()) {
    for (const { node } of finals.of(kind)) own.set(node.index, bitOf(kind))
  }
  return graph.reachable(own)
}

function bitOf(kind: OutcomeKind): number {
  return 1 << outcomeKinds.indexOf(kind)
}

function shortestWay(graph: Graph, finals: Finals, kind: OutcomeKind, masks: Uint8Array): Shortest {
  const end = finals.first(kind) ?? 0
  const way = graph.wayTo(end)
  const decidedAfter = way.findIndex((node) => masks[node] === bitOf(kind))
  return { schedule: graph.scheduleTo(end), decidedAfter, proven: true }
}

function valuesOf(finals: readonly FinalNode[]): readonly FinalValues[] {
  const values = new Map<string, FinalValues>()
  for (const { node, outcome } of finals) {
    const key = outcome.variables.join()
    const known = values.get(key)
    values.set(key, {
      variables: outcome.variables,
      probability: node.probability + (known?.probability ?? 0),
      schedules: node.schedules + (known?.schedules ?? 0n),
    })
  }
  return [...values.values()].sort((a, b) => b.probability - a.probability)
}

/** What is known of the properties: where each is seen to fail first, if anywhere. */
export interface Findings {
  /** Which states were seen, and which final states. */
  readonly states: 'all' | 'some'
  readonly ends: 'all' | 'some'
  /** What serial runs leave is known, or there is nothing to lose. */
  readonly lossesKnown: boolean
  readonly witnesses: Readonly<Partial<Record<PropertyId, readonly number[]>>>
  readonly overtaking: { readonly bound: number; readonly most: number }
}

export function propertiesOf(findings: Findings): readonly Property[] {
  const { states, ends, lossesKnown, witnesses, overtaking } = findings
  const property = (id: PropertyId, known: boolean): Property => {
    const witness = witnesses[id]
    if (witness) return { id, verdict: 'fails', witness }
    return { id, verdict: known ? 'holds' : 'unknown' }
  }
  const unbroken = states === 'all' ? 'holds' : 'unknown'
  const bounded = overtaking.most <= overtaking.bound ? unbroken : 'fails'
  return [
    property('mutual-exclusion', states === 'all'),
    property('no-deadlock', ends === 'all'),
    property('no-lost-update', ends === 'all' && lossesKnown),
    property('no-misuse', ends === 'all'),
    { id: 'bounded-overtaking', verdict: bounded, overtaking },
  ]
}
