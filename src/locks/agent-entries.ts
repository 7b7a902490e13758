/** What this agent holds and waits for. */

import type { RequestInfo } from './ports/port'
import type { Space } from './space'

/** What its requests say of themselves; of each port, holders come first. */
export function* agentEntries(space: Space): Generator<RequestInfo> {
  const { bounded, strict } = space.ports
  for (const port of new Set([bounded, strict])) {
    for (const request of port.live()) {
      const info = request.describe()
      if (info !== undefined) yield info
    }
  }
}
