/**
 * How an agent comes to its seat and leaves it: when its presence is established, when its page is
 * hidden and shown again, and when its presence is taken away, after which it takes a new one.
 */

import { UnsupportedError } from '../../errors'
import type { Presence } from '../../presence/presence'
import { Seat, type SeatOwner } from './seat'
import type { WaitAsync } from './wait-async'

export interface AttachmentOwner extends SeatOwner {
  attached(seat: Seat): void
  /** It is about to go in order: ends all that it has in the table. */
  leaving(seat: Seat): void
  /** It has no seat any more: what it held is lost, what it waited for has to ask again. */
  detached(): void
  /** It never will have a seat. */
  refused(failure: Error): void
}

export class Attachment {
  seat: Seat | undefined
  /** Why there never will be one. */
  failure: Error | undefined
  ready: Promise<void>
  #presence: Presence | undefined

  constructor(
    readonly owner: AttachmentOwner,
    readonly openPresence: () => Presence,
    readonly waitAsync: WaitAsync | null,
    lifecycle: readonly EventTarget[],
  ) {
    for (const target of lifecycle) {
      // A page that others see no more, perhaps for ever: it must not keep them waiting.
      target.addEventListener('pagehide', () => this.#leave())
      target.addEventListener('pageshow', () => {
        if (this.failure === undefined && this.#presence === undefined) this.ready = this.attach()
      })
    }
    this.ready = Promise.resolve()
  }

  /** @param former its last seat's agent word, which others may take for dead */
  attach(former = 0): Promise<void> {
    let presence: Presence
    try {
      presence = this.openPresence()
    } catch (error) {
      return this.#refuse(error)
    }
    this.#presence = presence
    presence.lost.then(() => this.#lose(presence))
    if (!presence.established) {
      return presence.ready
        .then(() => this.#sit(presence, former))
        .catch((error) => this.#refuse(error))
    }
    try {
      this.#sit(presence, former)
    } catch (error) {
      return this.#refuse(error)
    }
    return Promise.resolve()
  }

  close(): void {
    this.failure ??= new UnsupportedError('these locks were closed')
    this.#leave()
    this.owner.refused(this.failure)
  }

  #refuse(error: unknown): Promise<never> {
    this.failure = error instanceof Error ? error : new UnsupportedError(String(error))
    this.owner.refused(this.failure)
    const refusal = Promise.reject(this.failure)
    // Whoever asks hears of it; nobody has to.
    refusal.catch(() => {})
    return refusal
  }

  #sit(presence: Presence, former: number): void {
    // It may have been hidden or closed meanwhile.
    if (this.#presence !== presence) return
    const seat = new Seat(this.owner, presence, this.waitAsync)
    this.seat = seat
    if (former !== 0) seat.watching.died(former)
    this.owner.attached(seat)
  }

  #leave(): void {
    const { seat } = this
    const presence = this.#presence
    this.seat = undefined
    this.#presence = undefined
    if (seat !== undefined) {
      this.owner.leaving(seat)
      seat.leave()
      this.owner.detached()
    }
    presence?.leave()
  }

  /** Others may believe this agent dead, and give away what it holds. */
  #lose(presence: Presence): void {
    if (this.#presence !== presence) return
    const { seat } = this
    this.seat = undefined
    if (seat !== undefined) {
      seat.abandon()
      this.owner.detached()
    }
    this.ready = this.attach(seat?.own)
  }
}
