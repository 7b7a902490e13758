/** All participants raise one counter at the same time; what it lacks in the end was lost. */

import { createLocks, type MutexDescriptor } from '../../locks'
import { forgetCounters, sumOfCounters } from '../workload/counters'
import { countersPrefix, whileCounting } from '../workload/kept-counters'
import type { Guard } from './deeds/count'
import type { Participant } from './participant'

export interface CountTogether {
  readonly guard: Guard
  /** Of each participant. */
  readonly hits: number
  /** Between reading and writing, in ms. */
  readonly work: number
  readonly stage: string
  readonly signal: AbortSignal
}

export interface Counted {
  /** How many hits there were. */
  readonly hits: number
  /** How often somebody waited for the lock, as each one’s own recorder has it. */
  readonly contended: number
  /** What the counter shows in the end. */
  readonly counter: number
  /** From the first order to the last answer, in ms. */
  readonly ms: number
}

export type Counter = Pick<Participant, 'order' | 'stop'>

/** Rejects with an `OrderError` when a participant fails or goes, and with `signal.reason`. */
export async function countTogether(
  participants: readonly Counter[],
  { guard, hits, work, stage, signal }: CountTogether,
): Promise<Counted> {
  signal.throwIfAborted()
  const database = `${countersPrefix}${stage} ${Math.random().toString(36).slice(2)}`
  const lock: MutexDescriptor = { latchkey: 'mutex', name: `${stage} hits`, fair: 'strict' }
  const stop = () => {
    for (const each of participants) each.stop()
  }
  signal.addEventListener('abort', stop)
  const where = { kind: 'stored', database } as const
  try {
    return await whileCounting(database, createLocks(), signal, async () => {
      const from = performance.now()
      const orders = participants.map((each) =>
        each.order('count', { guard, hits, work, database, lock }),
      )
      const settled = await Promise.allSettled(orders)
      signal.throwIfAborted()
      const rounds = settled.map((each) => {
        if (each.status === 'rejected') throw each.reason
        return each.value
      })
      const ms = performance.now() - from
      const all = (of: 'hits' | 'contended') => rounds.reduce((sum, round) => sum + round[of], 0)
      return {
        hits: all('hits'),
        contended: all('contended'),
        counter: await sumOfCounters(where),
        ms,
      }
    })
  } finally {
    signal.removeEventListener('abort', stop)
    forgetCounters(where)
  }
}
