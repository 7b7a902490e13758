/**
 * The presence that all agents of a lock memory have here: it follows from the environment, for
 * agents that are present in different ways could not watch each other.
 */

import { browserDatabases, isBrowser } from '../environment'
import { browserLocks } from '../web-locks'
import { indexedDbPresence } from './indexed-db-presence'
import type { Presence } from './presence'
import { localSockets, threadPresence } from './thread-presence'
import { webLocksPresence } from './web-locks-presence'

/** Makes one; `undefined` where nothing proves a death. */
export function presenceMaker(): (() => Presence) | undefined {
  if (!isBrowser()) return localSockets() && threadPresence
  const locks = browserLocks()
  if (locks !== undefined) return () => webLocksPresence(locks)
  const databases = browserDatabases()
  return databases && (() => indexedDbPresence(databases))
}
