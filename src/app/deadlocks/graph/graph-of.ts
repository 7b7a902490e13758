/** From a moment of a program to its wait-for graph: pure. */

import { locksOf, type Program } from '../../../scenario'
import type { Description, WaitEdge } from '../../../simulate'
import type { Graph, GraphEdge, GraphNode } from './edges'
import type { Use } from './layout'

export function graphOf({ threads, locks, edges, cycle }: Description): Graph {
  const lockOf = (name: string): GraphNode => ({
    kind: 'lock',
    index: locks.findIndex((lock) => lock.name === name),
  })
  const onCycle = cycle?.edges ?? []
  const closing = cycle?.edges[cycle.closedBy]?.thread
  const leads = (thread: number, lock: string, because: WaitEdge['because']) =>
    onCycle.some((edge) => edge.for === thread && edge.lock === lock && edge.because === because)
  const held = locks.flatMap(({ name, holders }) =>
    holders
      .filter(({ thread }, index) => holders.findIndex((each) => each.thread === thread) === index)
      .map(
        ({ thread, mode }): GraphEdge => ({
          from: lockOf(name),
          to: { kind: 'thread', index: thread },
          kind: 'held',
          mode: mode === 'read' ? 'read' : 'write',
          inCycle: leads(thread, name, 'holds'),
          closing: false,
        }),
      ),
  )
  const waits = threads.flatMap(({ status }, thread): readonly GraphEdge[] => {
    if (status.kind !== 'waiting') return []
    const inCycle = onCycle.some((edge) => edge.thread === thread)
    return [
      {
        from: { kind: 'thread', index: thread },
        to: lockOf(status.lock),
        kind: 'waits',
        mode: status.mode === 'read' ? 'read' : 'write',
        inCycle,
        closing: inCycle && thread === closing,
      },
    ]
  })
  return {
    threads: threads.map(({ name, status }, thread) => ({
      name,
      state: status.kind === 'waiting' ? 'waiting' : status.kind === 'ready' ? 'ready' : 'over',
      inCycle: onCycle.some((edge) => edge.thread === thread),
    })),
    locks: locks.map(({ name }) => name),
    edges: [...held, ...ahead(), ...waits],
  }

  /** In a mutex's queue everybody waits for who came before: that is drawn only in a cycle. */
  function ahead(): readonly GraphEdge[] {
    const told = new Set<string>()
    return edges.flatMap((edge): readonly GraphEdge[] => {
      if (edge.because === 'holds') return []
      const inCycle = leads(edge.for, edge.lock, 'ahead')
      const key = `${edge.lock} ${edge.for}`
      if (told.has(key) || (edge.mode === 'mutex' && !inCycle)) return []
      told.add(key)
      const to = { kind: 'thread', index: edge.for } as const
      return [
        { from: lockOf(edge.lock), to, kind: 'ahead', mode: 'write', inCycle, closing: false },
      ]
    })
  }
}

const known = new WeakMap<Program, readonly Use[]>()

/** Which threads name which locks; locks are numbered in the order of the text. */
export function usesOf(program: Program): readonly Use[] {
  const uses = known.get(program) ?? findUses(program)
  known.set(program, uses)
  return uses
}

function findUses({ threads }: Program): readonly Use[] {
  const locks: string[] = []
  const uses: Use[] = []
  for (const [thread, { statements }] of threads.entries()) {
    for (const name of statements.flatMap(locksOf)) {
      if (!locks.includes(name)) locks.push(name)
      const lock = locks.indexOf(name)
      if (!uses.some((use) => use.thread === thread && use.lock === lock)) {
        uses.push({ thread, lock })
      }
    }
  }
  return uses
}
