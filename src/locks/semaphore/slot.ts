/** One permit as the mechanism knows it: a lock of its own, which one agent has at a time. */

import type { LossReason, PortRequest } from '../ports/port'
import { slotName } from './names'
import type { Pool } from './pool'

/** Somebody who wants permits, as the lock above made it. */
export interface PermitRequest extends PortRequest {
  /** How many. */
  readonly permits: number
  /** How many there are. */
  readonly of: number
}

export class Slot implements PortRequest {
  readonly mode = 'exclusive'
  readonly name: string
  slot: unknown = undefined
  grantedAt = -1
  abandoned = false
  /** Whether this agent has it. */
  held = false
  /** Whether it came in this turn and has served nobody. */
  fresh = false
  /** Since when the agent may pass it on: it came then, or it was the agent's turn. */
  since = 0
  /** Who has it now, if anybody. */
  user: PermitRequest | undefined = undefined

  constructor(
    readonly pool: Pool,
    readonly index: number,
    readonly ifAvailable: boolean,
  ) {
    this.name = slotName(pool.name, index)
  }

  granted(): void {
    this.pool.arrived(this)
    this.pool.settle()
  }
  refused(): void {
    this.pool.missed(this)
    this.pool.settle()
  }
  failed(error: unknown): void {
    this.pool.slotFailed(this, error)
  }
  lost(reason: LossReason): void {
    this.pool.slotLost(this, reason)
  }
  /** Whoever has the permit speaks for itself. */
  describe(): undefined {}
}
