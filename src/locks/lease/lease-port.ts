/** The way to a mechanism on which every request has a lease. */

import type { Bus } from '../ports/bus'
import type { Answer, LockPort, PortRequest, PortSnapshot, Reach } from '../ports/port'
import type { LeaseKeeper } from './keeper'

type Mint = NonNullable<LockPort['mint']>

export class LeasePort implements LockPort {
  readonly reach: Reach
  readonly bus: Bus
  readonly mint?: Mint
  readonly #far: LockPort

  constructor(
    readonly keeper: LeaseKeeper,
    readonly ttl: number,
    readonly renews: boolean,
  ) {
    this.#far = keeper.space.ports.strict
    this.reach = this.#far.reach
    this.bus = this.#far.bus
    const far = this.#far
    if (far.mint !== undefined) this.mint = (...what) => far.mint?.(...what)
  }

  /**
   * The lease is told first: an agent that stands still from here on may be granted the lock, and
   * could not say so.
   */
  acquire(request: PortRequest): Answer {
    this.keeper.open(request, this.ttl, this.renews)
    return this.#far.acquire(request)
  }

  /** Of a request whose lease has run out also one that is not granted yet, by what is known here. */
  release(request: PortRequest): void {
    this.keeper.end(request, () => {
      this.#far.cancel(request)
      this.#far.release(request)
    })
  }

  cancel(request: PortRequest): void {
    this.release(request)
  }

  live(): Iterable<PortRequest> {
    return this.#far.live()
  }

  query(): Promise<PortSnapshot> {
    return this.#far.query()
  }
}
