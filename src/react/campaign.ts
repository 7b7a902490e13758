/**
 * A candidate that components share: a page leads or it does not, however many of its components ask.
 * It campaigns while one of them at least wants it, again after a loss, and not after it resigned.
 */

import type { Hold } from '../locks/hold'
import type { Leader } from '../locks/leader'
import { Claim } from './claim'
import { identityOf } from './lock-identity'

export class Campaign {
  readonly claim = new Claim<Hold>()
  readonly #leader: Leader
  /** All of its lock space, by name. */
  readonly #among: Map<string, Campaign>
  #wanted = 0
  #stopListening: (() => void)[] = []

  constructor(leader: Leader, among: Map<string, Campaign>) {
    this.#leader = leader
    this.#among = among
  }

  /** @returns what takes the wish back */
  join(): () => void {
    if (this.#wanted++ === 0) this.#begin()
    return () => {
      if (--this.#wanted === 0) this.#end()
    }
  }

  #begin(): void {
    const { claim } = this
    const leader = this.#leader
    // Strict Mode begins anew what it has just ended.
    if (!this.#among.has(leader.name)) this.#among.set(leader.name, this)
    this.#stopListening = [
      // Somebody outside React may have made it resign.
      leader.subscribe(({ type }) => {
        if (type === 'resigned') claim.current().release()
      }),
      claim.subscribe(() => {
        const { status, retry } = claim.current()
        if (status === 'lost') retry()
        // Elected in between, it must not be found leading by the next wish.
        if (status === 'idle') leader.resign()
      }),
    ]
    claim.start((signal) => leader.campaign({ signal }))
  }

  #end(): void {
    this.claim.stop()
    for (const stop of this.#stopListening) stop()
    const { name } = this.#leader
    if (this.#among.get(name) === this) this.#among.delete(name)
  }
}

const spaces = new WeakMap<object, Map<string, Campaign>>()

/** The one of a name in this page, as long as somebody wants it. */
export function campaignOf(leader: Leader): Campaign {
  const { space = leader } = identityOf('leader', leader, [])
  const among = spaces.get(space) ?? new Map<string, Campaign>()
  spaces.set(space, among)
  const campaign = among.get(leader.name) ?? new Campaign(leader, among)
  among.set(leader.name, campaign)
  return campaign
}
