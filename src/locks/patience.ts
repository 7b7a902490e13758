/** Waits for what several callers wait for together: who gives up ends his own wait alone. */

import type { WaitOptions } from './arguments'
import type { Clock } from './clock'

/** What becomes of a wait that is given up. */
export interface GivingUp {
  /** Says who stood in the way, by rejecting. Asked before `leave`: the leaver did not. */
  late(timeout: number): Promise<never>
  leave(): void
}

/** @throws (rejects) `signal.reason`, and what `late` rejects with */
export function waitTogether<T>(
  clock: Clock,
  work: Promise<T>,
  { signal, timeout = Number.POSITIVE_INFINITY }: WaitOptions,
  { late, leave }: GivingUp,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      signal?.removeEventListener('abort', abort)
      stopTimer?.()
    }
    const abort = () => {
      finish()
      leave()
      reject(signal?.reason)
    }
    const expire = () => {
      finish()
      const explained = late(timeout)
      leave()
      resolve(explained)
    }
    const isBounded = timeout < Number.POSITIVE_INFINITY
    const stopTimer = isBounded ? clock.after(timeout, expire) : undefined
    signal?.addEventListener('abort', abort)
    work.finally(finish).then(resolve, reject)
  })
}
