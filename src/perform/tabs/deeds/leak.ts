/** Throws while it holds a lock, in each of the three ways to hold one, and looks what is left. */

import type { Mutex } from '../../../locks'
import type { Actor } from '../actor'

export type LeakWay = 'run' | 'using' | 'bare'

export interface LeakTrial {
  readonly way: LeakWay
}

export interface Leaking {
  /** What came out. */
  readonly threw: string
  /** `locks.stats().holds` of the participant, before and after. */
  readonly before: number
  readonly after: number
}

export type Probing =
  | { readonly free: true }
  /** `why`: the error of a wait that gave up. */
  | { readonly free: false; readonly why: string }

/** In ms: a lock that is held by mistake must not keep a trial for ever. */
const patience = 400

const ways: Readonly<Record<LeakWay, (mutex: Mutex, work: () => void) => Promise<void>>> = {
  run: (mutex, work) => mutex.run(work, { timeout: patience }),
  using: async (mutex, work) => {
    await using _hold = await mutex.acquire({ timeout: patience })
    work()
  },
  bare: async (mutex, work) => {
    const hold = await mutex.acquire({ timeout: patience })
    work()
    hold.release()
  },
}

export async function leak(actor: Actor, { way }: LeakTrial): Promise<Leaking> {
  const before = actor.locks.stats().holds
  let threw = 'nothing'
  try {
    await ways[way](lockOf(actor, way), () => {
      throw new Error('the callback threw')
    })
  } catch (error) {
    threw = String(error)
  }
  return { threw, before, after: actor.locks.stats().holds }
}

/** Asked of another participant: whether the lock can be had, and if not, in whose hands it is. */
export async function probe(actor: Actor, { way }: LeakTrial): Promise<Probing> {
  try {
    await using _hold = await lockOf(actor, way).acquire({ timeout: patience })
    return { free: true }
  } catch (error) {
    return { free: false, why: String(error) }
  }
}

function lockOf({ task, stage }: Actor, way: LeakWay): Mutex {
  return task.mutex(`${stage} leak ${way}`, { fair: 'strict' })
}
