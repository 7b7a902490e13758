/** Opens the mechanism that carries a reach here. */

import { UnsupportedError } from './errors'
import { BlockingCohortPort } from './ports/blocking-cohort'
import { broadcastBus } from './ports/bus'
import { cohort } from './ports/cohort'
import { IndexedDbPort } from './ports/indexed-db/indexed-db'
import { MemoryPort } from './ports/memory'
import type { LockPort } from './ports/port'
import { SharedMemoryPort } from './ports/shared-memory/shared-memory'
import { WebLocksPort } from './ports/web-locks'
import { presenceHere } from './presence/presence-here'
import type { Ports, Space } from './space'
import { supportOf } from './support'

/** @throws UnsupportedError where nothing reaches as far */
export function openPorts(space: Space, memory?: SharedArrayBuffer): Ports {
  const support = supportOf(space.reach, memory)
  if (!support.supported) throw new UnsupportedError(support.reason)
  const near = new MemoryPort(space.clock, space.agent)
