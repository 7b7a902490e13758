/**
 * A turn to take permits from the mechanism. Whoever has the gate has the turn: nobody else takes
 * any meanwhile, so permits go to agents in the order in which they queued at the gate, and one who
 * wants many gets them all in the end (as Go's x/sync/semaphore: those behind it wait).
 *
 * Slots are first tried, those last used before others. Only if that was not enough are all that are
 * missing queued for at once; what came too many goes back.
 */

import type { PortRequest } from '../ports/port'
import { gateName } from './names'
import type { Pool } from './pool'
import type { PermitRequest } from './slot'

/** So many slots are tried or queued for without asking first which of them are free. */
const few = 8

export class Turn implements PortRequest {
  readonly mode = 'exclusive'
  readonly name: string
  slot: unknown = undefined
  grantedAt = -1
  /** The gate was passed. */
  mine = false
  /** It has served somebody. */
  used = false
  /** How many slots are tried and not answered. */
  tries = 0
  #next: 'try' | 'look' | 'looking' | 'queue' | 'queued' = 'try'

  /** @param request whom it is for; where agents take turns, whoever is first in this one */
  constructor(
    readonly pool: Pool,
    readonly ifAvailable: boolean,
    readonly request?: PermitRequest,
  ) {
    this.name = gateName(pool.name)
  }

  /**
   * Does what comes next to get what is missing.
   * @param head who is first in this agent
   * @param want how many slots are of use
   * @returns whether anything may be different now
   */
  collect(head: PermitRequest, want: number): boolean {
    const { pool } = this
    if (this.used || this.tries > 0 || this.#next === 'looking') return false
    if (this.#next === 'queued' && pool.complete) return false
    const missing = pool.missing()
    const isFew = missing.length <= few
    const { ifAvailable } = head
    switch (this.#next) {
      case 'try':
        this.#next = isFew && !ifAvailable ? 'queue' : 'look'
        // Where the last turn had to wait, this one will: tries would only cost time.
        if (this.#next === 'queue' && pool.crowded) return true
        for (const index of missing.slice(0, want)) pool.ask(index, this)
        return true
      case 'look':
        this.#next = 'queue'
        if (isFew) for (const index of missing) pool.ask(index, this)
        else this.#look(want)
        return true
      default:
        if (ifAvailable) {
          pool.refuse(head)
          return true
        }
        this.#next = 'queued'
        for (const index of missing) pool.ask(index)
        return true
    }
  }

  /** Whether it waits for slots, and not only for the answers to tries. */
  get queues(): boolean {
    return this.#next === 'queued'
  }

  /** Tries those that are free. Nobody but who goes round the gate can take them meanwhile. */
  async #look(want: number): Promise<void> {
    const { pool } = this
    this.#next = 'looking'
    const free = await pool.free().catch(() => [])
    if (pool.turn !== this) return
    this.#next = 'queue'
    for (const index of free.slice(0, want)) pool.ask(index, this)
    pool.settle()
  }

  granted(): void {
    this.pool.begin(this)
    this.pool.settle()
  }
  refused(): void {
    this.pool.passedOver(this)
    this.pool.settle()
  }
  failed(error: unknown): void {
    this.pool.turnFailed(this, error)
  }
  lost(): void {
    this.pool.turnLost(this)
  }
  /** Whoever waits speaks for itself. */
  describe(): undefined {}
}
