/** Web Locks with fences, which the browser's own have not: from the ledger. */

import type { Clock } from '../clock'
import { mintIn } from '../ledger/fences'
import { type Ledger, ledgerHere } from '../ledger/ledger'
import type { Bus } from './bus'
import { clientIdOf } from './client-id'
import type { PortRequest } from './port'
import { stateOf, WebLocksPort } from './web-locks'

export class MintingWebLocksPort extends WebLocksPort {
  /** What the browser calls this agent. */
  #clientId: Promise<string> | undefined

  constructor(
    locks: LockManager,
    bus?: Bus,
    clock?: Clock,
    lifecycle?: readonly EventTarget[],
    readonly ledger: () => Ledger = ledgerHere,
  ) {
    super(locks, bus, clock, lifecycle)
  }

  /**
   * First from the ledger, then the browser is asked who holds the lock. If it still is this agent,
   * every later holder was granted the lock after that, and mints after that. If not, nobody will
   * ever have these numbers.
   */
  async mint(request: PortRequest, count: number, floor: number): Promise<number | undefined> {
    if (stateOf(request) !== 'held') return undefined
    const { name } = request
    const [first, self] = await Promise.all([
      this.ledger().transact('readwrite', (rows) => mintIn(rows, name, count, floor)),
      this.#self(),
    ])
    const { held } = await this.query()
    const isOwn = held.some((each) => each.name === name && each.clientId === self)
    // A thief in this very agent is granted the lock only after its holder was told.
    return isOwn && stateOf(request) === 'held' ? first : undefined
  }

  #self(): Promise<string> {
    this.#clientId ??= clientIdOf(this).catch((error: unknown) => {
      this.#clientId = undefined
      throw error
    })
    return this.#clientId
  }
}
