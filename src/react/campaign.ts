/**
 * A candidate that components share: a page leads or it does not, however many of its components ask.
 * It campaigns while one of them at least wants it, again after a loss, and not after it resigned.
 */

import type { LockLostError } from '../locks/errors'
import type { Hold } from '../locks/hold'
import type { Leader } from '../locks/leader'
import { Claim, type Handle } from './claim'
import { identityOf } from './lock-identity'

/** By its code, for another copy of the library may have made it. */
function isLoss(error: unknown): boolean {
  const code: LockLostError['code'] = 'lock-lost'
  return (error as Partial<LockLostError> | undefined)?.code === code
}

class Campaign {
  readonly claim = new Claim<Hold>()
  /** Who wants it or looks at it. */
  users = 0
  #wanted = 0
  #stopListening: (() => void)[] = []

  /** @returns what takes the wish back */
  join(leader: Leader): () => void {
    if (this.#wanted++ === 0) this.#begin(leader)
    return () => {
      if (--this.#wanted === 0) this.#end()
    }
  }

  #begin(leader: Leader): void {
    const { claim } = this
    this.#stopListening = [
      // Somebody outside React may have made it resign.
      leader.subscribe(({ type }) => {
        if (type === 'resigned') claim.current().release()
      }),
      claim.subscribe(() => {
        const { status, error, retry } = claim.current()
        // Robbed before it had its fence, it was never told that it leads: a loss all the same.
        if (status === 'lost' || isLoss(error)) retry()
        // Elected in between, it must not be found leading by the next wish.
        if (status === 'idle') leader.resign()
      }),
    ]
    claim.start((signal) => leader.campaign({ signal }))
  }

  #end(): void {
    this.claim.stop()
    for (const stop of this.#stopListening) stop()
  }
}

/** What a name shows that nobody campaigns for: one object, so that nobody renders for nothing. */
export const idle = new Claim<Hold>().current()

/**
 * The campaigns of one lock space. A name is known while somebody wants it or looks at it: from commits
 * on, and never for a render alone, which nobody may ever take back (on a server nobody does).
 */
export class Campaigns {
  readonly #byName = new Map<string, Campaign>()

  current(name: string): Handle<Hold> {
    const handle = this.#byName.get(name)?.claim.current() ?? idle
    return handle.status === 'idle' ? idle : handle
  }

  subscribe(name: string, listener: () => void): () => void {
    return this.#use(name, ({ claim }) => claim.subscribe(listener))
  }

  /** @returns what takes the wish back */
  join(name: string, leader: Leader): () => void {
    return this.#use(name, (campaign) => campaign.join(leader))
  }

  /** For the whole page. */
  act(name: string, what: 'release' | 'retry'): void {
    this.#byName.get(name)?.claim.current()[what]()
  }

  #use(name: string, begin: (campaign: Campaign) => () => void): () => void {
    const campaign = this.#byName.get(name) ?? new Campaign()
    this.#byName.set(name, campaign)
    campaign.users++
    const end = begin(campaign)
    return () => {
      end()
      if (--campaign.users === 0) this.#byName.delete(name)
    }
  }
}

const spaces = new WeakMap<object, Campaigns>()

/** @throws TypeError for what is no leader */
export function campaignsOf(leader: Leader): Campaigns {
  const { space = leader } = identityOf('leader', leader, ['leader'])
  const campaigns = spaces.get(space) ?? new Campaigns()
  spaces.set(space, campaigns)
  return campaigns
}
