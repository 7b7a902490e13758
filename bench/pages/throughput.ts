/** Holders: tasks that take and release one lock for a while. */

import type { Locks } from '../../src/locks'
import { type Contender, lockOf } from './contenders'
import { moment, now, work } from './time'

export interface Hammering {
  /** Pairs of lock and unlock that each task did. */
  readonly pairs: readonly number[]
  /** How many it does between two looks at the clock. */
  readonly batch: number
  /** ms since the epoch */
  readonly from: number
  readonly to: number
}

export interface HammerOrder {
  readonly contender: Contender
  readonly name: string
  readonly tasks: number
  readonly ms: number
  /** When to begin, so that tabs begin together; at once without it. */
  readonly at?: number
}

/**
 * Some tasks take and release one lock as fast as they can, from one moment to another.
 * @param from where our locks come from, if not from the origin's
 */
export async function hammer(order: HammerOrder, from?: Locks): Promise<Hammering> {
  const { contender, name, tasks, ms, at } = order
  if (at !== undefined) await moment(at)
  const begin = now()
  const end = (at ?? begin) + ms
  const { loop, batch } = lockOf(contender, name, from)
  const pairs = await Promise.all(
    Array.from({ length: tasks }, async () => {
      let done = 0
      while (now() < end) {
        await loop(batch)
        done += batch
      }
      return done
    }),
  )
  return { pairs, batch, from: begin, to: now() }
}

/** One task, in turn: takes and releases the lock, then works on without it. */
export async function busy(order: {
  readonly contender: Contender
  readonly name: string
  readonly ms: number
  readonly at: number
  /** How long it holds the thread after each release, in ms. */
  readonly after: number
  /** For how long it only takes and releases before that, in ms. */
  readonly tight: number
}): Promise<{ readonly rounds: number; readonly switched: number }> {
  const { contender, name, ms, at, after, tight } = order
  const { loop, batch } = lockOf(contender, name)
  await moment(at)
  while (now() < at + tight) await loop(batch)
  const switched = now()
  let rounds = 0
  // The last release of the tight loop is followed by work already.
  if (tight > 0) work(after)
  while (now() < at + ms) {
    await loop(1)
    work(after)
    rounds++
  }
  return { rounds, switched }
}

/** Holds the thread from a moment on: tabs that can do so at once are no one thread. */
export async function spin(at: number, ms: number): Promise<{ from: number; to: number }> {
  await moment(at)
  const from = now()
  work(ms)
  return { from, to: now() }
}
