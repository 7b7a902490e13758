/**
 * Queues in the memory of one agent: exact FIFO, granted synchronously, nothing kept for a name
 * that nobody holds, waits for or has opened. What `memory` is made of, and the near side of a
 * cohort.
 */

import { type Clock, systemClock } from '../clock'
import type { Answer, NearPort, NearQueue, PortRequest } from './port'

/** A ring of places, so that leaving from the middle costs nothing: the queue itself is its seam. */
interface Link {
  before: Link
  after: Link
}

/** Somebody who waits. */
export class Place implements Link {
  before: Link
  after: Link

  /** At the end of the queue. */
  constructor(
    readonly queue: Queue,
    readonly request: PortRequest,
  ) {
    this.before = queue.before
    this.after = queue
    this.before.after = this
    queue.before = this
    request.slot = this
  }

  leave(): void {
    this.request.slot = undefined
    this.before.after = this.after
    this.after.before = this.before
  }
}

/** One name: either one exclusive holder or any number of shared ones, and who waits. */
export class Queue implements NearQueue, Link {
  before: Link = this
  after: Link = this
  exclusive: PortRequest | undefined
  shared: Set<PortRequest> | undefined
  /** Kept in the port though idle, by whoever opened it. */
  open = false

  constructor(
    readonly name: string,
    readonly port: MemoryQueues,
  ) {}

  get idle(): boolean {
    return this.after === this && this.exclusive === undefined && !this.shared?.size
  }

  acquire(request: PortRequest): Answer {
    if (this.after === this && this.#admits(request)) {
      this.hold(request)
      return 'granted'
    }
    if (request.ifAvailable) return 'refused'
    new Place(this, request)
    return 'waiting'
  }

  release(request: PortRequest): void {
    if (request.slot !== this) return
    request.slot = undefined
    if (this.exclusive === request) this.exclusive = undefined
    else this.shared?.delete(request)
    this.#advance()
  }

  cancel(request: PortRequest): void {
    if (!(request.slot instanceof Place)) return
    request.slot.leave()
    this.#advance()
  }

  close(): void {
    this.open = false
    this.#advance()
  }

  *live(): Generator<PortRequest> {
    if (this.exclusive !== undefined) yield this.exclusive
    if (this.shared !== undefined) yield* this.shared
    for (let place = this.after; place instanceof Place; place = place.after) yield place.request
  }

  hold(request: PortRequest): void {
    if (request.mode === 'exclusive') {
      this.exclusive = request
    } else {
      this.shared ??= new Set()
      this.shared.add(request)
    }
    request.slot = this
    request.grantedAt = this.port.clock.coarse()
  }

  #admits({ mode }: PortRequest): boolean {
    return this.exclusive === undefined && (mode === 'shared' || !this.shared?.size)
  }

  /**
   * Grants from the head of the queue for as long as the next one fits; else is forgotten, if it
   * is idle. Not after a grant: whoever was granted may have come back by then, in a new queue.
   */
  #advance(): void {
    if (this.idle) {
      if (!this.open) this.port.queues.delete(this.name)
      return
    }
    for (let place = this.after; place instanceof Place; place = this.after) {
      if (!this.#admits(place.request)) return
      place.leave()
      this.hold(place.request)
      place.request.granted()
    }
  }
}

export class MemoryQueues implements NearPort {
  readonly reach = 'realm'
  readonly queues = new Map<string, Queue>()

  constructor(readonly clock: Clock = systemClock) {}

  open(name: string): NearQueue {
    const queue = this.queue(name)
    queue.open = true
    return queue
  }

  *live(): Generator<PortRequest> {
    for (const queue of this.queues.values()) yield* queue.live()
  }

  protected queue(name: string): Queue {
    let queue = this.queues.get(name)
    if (queue === undefined) {
      queue = new Queue(name, this)
      this.queues.set(name, queue)
    }
    return queue
  }
}
