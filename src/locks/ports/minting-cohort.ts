/**
 * A cohort with fences. The far hold has a block of them minted when the first is asked for, and
 * whoever is inside takes the next one at once: so fences go far once for each far hold, as
 * acquisitions do. What is left of a block is never used: the next one begins above it.
 */

import { UnsupportedError } from '../errors'
import { CohortPort } from './cohort'
import { type FarHold, Member } from './name-cohort'
import type { PortRequest } from './port'

/** How many at once: more than a budget lets in. They last for 10^11 far holds of one name. */
export const block = 32_768

interface Numbers {
  next: number
  readonly last: number
}

/** The far hold is gone, and nobody has said so yet. */
const none: Numbers = { next: 1, last: 0 }

type Answer = number | undefined | Promise<number | undefined>

export class MintingCohortPort extends CohortPort {
  /** What each far hold has left, or will have. */
  readonly #minted = new WeakMap<FarHold, Numbers | Promise<unknown>>()

  mint(request: PortRequest, count: number, floor: number): Answer {
    const member = request.slot
    if (!(member instanceof Member)) return this.far.mint?.(request, count, floor)
    const { hold } = member
    if (hold === undefined || hold.arrivals.has(member)) return undefined
    const minted = this.#minted.get(hold) ?? this.#mintFar(hold, count, floor, true)
    if (minted === none) return undefined
    if (minted instanceof Promise) return this.#mintAfter(minted, request, hold, count, floor)
    const first = Math.max(minted.next, floor + 1)
    if (first + count - 1 <= minted.last) {
      minted.next = first + count
      return first
    }
    this.#mintFar(hold, count, floor, false)
    return this.mint(request, count, floor)
  }

  /** Whoever is inside by then asks again: the member may be used for somebody else. */
  async #mintAfter(
    minted: Promise<unknown>,
    request: PortRequest,
    hold: FarHold,
    count: number,
    floor: number,
  ): Promise<number | undefined> {
    const member = request.slot as Member
    await minted
    const isInside = request.slot === member && member.outer === request && member.hold === hold
    if (!isInside) return undefined
    // It begins here, for whoever asks how soon this agent returns: the journey was not its work.
    request.grantedAt = this.clock.coarse()
    return this.mint(request, count, floor)
  }

  /**
   * @param isFirst the budget begins again when these have come: storage may take longer than all of
   *   it. Once for each far hold, so that others still wait for a bounded time
   */
  #mintFar(
    hold: FarHold,
    count: number,
    floor: number,
    isFirst: boolean,
  ): Numbers | Promise<unknown> {
    const all = Math.max(count, block)
    const hear = (first: number | undefined) => {
      const numbers = first === undefined ? none : { next: first, last: first + all - 1 }
      this.#minted.set(hold, numbers)
      if (isFirst && hold.grantedAt >= 0) hold.grantedAt = this.clock.coarse()
      return numbers
    }
    if (this.far.mint === undefined) throw new UnsupportedError('these locks have no fences')
    const answer = this.far.mint(hold, all, floor)
    if (!(answer instanceof Promise)) return hear(answer)
    const coming = answer.then(hear, (error: unknown) => {
      this.#minted.delete(hold)
      throw error
    })
    this.#minted.set(hold, coming)
    return coming
  }
}
