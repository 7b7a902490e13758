/**
 * A name for a stage that no other page of this origin uses now. Few names, used again and again: fences are
 * kept for each lock name for ever, and a page must not leave new ones behind each time it is opened.
 */

import type { Locks } from '../../locks'

export interface ClaimedStage {
  readonly name: string
  release(): void
}

const most = 64

/** Lists of locks are by name: what is shown stands before the housekeeping of this page. */
const prefix = 'demo'

/** Rejects with `UnsupportedError` where nothing reaches other pages. */
export async function claimStage(locks: Locks): Promise<ClaimedStage> {
  for (let place = 1; place <= most; place++) {
    const name = `${prefix} ${place}`
    const hold = await locks.mutex(`latchkey ${name}`, { fair: 'strict' }).tryAcquire()
    if (hold) return { name, release: () => hold[Symbol.dispose]() }
  }
  throw new Error(`there are ${most} stages open: close some`)
}
