/** Locks in the memory of one agent. Reach `realm`. */

import type { Clock } from '../clock'
import { noBus } from './bus'
import { MemoryQueues, Place, Queue } from './memory-queues'
import type { Answer, LockPort, PortLockInfo, PortRequest, PortSnapshot } from './port'

export class MemoryPort extends MemoryQueues implements LockPort {
  readonly bus = noBus

  /** @param agent what snapshots call this agent. */
  constructor(
    clock?: Clock,
    readonly agent = '',
  ) {
    super(clock)
  }

  acquire(request: PortRequest): Answer {
    const queue = this.queue(request.name)
    if (!request.steal) return queue.acquire(request)
    // The robbed hear of it last: they may ask again at once.
    const robbed = queue.exclusive === undefined ? [...(queue.shared ?? [])] : [queue.exclusive]
    queue.exclusive = undefined
    queue.shared = undefined
    queue.hold(request)
    for (const holder of robbed) holder.slot = undefined
    for (const holder of robbed) holder.lost('stolen')
    return 'granted'
  }

  release(request: PortRequest): void {
    if (request.slot instanceof Queue) request.slot.release(request)
  }

  cancel(request: PortRequest): void {
    if (request.slot instanceof Place) request.slot.queue.cancel(request)
  }

  async query(): Promise<PortSnapshot> {
    const held: PortLockInfo[] = []
    const pending: PortLockInfo[] = []
    for (const { name, mode, slot } of this.live()) {
      const list = slot instanceof Queue ? held : pending
      list.push({ name, mode, clientId: this.agent })
    }
    return { held, pending }
  }
}
