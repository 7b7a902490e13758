/** Why IndexedDB cannot be used here, and what to do about it. */

import { UnsupportedError } from '../errors'

export function noIndexedDb(error: unknown): UnsupportedError {
  return new UnsupportedError(`${whyNot(error)} (${error})`, { cause: error })
}

function whyNot(error: unknown): string {
  switch (error instanceof DOMException ? error.name : '') {
    case 'VersionError':
      return 'a newer Latchkey has been here: reload the page, so that all agents run one version'
    case 'SecurityError':
    // Firefox's private windows, before version 115.
    case 'InvalidStateError':
      return 'the browser blocks storage here: let the site store data, and give a sandboxed frame its origin'
    case 'QuotaExceededError':
      return 'the storage of this origin is full: free some'
    default:
      return 'IndexedDB cannot be used here'
  }
}
