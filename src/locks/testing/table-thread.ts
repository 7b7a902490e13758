import type { LockMode } from '../events'
import { agentFlag, bit } from '../ports/shared-memory/layout'
import type { Seat } from '../ports/shared-memory/seat'
import type { LocalMemory } from './local-memory'

/** An agent that does to the table what a thread does that blocks, in a test that must not. */
export class TableThread {
  readonly seat: Seat
  readonly #holds = new Map<string, number>()

  constructor(memory: LocalMemory, detects = true) {
    const { seat } = memory.attach()
    if (seat === undefined) throw new Error('not attached')
    this.seat = seat
    seat.agents.setFlags(seat.own, agentFlag.blocks | (detects ? agentFlag.detects : 0))
  }

  /** @returns its node, below zero if it waits */
  ask(name: string, mode: LockMode = 'exclusive', how: number = bit.blocking): number {
    const { table } = this.seat
    if (!this.seat.enter(1)) throw new Error('the latch is taken')
    const at = table.ask(name, (mode === 'exclusive' ? bit.exclusive : 0) | how, false, false)
    this.seat.exit()
    if (at > 0) this.#holds.set(name, at)
    return at
  }

  withdraw(at: number): void {
    this.seat.table.end(-at, false)
  }

  /** Gives back what it was granted at once. */
  give(name: string): void {
    this.seat.table.end(this.#holds.get(name) ?? 0, true)
  }
}
