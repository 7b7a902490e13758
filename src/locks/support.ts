/** What can carry a lock here, and what to do where nothing can. */

import { UnsupportedError } from './errors'
import { broadcastBus } from './ports/bus'
import { cohort } from './ports/cohort'
import { MemoryPort } from './ports/memory'
import type { Mechanism, Reach } from './ports/port'
import { WebLocksPort } from './ports/web-locks'
import type { Ports, Space } from './space'

export type Support =
  | { readonly reach: Reach; readonly supported: true; readonly mechanism: Mechanism }
  | {
      readonly reach: Reach
      readonly supported: false
      /** What is missing, and how to get it. */
      readonly reason: string
    }

/** Tells a `LockManager` of Latchkey's, from whichever copy, from the browser's own. */
export const installedMark: unique symbol = Symbol.for('latchkey lock manager')

/** Depends on the origin and the arguments only, so that all agents come to the same answer. */
export function supportOf(reach: Reach): Support {
  if (reach === 'realm') return { reach, supported: true, mechanism: 'memory' }
  const missing = reach === 'origin' ? whyNoWebLocks() : "a later version; use 'origin' or 'realm'"
  if (missing === undefined) return { reach, supported: true, mechanism: 'web-locks' }
  return { reach, supported: false, reason: `reach '${reach}' needs ${missing}` }
}

function whyNoWebLocks(): string | undefined {
  if (typeof window === 'undefined' && !('WorkerGlobalScope' in globalThis)) {
    return "a browser, for a server process has no origin; use 'realm'"
  }
  // One that Latchkey installed reaches no further than what it stands on.
  if (navigator.locks !== undefined && !(installedMark in navigator.locks)) return undefined
  return globalThis.isSecureContext
    ? "Web Locks, as of Chrome 69, Firefox 96 or Safari 15.4; else use 'realm'"
    : 'Web Locks, which are for secure contexts: serve the page, and all frames around it, over https or from localhost'
}

/** Opens the mechanism, or throws `UnsupportedError`. */
export function openPorts(space: Space): Ports {
  const support = supportOf(space.reach)
  if (!support.supported) throw new UnsupportedError(support.reason)
  const near = new MemoryPort(space.clock, space.agent)
  if (support.mechanism === 'memory') return { bounded: near, strict: near }
  const strict = new WebLocksPort(navigator.locks, broadcastBus('latchkey'), space.clock)
  return { strict, bounded: cohort(near, strict, { clock: space.clock }) }
}
