/** Web Locks, where a browser has them. */

import { Carrier } from './carrier'
import { systemClock } from './clock'
import { isBrowser } from './environment'
import { UnsupportedError } from './errors'
import { CohortPort } from './ports/cohort'
import { near } from './ports/queue'
import { WebLocksPort } from './ports/web-locks'

/** Tells a `LockManager` of Latchkey's, from whichever copy, from the browser's own. */
export const installedMark: unique symbol = Symbol.for('latchkey lock manager')

/** The browser's own, if they are here and reach the whole origin. */
export function browserLocks(): LockManager | undefined {
  // A server process has locks that end at the process, if it has any.
  if (!isBrowser()) return undefined
  // One that Latchkey installed reaches no further than what it stands on.
  const { locks } = navigator
  return locks && !(installedMark in locks) ? locks : undefined
}

let carrier: Carrier | undefined

/**
 * Web Locks, for locks that are put together from what they need: the smallest way to lock across
 * tabs. Such a lock excludes whatever has its name in the origin, as `createLocks` does, and has
 * the same order, bounds and losses; but it knows no tasks besides the callback of a `run`, tells
 * no events, and its errors do not name holders.
 *
 * @returns always the same, in one page or worker, so that all its locks share their cohorts
 * @example
 * import { mutex, webLocks } from 'latchkey'
 * const cart = mutex(webLocks(), 'cart')
 * await cart.run(async () => { await save() })
 */
export function webLocks(): Carrier {
  carrier ??= new Carrier(() => {
    const locks = browserLocks()
    if (locks === undefined) {
      throw new UnsupportedError('webLocks() needs Web Locks: https or localhost')
    }
    const strict = new WebLocksPort(locks)
    return { strict, bounded: new CohortPort(near(systemClock), strict, {}) }
  })
  return carrier
}
