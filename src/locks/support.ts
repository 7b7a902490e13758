/** What can carry a lock here, and what to do where nothing can. */

import { browserDatabases, isBrowser } from './environment'
import type { Mechanism, OriginMechanism, Reach } from './ports/port'
import { whyNoSharedMemory } from './ports/shared-memory/create-lock-memory'
import { presenceMaker } from './presence/presence-here'
import { browserLocks } from './web-locks'

export type Support =
  | { readonly reach: Reach; readonly supported: true; readonly mechanism: Mechanism }
  | {
      readonly reach: Reach
      readonly supported: false
      /** What is missing, and how to get it. */
      readonly reason: string
    }

interface Missing {
  readonly missing: string
}

/** What a reach is asked for with. */
export interface Wish {
  readonly memory?: SharedArrayBuffer | undefined
  readonly mechanism?: OriginMechanism | undefined
}

/** Depends on the origin and the arguments only, so that all agents come to the same answer. */
export function supportOf(reach: Reach, wish: Wish = {}): Support {
  const found = mechanisms[reach](wish)
  if (typeof found === 'object') {
    return { reach, supported: false, reason: `reach '${reach}' needs ${found.missing}` }
  }
  return { reach, supported: true, mechanism: found }
}

type Find = (wish: Wish) => Mechanism | Missing

const mechanisms: Readonly<Record<Reach, Find>> = {
  realm: () => 'memory',
  cluster: ({ memory }) => whyNoCluster(memory) ?? 'shared-memory',
  origin: ({ mechanism }) => (mechanism === undefined ? ofOrigin() : asWished[mechanism]()),
  network: () => ({ missing: "a later version; use 'origin', 'cluster' or 'realm'" }),
}

function ofOrigin(): Mechanism | Missing {
  return browserLocks() === undefined ? insteadOfWebLocks() : 'web-locks'
}

const asWished: Readonly<Record<OriginMechanism, () => Mechanism | Missing>> = {
  'web-locks': () =>
    browserLocks() === undefined
      ? { missing: 'Web Locks: https, or http://localhost' }
      : 'web-locks',
  'indexed-db': () =>
    isBrowser() && browserDatabases() !== undefined
      ? 'indexed-db'
      : { missing: 'IndexedDB, in a browser' },
}

function whyNoCluster(memory: SharedArrayBuffer | undefined): Missing | undefined {
  if (typeof SharedArrayBuffer === 'undefined') {
    return { missing: `${whyNoSharedMemory}; else use 'realm'` }
  }
  if (memory === undefined) {
    return {
      missing:
        "memory: make it once with createLockMemory(), send it to every worker, and pass it in each to createLocks({ reach: 'cluster', memory }); else use 'realm'",
    }
  }
  if (presenceMaker() !== undefined) return undefined
  return { missing: 'proof of death: Web Locks, IndexedDB, or Node 20.16; none is here' }
}

function insteadOfWebLocks(): Mechanism | Missing {
  if (!isBrowser()) {
    return {
      missing:
        "a browser, for a server process has no origin; use 'realm', or 'cluster' among threads",
    }
  }
  const { isSecureContext } = globalThis
  const origin = String(globalThis.origin)
  // Other agents of this origin do have Web Locks: nothing else would exclude them.
  if (!isSecureContext && !isPlainHttp(origin)) {
    return {
      missing: `Web Locks, which a page of ${origin} lacks only inside of an insecure one: serve all frames around it over https`,
    }
  }
  if (browserDatabases() !== undefined) return 'indexed-db'
  return { missing: "Web Locks (https, or http://localhost) or IndexedDB; else use 'realm'" }
}

/**
 * Whether no page of this origin is a secure context, whatever is around it (W3C Secure Contexts,
 * "Is origin potentially trustworthy?").
 */
function isPlainHttp(origin: string): boolean {
  if (!origin.startsWith('http:')) return false
  return !/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname)
}
