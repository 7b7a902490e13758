/** A worker of the bench: one agent of the memory that its page made. */

import { createLocks, type Locks } from '../../src/locks'
import { type BlockingOrder, blockingIncrement, blockingRate } from './blocking'
import { type Contender, lockOf } from './contenders'
import { type HandoffOrder, handoff } from './handoff'
import { type HammerOrder, hammer } from './throughput'
import { moment, now } from './time'

/** What all workers of a page have in common. */
export interface Common {
  readonly memory: SharedArrayBuffer
  /** The futex. */
  readonly futex: Int32Array<SharedArrayBuffer>
  /**
   * [what is counted, who was inside last, how often another one than before was inside], then for
   * each worker (`me`, from 1 on) what it is at: 0, or it has asked, or it is done
   */
  readonly counter: Int32Array<SharedArrayBuffer>
}

export interface IncrementOrder {
  readonly contender: Contender
  readonly name: string
  readonly me: number
  readonly at: number
  readonly ms: number
}

function jobs(locks: Locks, { futex, counter }: Common) {
  return {
    hammer: (order: HammerOrder) => hammer(order, locks),
    handoff: (order: HandoffOrder) => handoff(order, locks),
    blockingRate: (order: BlockingOrder) => blockingRate(order, locks, futex),
    blockingIncrement: (order: Parameters<typeof blockingIncrement>[0]) =>
      blockingIncrement(order, locks, futex, counter),
    /** The counter is read, other microtasks may run, and it is written. @returns how often */
    increment: async ({ contender, name, me, at, ms }: IncrementOrder) => {
      const { run } = lockOf(contender, name, locks)
      await moment(at)
      let times = 0
      for (; now() < at + ms; times++) {
        await run(async () => {
          const seen = counter[0] ?? 0
          if (counter[1] !== me) counter[2] = (counter[2] ?? 0) + 1
          counter[1] = me
          await undefined
          counter[0] = seen + 1
        })
      }
      return times
    },
    /** As above, between two: whoever is inside lets go only when the other one has asked. */
    alternate: async ({ contender, name, me, at, ms }: IncrementOrder) => {
      const { run } = lockOf(contender, name, locks)
      const other = place(3 - me)
      const section = async () => {
        Atomics.store(counter, place(me), state.away)
        const seen = counter[0] ?? 0
        if (counter[1] !== me) counter[2] = (counter[2] ?? 0) + 1
        counter[1] = me
        // Nearly always it has: to be woken takes longer than to ask again.
        Atomics.wait(counter, other, state.away)
        counter[0] = seen + 1
      }
      await moment(at)
      const from = now()
      let times = 0
      for (; now() < at + ms; times++) {
        const done = run(section)
        tell(state.asks)
        await done
      }
      tell(state.done)
      return { times, from, to: now() }

      function tell(value: number): void {
        Atomics.store(counter, place(me), value)
        Atomics.notify(counter, place(me))
      }
    },
  }
}

const state = { away: 0, asks: 1, done: 2 } as const

function place(worker: number): number {
  return 2 + worker
}

export type Jobs = ReturnType<typeof jobs>
export type Order<J extends keyof Jobs> = Parameters<Jobs[J]>[0]
export type Outcome<J extends keyof Jobs> = Awaited<ReturnType<Jobs[J]>>

export type ToWorker = Common | { readonly job: keyof Jobs; readonly order: unknown }
export type FromWorker = { readonly result: unknown } | { readonly error: string }

let mine: Jobs | undefined

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  try {
    if ('memory' in data) {
      const locks = createLocks({ reach: 'cluster', memory: data.memory })
      await locks.ready()
      mine = jobs(locks, data)
      reply({ result: undefined })
      return
    }
    const job = mine?.[data.job] as ((order: unknown) => unknown) | undefined
    if (job === undefined) throw new Error(`no job '${data.job}'`)
    reply({ result: await job(data.order) })
  } catch (error) {
    reply({ error: String(error) })
  }
}

function reply(message: FromWorker): void {
  postMessage(message)
}
