/**
 * A cohort over a mechanism that can block. Who blocks goes far by himself: the near queue moves on
 * only in turns of the event loop, for which a blocked thread has no time.
 */

import { MintingCohortPort } from './minting-cohort'
import type { BlockedWatch, BlockingPort, PortRequest, PortSnapshot } from './port'

export class BlockingCohortPort extends MintingCohortPort implements BlockingPort {
  declare readonly far: BlockingPort

  acquireBlocking(request: PortRequest, timeout: number, watch?: BlockedWatch): boolean {
    // A far hold that lingers here would be in our own way; of another name, in that of others, for
    // as long as the thread is blocked.
    if (this.names.size > 0) this.dropIdle()
    return this.far.acquireBlocking(request, timeout, watch)
  }

  stillHolds(request: PortRequest): boolean {
    return this.far.stillHolds(request)
  }

  snapshot(): PortSnapshot {
    return this.far.snapshot()
  }
}
