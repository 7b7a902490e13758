/** The four locks, and how the page calls them. */

import type { PolicyId } from '../scenario/scenario'
import type { Algorithm, Line } from './algorithm'
import { goRwmutex } from './algorithms/go-rwmutex'
import { readersFirst } from './algorithms/readers-first'
import { webLocksFifo } from './algorithms/web-locks-fifo'
import { writersFirst } from './algorithms/writers-first'
import type { Listing, ListingLine, OperationId, PolicyInfo } from './types'

export const algorithms: Readonly<Record<PolicyId, Algorithm>> = {
  go: goRwmutex,
  'web-locks': webLocksFifo,
  'readers-first': readersFirst,
  'writers-first': writersFirst,
}

export const policies: Readonly<Record<PolicyId, PolicyInfo>> = {
  go: infoOf(algorithms.go),
  'web-locks': infoOf(algorithms['web-locks']),
  'readers-first': infoOf(algorithms['readers-first']),
  'writers-first': infoOf(algorithms['writers-first']),
}

/** The page's part of an algorithm: the lines without what runs them. */
function infoOf({ id, title, about, referenceTitle, operations }: Algorithm): PolicyInfo {
  const listing = (operation: OperationId): Listing => ({
    operation,
    lines: operations[operation].map(shownLine),
  })
  return {
    id,
    title,
    about,
    ...(referenceTitle !== undefined && { referenceTitle }),
    listings: {
      RLock: listing('RLock'),
      RUnlock: listing('RUnlock'),
      Lock: listing('Lock'),
      Unlock: listing('Unlock'),
      TryRLock: listing('TryRLock'),
      TryLock: listing('TryLock'),
    },
  }
}

function shownLine({ text, note, indent, reference, local }: Line<unknown>): ListingLine {
  return {
    text,
    indent,
    local,
    ...(note !== undefined && { note }),
    ...(reference !== undefined && { reference }),
  }
}
