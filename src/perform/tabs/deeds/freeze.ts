/** A thread that hangs: it runs, and answers nobody. */

import type { Actor } from '../actor'

export interface Freeze {
  readonly ms: number
}

export async function freeze(_actor: Actor, { ms }: Freeze): Promise<undefined> {
  const end = performance.now() + ms
  while (performance.now() < end) {
    // Nothing else runs: no timer, no message, no promise.
  }
  return undefined
}
