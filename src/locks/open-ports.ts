/** Opens the mechanism that carries a reach here. */

import { UnsupportedError } from './errors'
import { BlockingCohortPort } from './ports/blocking-cohort'
import { broadcastBus } from './ports/bus'
import { cohort } from './ports/cohort'
import { openIndexedDb } from './ports/indexed-db/indexed-db'
import { MemoryPort } from './ports/memory'
import { openSharedMemory } from './ports/shared-memory/shared-memory'
import { WebLocksPort } from './ports/web-locks'
import type { Ports, Space } from './space'
import { supportOf } from './support'

/** @throws UnsupportedError where nothing reaches as far */
export function openPorts({ reach, memory, clock, agent }: Space): Ports {
  const support = supportOf(reach, memory)
  if (!support.supported) throw new UnsupportedError(support.reason)
  const near = new MemoryPort(clock, agent)
}
