import type { Mechanism } from '../../../locks'

/** What carries a lock, as people know it. */
export const mechanismNames: Readonly<Record<Mechanism, string>> = {
  memory: 'memory',
  'shared-memory': 'shared memory',
  'web-locks': 'Web Locks',
  'indexed-db': 'IndexedDB',
}
