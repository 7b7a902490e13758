/** What can carry a lock here, and what to do where nothing can. */

import type { Mechanism, Reach } from './ports/port'

export type Support =
  | {
      readonly reach: Reach
      readonly supported: true
      readonly mechanism: Mechanism
      /**
       * Whether the locks of an agent that dies are given on. `false` where nothing here proves a
       * death, so that such a lock stays held: waits should have a `timeout` then.
       */
      readonly recovers: boolean
    }
  | {
      readonly reach: Reach
      readonly supported: false
      /** What is missing, and how to get it. */
      readonly reason: string
    }

/** Tells a `LockManager` of Latchkey's, from whichever copy, from the browser's own. */
export const installedMark: unique symbol = Symbol.for('latchkey lock manager')

/** Depends on the origin and the arguments only, so that all agents come to the same answer. */
export function supportOf(reach: Reach, memory?: SharedArrayBuffer): Support {
  const found = reach === 'realm' ? 'memory' : mechanisms[reach](memory)
  if (typeof found === 'string') {
    return { reach, supported: true, mechanism: found, recovers: recovers(found) }
  }
  return { reach, supported: false, reason: `reach '${reach}' needs ${found.missing}` }
}

interface Missing {
  readonly missing: string
}

const mechanisms = {
  cluster: ofCluster,
  origin: ofOrigin,
  network: (): Missing => ({ missing: "a later version; use 'origin' or 'realm'" }),
}

function ofCluster(memory: SharedArrayBuffer | undefined): Mechanism | Missing {
  if (memory !== undefined) return 'shared-memory'
  if (typeof SharedArrayBuffer === 'undefined') {
    return {
      missing:
        "SharedArrayBuffer, which pages have only if they are isolated: serve them with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp; else use 'origin'",
    }
  }
  return {
    missing:
      'memory: make it once with createLockMemory(), send it to every worker, and pass it to createLocks({ reach: "cluster", memory }) in each',
  }
}

function ofOrigin(): Mechanism | Missing {
  if (typeof window === 'undefined' && !('WorkerGlobalScope' in globalThis)) {
    return {
      missing:
        "a browser, for a server process has no origin; use 'realm', or 'cluster' among threads",
    }
  }
  // One that Latchkey installed reaches no further than what it stands on.
  if (navigator.locks !== undefined && !(installedMark in navigator.locks)) return 'web-locks'
  if (!globalThis.isSecureContext && !isPlainHttp(globalThis.origin)) {
    // Other agents of this origin do have Web Locks, and would not be excluded by anything else.
    return {
      missing: `Web Locks, which ${globalThis.origin} has, but not inside of an insecure page: serve all frames around it over https`,
    }
  }
  if (hasIndexedDb()) return 'indexed-db'
  return { missing: "Web Locks (https, or http://localhost) or IndexedDB; else use 'realm'" }
}

/**
 * Whether no page of this origin is a secure context, whatever is around it (W3C Secure Contexts,
 * "potentially trustworthy origin").
 */
function isPlainHttp(origin: string): boolean {
  if (!origin?.startsWith('http:')) return false
  const { hostname } = new URL(origin)
  return !/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

/** Reading it throws where storage is blocked. */
function hasIndexedDb(): boolean {
  try {
    return globalThis.indexedDB != null
  } catch {
    return false
  }
}

function recovers(mechanism: Mechanism): boolean {
  return mechanism !== 'shared-memory' || provesDeath()
}
