import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { smallProgram } from '../../scenario/testing/any-program'
import { keyOf } from '../program'
import { planOf } from '../program/plan'
import { buildGraph, type GraphNode } from './graph'

// Hundreds of programs: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

test('no state comes back, neither later nor in another layer', async () => {
  await fc.assert(
    fc.asyncProperty(smallProgram({ threads: 3, statements: 5 }), async (program) => {
      const nodes: GraphNode[] = []
      const graph = await buildGraph(planOf(program), {
        limit: 1_000_000,
        breathe: () => undefined,
        watcher: {
          node: (node) => nodes.push(node),
          edge: (before, _thread, after) => {
            expect(after.state.steps).toBe(before.state.steps + 1)
            expect(after.index).toBeGreaterThan(before.index)
          },
          final: () => {},
        },
      })
      expect(new Set(nodes.map(({ state }) => keyOf(state))).size).toBe(nodes.length)
      expect(graph.states).toBe(nodes.length)
      for (const { index, state } of nodes) {
        expect(graph.scheduleTo(index)).toHaveLength(state.steps)
        expect(graph.wayTo(index)).toHaveLength(state.steps + 1)
      }
    }),
    { verbose: true, numRuns: 200 },
  )
})
