/**
 * The queue of one name in the memory of one agent: exact FIFO, granted synchronously. `memory` has
 * one for each name, and so has the near side of a cohort.
 */

import type { Clock } from '../clock'
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

  constructor(readonly clock: Clock) {}

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
    request.grantedAt = this.clock.coarse()
  }

  #admits({ mode }: PortRequest): boolean {
    return this.exclusive === undefined && (mode === 'shared' || !this.shared?.size)
  }

  /** Grants from the head of the queue for as long as the next one fits. */
  #advance(): void {
    for (let place = this.after; place instanceof Place; place = this.after) {
      if (!this.#admits(place.request)) return
      place.leave()
      this.hold(place.request)
      place.request.granted()
    }
  }
}

/** The near side of a cohort. */
export function near(clock: Clock): NearPort {
  return { reach: 'realm', open: () => new Queue(clock) }
}
