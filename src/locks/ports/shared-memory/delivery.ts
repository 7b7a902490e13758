/**
 * What has to be told once the latch is left: this agent's own requests of their grants and losses,
 * and agents that cannot sleep on their mail that they have some.
 */

import type { Clock } from '../../clock'
import type { Bus } from '../bus'
import type { Agents } from './agents'
import { agentFlag } from './layout'
import type { Seat } from './seat'

/** To an agent that cannot sleep on its mail: it has some. */
interface Knock {
  readonly latchkey: 1
  readonly type: 'mail'
  /** Its presence. */
  readonly to: string
}

export class Delivery {
  #delivers = false
  #deliversSoon = false

  constructor(
    readonly agents: Agents,
    readonly bus: Bus,
    readonly clock: Clock,
    readonly heard: (at: number) => void,
  ) {}

  /** Tells at once. What is done in answer is told in its turn, not inside. */
  now(seat: Seat): void {
    const { due, written } = seat.table.mail
    if (written.length > 0) this.#knock(written.splice(0))
    if (due.length === 0 || this.#delivers) return
    this.#delivers = true
    try {
      while (due.length > 0) for (const at of due.splice(0)) this.heard(at)
    } finally {
      this.#delivers = false
    }
  }

  /** Tells in the next turn of the event loop: requests are not told inside of others' `acquire`. */
  soon(seat: Seat): void {
    const { due, written } = seat.table.mail
    if (written.length > 0) this.#knock(written.splice(0))
    if (due.length === 0 || this.#delivers || this.#deliversSoon) return
    this.#deliversSoon = true
    this.clock.soon(() => {
      this.#deliversSoon = false
      this.now(seat)
    })
  }

  /** Hears of mail for this agent. @returns what stops it */
  listen(seat: Seat): () => void {
    return this.bus.listen((message) => {
      const { latchkey, type, to } = message as Knock
      if (latchkey === 1 && type === 'mail' && to === seat.presence.id) seat.hear()
    })
  }

  #knock(slots: readonly number[]): void {
    for (const slot of slots) {
      if (!this.agents.hasFlag(slot, agentFlag.polls)) continue
      this.bus.post({ latchkey: 1, type: 'mail', to: this.agents.id(slot) } satisfies Knock)
    }
  }
}
