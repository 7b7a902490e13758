/** Locks in the memory of one agent, with nothing kept for idle names. Reach `realm`. */

import { type Clock, systemClock } from '../clock'
import { firstAfter } from '../fence-numbers'
import { noBus } from './bus'
import type {
  Answer,
  LockPort,
  NearPort,
  NearQueue,
  PortLockInfo,
  PortRequest,
  PortSnapshot,
} from './port'
import { Place, Queue } from './queue'

export class MemoryPort implements LockPort, NearPort {
  readonly reach = 'realm'
  readonly bus = noBus
  readonly queues = new Map<string, Queue>()
  /** Of all names: nothing is kept for one. */
  #lastFence = 0

  /** @param agent what snapshots call this agent. */
  constructor(
    readonly clock: Clock = systemClock,
    readonly agent = '',
  ) {}

  open(): NearQueue {
    return new Queue(this.clock)
  }

  acquire(request: PortRequest): Answer {
    let queue = this.queues.get(request.name)
    if (queue === undefined) {
      queue = new Queue(this.clock)
      this.queues.set(request.name, queue)
    }
    if (request.steal) {
      steal(queue, request)
      return 'granted'
    }
    return queue.acquire(request)
  }

  release(request: PortRequest): void {
    const { slot } = request
    if (!(slot instanceof Queue)) return
    slot.release(request)
    this.#tidy(request, slot)
  }

  cancel(request: PortRequest): void {
    const { slot } = request
    if (!(slot instanceof Place)) return
    slot.queue.cancel(request)
    this.#tidy(request, slot.queue)
  }

  *live(): Generator<PortRequest> {
    for (const queue of this.queues.values()) yield* queue.live()
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

  mint({ slot }: PortRequest, count: number, floor: number): number | undefined {
    if (!(slot instanceof Queue)) return undefined
    const first = firstAfter(this.#lastFence, floor, count)
    this.#lastFence = first + count - 1
    return first
  }

  /** Whoever was granted meanwhile may have forgotten this queue, and begun another one. */
  #tidy({ name }: PortRequest, queue: Queue): void {
    if (queue.idle && this.queues.get(name) === queue) this.queues.delete(name)
  }
}

/** The robbed hear of it last: they may ask again at once. */
function steal(queue: Queue, thief: PortRequest): void {
  const robbed = queue.exclusive === undefined ? [...(queue.shared ?? [])] : [queue.exclusive]
  queue.exclusive = undefined
  queue.shared = undefined
  queue.hold(thief)
  for (const holder of robbed) holder.slot = undefined
  for (const holder of robbed) holder.lost('stolen')
}
