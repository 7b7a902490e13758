/** What holds for one hold besides the lock itself, from its grant to its end. */

import type { Way } from '../acquisition'
import type { LockEventType } from '../events'
import type { LossReason } from '../ports/port'
import { show } from '../show'
import type { TaskHold } from '../task-hold'
import type { AcquireOptions } from '../terms'
import { LeaseKeeper } from './keeper'
import type { Lease } from './lease'
import { letEnd } from './let-end'

/** How a hold ended for its terms. */
const termWords: Partial<Record<LossReason, string>> = {
  overdue: 'lost: it was held for longer than its maxHold, and was given back',
  expired: 'lost: its lease ran out, and whoever waited has taken it',
}

/** In ms. */
const defaultTtl = 60_000

export class HoldTerms {
  #stopTimer: (() => void) | undefined

  /** @throws UnsupportedError where nothing reaches far enough */
  constructor(
    readonly hold: TaskHold,
    readonly options: AcquireOptions,
  ) {
    const { lease } = options
    if (!lease) return
    const { space, way } = hold
    const { ttl = defaultTtl, renew = true } = lease === true ? {} : lease
    space.leases ??= new LeaseKeeper(space)
    this.goBy(space.leases.port(Math.ceil(ttl), renew), way)
  }

  /** Each lease stands for one hold of the mechanism: what is passed on in the agent has none. */
  goBy(port: Way['port'], { carrier, name, mode }: Way): void {
    const way: Way = { carrier, port, name, fair: 'strict', mode }
    ;(this.hold as { way: Way }).way = way
  }

  /** Something happened to the hold. */
  hears(what: LockEventType): void {
    if (what === 'grant') this.#begin()
    else if (what === 'release' || what === 'lost') this.#stopTimer?.()
  }

  /** Others can see what the hold is subject to. @throws what the mechanism failed with */
  async settled(): Promise<void> {
    for (const lease of this.leases()) await lease.begun()
  }

  /** @throws TypeError without a lease, else what the mechanism failed with */
  async renew(): Promise<void> {
    const leases = this.leases()
    if (leases.length === 0) throw new TypeError(`${show(this.hold.name)} is held without a lease`)
    for (const lease of leases) await lease.renew()
  }

  /** The holder wants to know whether it holds the lock still. */
  used(): void {
    for (const lease of this.leases()) lease.check()
  }

  /** What to say of a loss that comes from the terms. */
  wordsOf(reason: LossReason): string | undefined {
    return termWords[reason]
  }

  /** Why it was lost, if the mechanism says so. */
  reasonOf(reason: LossReason): LossReason {
    const ranOut = this.leases().some(({ isCurrent }) => !isCurrent)
    return reason === 'stolen' && ranOut ? 'expired' : reason
  }

  /** Of the lock, and of what a writer had to pass. */
  leases(): readonly Lease[] {
    const { hold } = this
    const { leases } = hold.space
    if (leases === undefined || !this.options.lease) return []
    return [hold, hold.more.gate].flatMap((request) => (request && leases.of(request)) ?? [])
  }

  /** From the grant on: the time in the queue is not the holder's. */
  #begin(): void {
    for (const lease of this.leases()) lease.granted()
    const { hold, options } = this
    const { maxHold } = options
    if (maxHold === undefined) return
    this.#stopTimer = hold.space.clock.after(maxHold, () => hold.lost('overdue'), letEnd)
  }
}
