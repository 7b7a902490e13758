/** What this agent holds and waits for. */

import type { LockPort, RequestInfo } from './ports/port'
import type { Space } from './space'

/** What its requests say of themselves; of each port, holders come first. */
export function* agentEntries(space: Space): Generator<RequestInfo> {
  const { ports, semaphores } = space
  const all: readonly LockPort[] = [ports.bounded, ports.strict, ...Object.values(semaphores ?? {})]
  for (const port of new Set(all)) {
    for (const request of port.live()) {
      const info = request.describe()
      if (info !== undefined) yield info
    }
  }
}
