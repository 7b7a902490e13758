/** Campaigns for the leadership of the stage, and again whenever it has led, until told to stop. */

import { type Leader, LockLostError } from '../../../locks'
import type { Actor } from '../actor'

export interface Campaign {
  /** For how long a leader stays leader without a sign of life, in ms. */
  readonly ttl: number
}

export async function campaign(actor: Actor, { ttl }: Campaign): Promise<undefined> {
  const leader = actor.locks.leader(`${actor.stage} leader`, { ttl })
  const { stopped } = actor
  actor.leader = leader
  try {
    while (!stopped.aborted) {
      await elected(leader, stopped)
      await termOf(leader, stopped)
    }
  } finally {
    leader.resign()
  }
  return undefined
}

async function elected(leader: Leader, signal: AbortSignal): Promise<void> {
  try {
    await leader.campaign({ signal })
  } catch (error) {
    // Frozen between being elected and being told: it campaigns again.
    if (!(error instanceof LockLostError)) throw error
  }
}

/** Resolves when it leads no longer, or is to stop. */
function termOf(leader: Leader, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      unsubscribe()
      stopped.removeEventListener('abort', end)
      resolve()
    }
    const unsubscribe = leader.subscribe(({ type }) => {
      if (type !== 'elected') end()
    })
    stopped.addEventListener('abort', end)
    if (!leader.isLeader || stopped.aborted) end()
  })
}

/** Gives the leadership back: its next campaign comes behind the others'. */
export async function resign({ leader }: Actor): Promise<undefined> {
  leader?.resign()
  return undefined
}
