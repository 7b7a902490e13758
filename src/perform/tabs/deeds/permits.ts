/** Some jobs, one after the other, each of which needs a permit. */

import type { Actor } from '../actor'

export interface Jobs {
  /** How many there are for all participants. */
  readonly permits: number
  readonly jobs: number
  /** How long each takes, in ms. */
  readonly each: number
}

export async function work(actor: Actor, { permits, jobs, each }: Jobs): Promise<undefined> {
  const { locks, stage, stopped } = actor
  // Another number of permits makes it another semaphore: nobody may still use the former one.
  const semaphore = locks.semaphore(`${stage} permits ${permits}`, permits, { fair: 'strict' })
  for (let done = 0; done < jobs; done++) {
    await semaphore.run(() => actor.pause(each), { signal: stopped })
    stopped.throwIfAborted()
  }
  return undefined
}
