/** Makes a lock of what was sent for one, and tries to take it once. */

import { createLocks, type MutexDescriptor } from '../../../locks'
import type { Actor } from '../actor'

export interface Trying {
  readonly lock: MutexDescriptor
  /** `realm`: whoever copied the lock's name made a lock of its own. */
  readonly reach: 'realm' | 'origin'
}

export interface Tried {
  readonly got: boolean
}

export async function tryLock(_actor: Actor, { lock, reach }: Trying): Promise<Tried> {
  const hold = await createLocks({ reach }).from(lock).tryAcquire()
  hold?.release()
  return { got: hold !== null }
}
