/** The wait-for graph as data: what its picture and its words are both made from. */

export interface GraphNode {
  readonly kind: 'thread' | 'lock'
  readonly index: number
}

export interface GraphEdge {
  readonly from: GraphNode
  readonly to: GraphNode
  /**
   * `waits`: from a thread to the lock it waits for. `held`: from a lock to a thread that holds it.
   * `ahead`: from a lock to a thread that nobody overtakes, though it waits itself.
   */
  readonly kind: 'waits' | 'held' | 'ahead'
  readonly mode: 'read' | 'write'
  readonly inCycle: boolean
  /** The wait that closed the cycle. */
  readonly closing: boolean
}

export interface GraphThread {
  readonly name: string
  readonly state: 'ready' | 'waiting' | 'over'
  readonly inCycle: boolean
}

export interface Graph {
  readonly threads: readonly GraphThread[]
  readonly locks: readonly string[]
  readonly edges: readonly GraphEdge[]
}
