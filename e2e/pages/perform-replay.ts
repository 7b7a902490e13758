/**
 * Whether the lock was right, whatever the machine did: the requests and releases of a real run,
 * in the order in which they really happened, are given to the same lock in memory (which is held
 * to Go's recorded runs elsewhere). Nobody may have been let in for real before the lock in
 * memory lets him in.
 */

import { createLocks, type Hold, type LockEvent, type RWPolicy } from '../../src/locks'

const locks = createLocks({ reach: 'realm' })
let count = 0

/** A sentence for each grant that came before its turn, and for everybody who never got in. */
export async function replay(
  events: readonly LockEvent[],
  policy: RWPolicy,
): Promise<readonly string[]> {
  const lock = locks.rwLock(`replay ${count++}`, { policy })
  const holds = new Map<string, Hold>()
  const inside = new Set<string>()
  const wrong: string[] = []
  for (const { type, mode, request, task, time } of events) {
    if (type === 'request') {
      const asked = mode === 'shared' ? lock.acquireRead() : lock.acquireWrite()
      asked.then((hold) => holds.set(request, hold))
    } else if (type === 'grant') {
      inside.add(request)
      if (!holds.has(request)) wrong.push(`${task} was let in before its turn, at ${time}`)
    } else if (type === 'release') {
      inside.delete(request)
      holds.get(request)?.release()
    } else {
      wrong.push(`${task}: ${type} at ${time}`)
    }
    // Whoever can be let in now, is.
    await new Promise((resolve) => setTimeout(resolve))
  }
  for (const request of inside) wrong.push(`${request} never left`)
  return wrong
}
