/** A thread that holds a lock under a lease and then stands still, for tests of real threads. */

import { createLocks } from '../create-locks'
import { LockLostError } from '../errors'

/** Words that the threads and the test share. */
export const sign = { holds: 0, goOn: 1, lost: 2 } as const

export interface LeaseholderData {
  readonly memory: SharedArrayBuffer
  readonly words: Int32Array<SharedArrayBuffer>
  /** In ms. */
  readonly ttl: number
}

export async function holdAndHang({ memory, words, ttl }: LeaseholderData): Promise<void> {
  const locks = createLocks({ reach: 'cluster', memory })
  const hold = await locks.mutex('a').acquire({ lease: { ttl } })
  const { signal } = hold
  Atomics.store(words, sign.holds, 1)
  Atomics.wait(words, sign.goOn, 0)
  const isLost = new Promise<void>((lost) => signal.addEventListener('abort', () => lost()))
  // A thread may end while it holds a lock: something has to keep this one.
  const alive = setInterval(() => {}, 1000)
  if (!signal.aborted) await isLost
  clearInterval(alive)
  hold.release()
  Atomics.store(words, sign.lost, signal.reason instanceof LockLostError ? 1 : 2)
}

/** Has nothing left to do while it holds the lock. */
export async function holdAndEnd({ memory, words, ttl }: LeaseholderData): Promise<void> {
  const locks = createLocks({ reach: 'cluster', memory })
  await locks.mutex('a').acquire({ lease: { ttl }, maxHold: 1e9 })
  Atomics.store(words, sign.holds, 1)
}
