/** Opens the mechanism that carries a reach here. */

import type { Ports } from './carrier'
import { UnsupportedError } from './errors'
import { BlockingCohortPort } from './ports/blocking-cohort'
import { broadcastBus } from './ports/bus'
import { IndexedDbPort } from './ports/indexed-db/indexed-db'
import { MemoryPort } from './ports/memory'
import { MintingCohortPort } from './ports/minting-cohort'
import { NudgingWebLocksPort } from './ports/nudging-web-locks'
import type { Mechanism } from './ports/port'
import { near } from './ports/queue'
import { SharedMemoryPort } from './ports/shared-memory/shared-memory'
import type { Presence } from './presence/presence'
import { presenceMaker } from './presence/presence-here'
import type { Space } from './space'
import { supportOf } from './support'

/** @throws UnsupportedError where nothing reaches as far */
export function openPorts(space: Space): Ports {
  const support = supportOf(space.reach, space.wish)
  if (!support.supported) throw new UnsupportedError(support.reason)
  return openers[support.mechanism](space)
}

const openers: Readonly<Record<Mechanism, (space: Space) => Ports>> = {
  memory({ clock, agent }) {
    const port = new MemoryPort(clock, agent)
    return { bounded: port, strict: port }
  },
  'web-locks'({ clock }) {
    const strict = new NudgingWebLocksPort(navigator.locks, broadcastBus('latchkey'), clock)
    return { strict, bounded: new MintingCohortPort(near(clock), strict, { clock }) }
  },
  'indexed-db'({ clock, wish }) {
    // Whose locks are carried in another way is another lock space, and is not to be asked.
    const bus = wish.mechanism && broadcastBus('latchkey over indexed-db')
    const strict = new IndexedDbPort(bus ? { clock, bus } : { clock })
    return { strict, bounded: new MintingCohortPort(near(clock), strict, { clock }) }
  },
  'shared-memory'({ clock, wish: { memory } }) {
    // `supportOf` has seen to it that there are both.
    const presence = presenceMaker() as () => Presence
    const strict = new SharedMemoryPort(memory as SharedArrayBuffer, { presence, clock })
    return { strict, bounded: new BlockingCohortPort(near(clock), strict, { clock }) }
  },
}
