/**
 * A port that blocks on a virtual clock: while a thread is blocked, time passes and the timers of
 * the others are called. The other agents' locks are those of `others`, a port over the same
 * memory.
 */

import { UnsupportedError } from '../errors'
import { MemoryPort } from '../ports/memory'
import type {
  Answer,
  BlockingPort,
  LockPort,
  PortRequest,
  PortSnapshot,
  RequestInfo,
} from '../ports/port'
import type { VirtualClock } from './virtual-clock'

/** A request as `far` sees it: what it hears while the thread is blocked is kept for later. */
class Blocked implements PortRequest {
  slot: unknown = undefined
  grantedAt = -1
  isLost = false
  readonly name
  readonly mode
  readonly ifAvailable = false

  constructor(readonly outer: PortRequest) {
    this.name = outer.name
    this.mode = outer.mode
  }
  granted(): void {}
  refused(): void {}
  failed(): void {}
  lost(): void {
    this.isLost = true
  }
  describe(): RequestInfo | undefined {
    return this.outer.describe()
  }
}

export class BlockingTestPort implements BlockingPort {
  readonly reach = 'cluster'
  readonly #memory: MemoryPort
  readonly others: LockPort
  /** Set by a test: the next blocking grant is what a dead agent left. */
  leftByTheDead = false
  /** Set by a test: why this thread must not block. */
  refusal: string | undefined

  constructor(readonly clock: VirtualClock) {
    this.#memory = new MemoryPort(clock, 'agent 1')
    this.others = this.#memory
  }

  get bus() {
    return this.#memory.bus
  }

  acquireBlocking(outer: PortRequest, timeout: number): boolean {
    if (this.refusal !== undefined) throw new UnsupportedError(this.refusal)
    const request = new Blocked(outer)
    const end = this.clock.now() + timeout
    let granted = this.#memory.acquire(request) === 'granted'
    while (!granted && this.clock.now() < end) {
      this.clock.advance(1)
      granted = request.grantedAt >= 0
    }
    if (!granted) {
      this.#memory.cancel(request)
      return false
    }
    outer.slot = request
    outer.grantedAt = this.clock.coarse()
    if (this.leftByTheDead) outer.abandoned = true
    return true
  }

  stillHolds(request: PortRequest): boolean {
    const { slot } = request
    if (slot instanceof Blocked && !slot.isLost) return true
    request.lost('stolen')
    return false
  }

  snapshot(): PortSnapshot {
    const held = [...this.#memory.live()].filter(({ grantedAt }) => grantedAt >= 0)
    const pending = [...this.#memory.live()].filter(({ grantedAt }) => grantedAt < 0)
    const info = ({ name, mode }: PortRequest) => ({ name, mode, clientId: this.#memory.agent })
    return { held: held.map(info), pending: pending.map(info) }
  }

  acquire(request: PortRequest): Answer {
    return this.#memory.acquire(request)
  }

  release(request: PortRequest): void {
    this.#memory.release(request.slot instanceof Blocked ? request.slot : request)
  }

  cancel(request: PortRequest): void {
    this.#memory.cancel(request)
  }

  live() {
    return this.#memory.live()
  }

  query(): Promise<PortSnapshot> {
    return this.#memory.query()
  }
}
