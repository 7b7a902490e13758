/** What can carry a lock here, and what to do where nothing can. */

import type { Ports } from './carrier'
import { UnsupportedError } from './errors'
import { broadcastBus } from './ports/bus'
import { MemoryPort } from './ports/memory'
import type { Mechanism, Reach } from './ports/port'
import type { Space } from './space'
import { browserLocks, openWebLocks } from './web-locks'

export type Support =
  | { readonly reach: Reach; readonly supported: true; readonly mechanism: Mechanism }
  | {
      readonly reach: Reach
      readonly supported: false
      /** What is missing, and how to get it. */
      readonly reason: string
    }

/** Depends on the origin and the arguments only, so that all agents come to the same answer. */
export function supportOf(reach: Reach): Support {
  if (reach === 'realm') return { reach, supported: true, mechanism: 'memory' }
  const missing = reach === 'origin' ? whyNoWebLocks() : "a later version; use 'origin' or 'realm'"
  if (missing === undefined) return { reach, supported: true, mechanism: 'web-locks' }
  return { reach, supported: false, reason: `reach '${reach}' needs ${missing}` }
}

function whyNoWebLocks(): string | undefined {
  if (browserLocks() !== undefined) return undefined
  if (typeof window === 'undefined' && !('WorkerGlobalScope' in globalThis)) {
    return "a browser, for a server process has no origin; use 'realm'"
  }
  return globalThis.isSecureContext
    ? "Web Locks, as of Chrome 69, Firefox 96 or Safari 15.4; else use 'realm'"
    : 'Web Locks, which are for secure contexts: serve the page, and all frames around it, over https or from localhost'
}

/** Opens the mechanism, or throws `UnsupportedError`. */
export function openPorts({ agent, clock, reach }: Space): Ports {
  const support = supportOf(reach)
  if (!support.supported) throw new UnsupportedError(support.reason)
  if (support.mechanism === 'memory') {
    const memory = new MemoryPort(clock, agent)
    return { bounded: memory, strict: memory }
  }
  return openWebLocks(navigator.locks, clock, broadcastBus('latchkey'))
}
