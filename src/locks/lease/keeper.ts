/**
 * The leases of one agent: renews them while its event loop turns, and answers those who ask whether
 * it does.
 */

import type { LockPort, PortRequest } from '../ports/port'
import { pageLifecycle, Sleep } from '../ports/sleep'
import type { Space } from '../space'
import { Beat } from './beat'
import { Lease } from './lease'
import { LeasePort } from './lease-port'
import { type Answer, isQuestion } from './protocol'
import { inTurn } from './turn'

export class LeaseKeeper {
  readonly #leases = new Map<PortRequest, Lease>()
  readonly #beat: Beat
  #shortest = Number.POSITIVE_INFINITY
  #stopListening: (() => void) | undefined
  readonly #sleep: Sleep

  constructor(readonly space: Space) {
    const { clock } = space
    this.#beat = new Beat(clock, () => this.#renewDue())
    this.#sleep = new Sleep(pageLifecycle(), clock, {
      fallAsleep() {},
      wakeUp: () => this.#renewDue(),
    })
  }

  get idle(): boolean {
    return this.#leases.size === 0
  }

  /** The locks of this agent, taken under leases. */
  port(ttl: number, renews: boolean): LockPort {
    return new LeasePort(this, ttl, renews)
  }

  of(request: PortRequest): Lease | undefined {
    return this.#leases.get(request)
  }

  open(request: PortRequest, ttl: number, renews: boolean): void {
    const lease = new Lease(this.space, request, ttl, renews)
    this.#leases.set(request, lease)
    this.#pace()
    this.#stopListening ??= this.space.ports.strict.bus.listen((message) => {
      if (isQuestion(message)) this.#answer(message.id, message.leases)
    })
    // Whoever waits in this agent had no reason to look, if leases end with the agent.
    this.space.lookout?.look()
  }

  /** The request is over. What tells of its lease goes first: a lock without it is not robbed. */
  end(request: PortRequest, leave: () => void): void {
    const lease = this.#leases.get(request)
    if (lease === undefined) {
      leave()
    } else if (lease.isCurrent) {
      this.#close(lease)
      leave()
    } else {
      this.#endLate(lease, leave)
    }
  }

  /**
   * Which of these leases are this agent's, and whether it keeps one of them up: it asks itself, as
   * others ask it.
   */
  vouch(ids: readonly string[]): { readonly lives: boolean; readonly lapsed: readonly string[] } {
    const asked = [...this.#leases.values()].filter(({ id }) => ids.includes(id))
    const lapsed = asked.filter(({ renews, isSpent }) => !renews && isSpent)
    const living = asked.filter((lease) => !lapsed.includes(lease))
    for (const lease of living) if (lease.renews) lease.renew().catch(() => {})
    return { lives: living.length > 0, lapsed: lapsed.map(({ id }) => id) }
  }

  /** A page that is frozen hears messages still (Chromium), but nothing of its user's goes on. */
  #answer(id: string, ids: readonly string[]): void {
    if (this.#sleep.asleep) return
    const { lives, lapsed } = this.vouch(ids)
    if (!lives && lapsed.length === 0) return
    const answer: Answer = { latchkey: 1, type: 'lease answer', id, lives, lapsed }
    this.space.ports.strict.bus.post(answer)
  }

  /** It has run out, and somebody may be about to take the lock. */
  async #endLate(lease: Lease, leave: () => void): Promise<void> {
    const finish = () => {
      if (this.#leases.get(lease.request) !== lease) return
      this.#close(lease)
      leave()
    }
    try {
      await inTurn(this.space, lease.request.name, finish)
    } catch {
      finish()
    }
  }

  #close(lease: Lease): void {
    this.#leases.delete(lease.request)
    lease.end()
    if (lease.ttl === this.#shortest) this.#pace()
    if (!this.idle) return
    this.#stopListening?.()
    this.#stopListening = undefined
  }

  #pace(): void {
    const ttls = [...this.#leases.values()].map(({ ttl }) => ttl)
    this.#shortest = Math.min(...ttls)
    this.#beat.set(ttls.length === 0 ? 0 : this.#shortest / 3)
  }

  #renewDue(): void {
    if (this.#sleep.asleep) return
    for (const lease of [...this.#leases.values()]) {
      // Of who waits for the lock nothing has run out yet. What fails now is tried again.
      const goesOn = lease.renews || lease.state === 'asked'
      if (goesOn && lease.isDue) lease.renew().catch(() => {})
    }
  }
}
