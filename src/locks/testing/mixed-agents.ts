/** Several agents in one process that each have locks of several spaces, all on one virtual clock. */

import type { Locks } from '../create-locks'
import { MemoryPort } from '../ports/memory'
import { meet, type Neighbours } from '../space'
import { LedgerClock } from './ledger-clock'
import { agentsOver, type TestAgents, testAgents } from './test-agents'
import type { VirtualClock } from './virtual-clock'

export interface MixedAgent {
  /** In the order of the spaces' names. */
  readonly locks: readonly Locks[]
  /** As a `TestAgent` does, in all spaces. */
  die(): void
}

export interface MixedAgents {
  readonly clock: VirtualClock
  /** What carries each space. */
  readonly names: readonly string[]
  readonly worlds: readonly TestAgents[]
  open(): MixedAgent
  /** Until nothing moves any more. Time stands still. */
  settle(): Promise<void>
}

/** The name of a space that ends at the agent: each has one of its own. */
export const realm = 'realm'

/** @param names of `testAgents`, or `realm`: what carries each space */
export function mixedAgents(names: readonly string[]): MixedAgents {
  const clock = new LedgerClock()
  const worlds = names.map((name) => worldOf(name, clock))
  return {
    clock,
    names,
    worlds,
    open() {
      const agents = worlds.map((world) => world.open())
      const neighbours: Neighbours = []
      for (const {
        locks: { space },
      } of agents)
        meet(space, { deref: () => space }, neighbours)
      return {
        locks: agents.map(({ locks }) => locks),
        die() {
          for (const agent of agents) agent.die()
        },
      }
    },
    async settle() {
      do for (const world of worlds) await world.settle()
      while (worlds.some(({ busy }) => busy()))
    },
  }
}

function worldOf(name: string, clock: LedgerClock): TestAgents {
  if (name === realm) {
    const open = () => ({ strict: new MemoryPort(clock), die() {} })
    return agentsOver({ clock, open }, false, 'realm')
  }
  const make = testAgents[name]
  if (make === undefined) throw new Error(`no agents are called ${name}`)
  return make(clock)
}
