/**
 * What a hold shows to components: all of it but what ends it. A component ends its hold through its
 * handle, which hears of it; ended in any other way it would be shown as held for ever.
 */

import type { Hold } from '../locks/hold'
import type { SemaphoreHold } from '../locks/semaphore/semaphore'

export type Held<H> = Omit<H, 'release' | typeof Symbol.dispose | typeof Symbol.asyncDispose>

/** What is read again each time, and what is called on behalf of the hold. */
const parts: Readonly<Record<keyof Held<SemaphoreHold>, 'read' | 'called'>> = {
  name: 'read',
  mode: 'read',
  grantedAt: 'read',
  signal: 'read',
  task: 'read',
  id: 'read',
  abandoned: 'read',
  fence: 'read',
  permits: 'read',
  renew: 'called',
  mutex: 'called',
  keyedMutex: 'called',
  rwLock: 'called',
  semaphore: 'called',
  all: 'called',
}

/** An object of its own, for the hold itself knows how to release itself whatever its type says. */
export function heldOf<H extends Hold>(hold: H): Held<H> {
  const held = {}
  for (const [name, how] of Object.entries(parts)) {
    // Permits are a semaphore's only.
    if (!(name in hold)) continue
    const part = name as keyof Hold
    const get = () => hold[part]
    Object.defineProperty(
      held,
      name,
      how === 'read'
        ? { get, enumerable: true }
        : { value: (hold[part] as () => unknown).bind(hold), enumerable: true },
    )
  }
  return held as Held<H>
}
