/**
 * All interleavings of a program as a graph of states, built one layer at a time. How many
 * steps lead to a state follows from the state: each thread has taken one for every statement it
 * has passed and every release it has deferred and run, and one more if it waits. So all
 * schedules to a state are equally long, states are met again only within their layer, and the
 * layers are a topological order: path counts and probabilities are carried forward as the
 * graph grows, and no cycle needs solving.
 */

import type { Schedule } from '../../scenario'
import { enabled, keyOf, type Outcome, outcomeOf, type ProgramState, start, step } from '../program'
import type { Plan } from '../program/plan'

/** A state that is being explored, and what is known of the ways to it. */
export interface GraphNode {
  readonly index: number
  readonly state: ProgramState
  /** Schedules that lead to it. */
  schedules: bigint
  /** Of coming here, with a uniform random scheduler. */
  probability: number
}

export interface FinalNode {
  readonly node: GraphNode
  readonly outcome: Outcome
}

export interface Watcher {
  /** Every state once, in the order of layers, with all its ways known. */
  readonly node: (node: GraphNode) => void
  /** Every step once: `after` may be met for the first time, or again. */
  readonly edge: (before: GraphNode, thread: number, after: GraphNode) => void
  readonly final: (final: FinalNode) => void
}

/** Which of the enabled threads are followed. */
export type Choice = (state: ProgramState, able: readonly number[]) => readonly number[]

/** A growing list of whole numbers, 4 bytes each. */
class Numbers {
  #data = new Int32Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.#data.length) {
      const larger = new Int32Array(this.#data.length * 2)
      larger.set(this.#data)
      this.#data = larger
    }
    this.#data[this.length++] = value
  }

  at(index: number): number {
    return this.#data[index] ?? -1
  }
}

/** The graph's shape, kept after its states are gone. */
export class Graph {
  /** Where the successors of each node begin in `#to`. */
  readonly #from = new Numbers()
  readonly #to = new Numbers()
  /** Of each node: the node it was first met from, and by whose step. */
  readonly #parents = new Numbers()
  readonly #threads = new Numbers()
  complete = false

  get states(): number {
    return this.#parents.length
  }

  get transitions(): number {
    return this.#to.length
  }

  /** A shortest schedule to a node: all are equally long. */
  scheduleTo(index: number): Schedule {
    const schedule: number[] = []
    for (let at = index; this.#parents.at(at) >= 0; at = this.#parents.at(at)) {
      schedule.push(this.#threads.at(at))
    }
    return schedule.reverse()
  }

  /** The nodes on that way, the first one and `index` included. */
  wayTo(index: number): readonly number[] {
    const way = [index]
    for (let at = this.#parents.at(index); at >= 0; at = this.#parents.at(at)) way.push(at)
    return way.reverse()
  }

  /** For each node the union of what `own` gives for the final nodes that can be reached from it. */
  reachable(own: ReadonlyMap<number, number>): Uint8Array {
    const masks = new Uint8Array(this.states)
    for (let node = this.states - 1; node >= 0; node--) {
      let mask = own.get(node) ?? 0
      const end = this.#from.at(node + 1)
      for (let at = this.#from.at(node); at < end; at++) mask |= masks[this.#to.at(at)] ?? 0
      masks[node] = mask
    }
    return masks
  }

  meet(parent: number, thread: number): number {
    this.#parents.push(parent)
    this.#threads.push(thread)
    return this.#parents.length - 1
  }

  beginEdges(): void {
    this.#from.push(this.#to.length)
  }

  addEdge(to: number): void {
    this.#to.push(to)
  }
}

export interface BuildOptions {
  readonly limit: number
  /** All, unless given. */
  readonly choose?: Choice
  readonly watcher: Watcher
  /** Once for each state. */
  readonly breathe: (graph: Graph, depth: number) => Promise<void> | undefined
}

/** Builds the graph until it is complete or has `limit` states. */
export async function buildGraph(
  { program }: Plan,
  { limit, choose, watcher, breathe }: BuildOptions,
  first: ProgramState = start(program),
): Promise<Graph> {
  const graph = new Graph()
  let layer: GraphNode[] = [
    { index: graph.meet(-1, -1), state: first, schedules: 1n, probability: 1 },
  ]
  for (let depth = 0; layer.length > 0; depth++) {
    const next = new Map<string, GraphNode>()
    for (const node of layer) {
      const pause = breathe(graph, depth)
      if (pause) await pause
      graph.beginEdges()
      watcher.node(node)
      const { state } = node
      const able = enabled(state)
      if (able.length === 0) watcher.final({ node, outcome: outcomeOf(state) as Outcome })
      const probability = node.probability / able.length
      for (const thread of choose && able.length > 1 ? choose(state, able) : able) {
        const reached = step(state, thread)
        const key = keyOf(reached)
        let after = next.get(key)
        if (!after) {
          if (graph.states === limit) return graph
          const index = graph.meet(node.index, thread)
          after = { index, state: reached, schedules: 0n, probability: 0 }
          next.set(key, after)
        }
        after.schedules += node.schedules
        after.probability += probability
        graph.addEdge(after.index)
        watcher.edge(node, thread, after)
      }
    }
    layer = [...next.values()]
  }
  graph.beginEdges()
  graph.complete = true
  return graph
}
