/**
 * A participant that takes the lock under a lease, writes into two logs while it has it, and never looks
 * whether it still has it. One log is fenced, the other is not.
 */

import { fenced, type Hold, LockLostError, StaleFenceError } from '../../../locks'
import type { Actor } from '../actor'
import { openLogs, put } from '../logs'
import { epochNow } from '../protocol'

export interface Serving {
  /** Of the lease, in ms. */
  readonly ttl: number
  /** How many writes a hold makes, and how many ms lie between two. */
  readonly writes: number
  readonly every: number
  readonly database: string
}

/** What became of one write in both logs. */
export interface Wrote {
  /** Epoch ms. */
  readonly at: number
  readonly fence: number
  /** The fence of the write before, in the log that looks at none. */
  readonly before: number
  /** What the fenced log said, if it refused. */
  readonly refused: string | undefined
}

export async function serve(actor: Actor, serving: Serving): Promise<undefined> {
  const { task, stage, stopped } = actor
  const database = await openLogs(serving.database)
  const log = fenced<string>({ database, store: 'fenced' })
  const mutex = task.mutex(`${stage} log`, { fair: 'strict' })
  try {
    while (!stopped.aborted) {
      const hold = await mine()
      if (hold === undefined) continue
      try {
        await write(hold)
      } finally {
        hold[Symbol.dispose]()
      }
    }
  } finally {
    database.close()
  }
  return undefined

  /** `undefined`: lost before it was told. */
  async function mine(): Promise<Hold | undefined> {
    const lease = { ttl: serving.ttl }
    try {
      return await mutex.acquire({ lease, fence: true, signal: stopped })
    } catch (error) {
      if (error instanceof LockLostError) return undefined
      throw error
    }
  }

  async function write(hold: Hold): Promise<void> {
    for (let count = 0; count < serving.writes; count++) {
      await actor.pause(serving.every)
      if (stopped.aborted) return
      actor.tell({ type: 'wrote', wrote: await inBoth(hold) })
    }
  }

  async function inBoth(hold: Hold): Promise<Wrote> {
    const fence = hold.fence ?? 0
    const before = await put(database, fence)
    let refused: string | undefined
    try {
      await log.put(hold, `${actor.name} wrote with fence ${fence}`, 'last')
    } catch (error) {
      if (!(error instanceof StaleFenceError)) throw error
      refused = String(error)
    }
    return { at: epochNow(), fence, before, refused }
  }
}
