/**
 * Agents of one origin in one process that can stand still, as frozen pages and hung ones do: their
 * timers, messages and the browser's answers wait until they go on. The locks are the browser's: a
 * request is granted and a hold is taken whether its agent stands still or not.
 */

import type { Clock } from '../clock'
import { Locks } from '../create-locks'
import type { Bus } from '../ports/bus'
import { MemoryPort } from '../ports/memory'
import type { Answer, LockPort, LossReason, PortRequest, PortSnapshot } from '../ports/port'
import { Space } from '../space'
import { microtasks, VirtualClock } from './virtual-clock'

export class SleepyOrigin {
  readonly clock = new VirtualClock()
  /** What the wall clock is set forward by, in ms. */
  shift = 0
  readonly browser = new MemoryPort(this.clock, 'browser')
  readonly agents: SleepyAgent[] = []
  /** Every steal that the browser has carried out, by name. */
  readonly steals: string[] = []
  readonly owners = new Map<PortRequest, SleepyAgent>()

  open(): SleepyAgent {
    const agent = new SleepyAgent(this, `agent ${this.agents.length}`)
    this.agents.push(agent)
    return agent
  }

  /** Until nothing moves any more that may. Time stands still. */
  async settle(): Promise<void> {
    do await microtasks()
    while (await this.step())
  }

  /** One agent hears one thing. @param choose the index of one of so many agents */
  async step(choose: (count: number) => number = () => 0): Promise<boolean> {
    const able = this.agents.filter((agent) => agent.canMove)
    if (able.length === 0) return false
    able[choose(able.length)]?.move()
    await microtasks()
    return true
  }

  /** Time passes, in steps no longer than this. */
  async advance(ms: number, step = 50): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      this.clock.advance(Math.min(step, left))
      await this.settle()
    }
  }

  snapshot(): PortSnapshot {
    const held: PortSnapshot['held'][number][] = []
    const pending: typeof held = []
    for (const request of this.browser.live()) {
      const { name, mode } = request
      const clientId = this.owners.get(request)?.name ?? ''
      const list = request.grantedAt < 0 ? pending : held
      list.push({ name, mode, clientId })
    }
    return { held, pending }
  }
}

export class SleepyAgent {
  readonly locks: Locks
  readonly space: Space
  readonly port: SleepyPort
  readonly clock: Clock
  isAsleep = false
  isDead = false
  readonly #inbox: (() => void)[] = []
  readonly ears = new Set<(message: unknown) => void>()

  constructor(
    readonly origin: SleepyOrigin,
    readonly name: string,
  ) {
    const { clock } = origin
    this.clock = {
      now: () => clock.now(),
      coarse: () => clock.coarse() + origin.shift,
      after: (delay, callback) => {
        let stopped = false
        const stop = clock.after(delay, () => this.deliver(() => stopped || callback()))
        return () => {
          stopped = true
          stop()
        }
      },
      soon: (callback) => this.deliver(callback),
    }
    const bus: Bus = {
      post: (message) => {
        const copy = structuredClone(message)
        for (const other of origin.agents) {
          if (other === this) continue
          other.deliver(() => {
            for (const ear of [...other.ears]) ear(copy)
          })
        }
      },
      listen: (listener) => {
        const ear = (message: unknown) => listener(message)
        this.ears.add(ear)
        return () => this.ears.delete(ear)
      },
    }
    this.port = new SleepyPort(this, bus)
    this.space = new Space('origin', () => ({ bounded: this.port, strict: this.port }), this.clock)
    this.locks = new Locks(this.space)
  }

  get canMove(): boolean {
    return !this.isAsleep && this.#inbox.length > 0
  }

  deliver(event: () => void): void {
    if (!this.isDead) this.#inbox.push(event)
  }

  move(): void {
    this.#inbox.shift()?.()
  }

  sleep(): void {
    this.isAsleep = true
  }

  wake(): void {
    this.isAsleep = false
  }

  /** The browser takes back what it had. */
  die(): void {
    this.isDead = true
    this.isAsleep = true
    this.#inbox.length = 0
    this.port.abandon()
  }
}

/** As the browser sees it. */
class BrowserRequest implements PortRequest {
  readonly name
  readonly mode
  readonly ifAvailable
  readonly steal: boolean
  slot: unknown = undefined
  grantedAt = -1
  /** The agent wants nothing of it any more. */
  over = false

  constructor(
    readonly port: SleepyPort,
    readonly request: PortRequest,
  ) {
    this.name = request.name
    this.mode = request.mode
    this.ifAvailable = request.ifAvailable
    this.steal = request.steal ?? false
  }
  granted(): void {
    this.port.hear(this, () => {
      this.request.grantedAt = this.port.agent.clock.coarse()
      this.request.granted()
    })
  }
  refused(): void {
    this.port.end(this, () => this.request.refused())
  }
  failed(): void {}
  lost(reason: LossReason): void {
    this.port.end(this, () => this.request.lost(reason))
  }
  describe(): undefined {}
}

class SleepyPort implements LockPort {
  readonly reach = 'origin'
  readonly #requests = new Map<PortRequest, BrowserRequest>()

  constructor(
    readonly agent: SleepyAgent,
    readonly bus: Bus,
  ) {}

  acquire(request: PortRequest): Answer {
    const { browser, owners, steals } = this.agent.origin
    const asked = new BrowserRequest(this, request)
    this.#requests.set(request, asked)
    owners.set(asked, this.agent)
    if (asked.steal) steals.push(asked.name)
    const answer = browser.acquire(asked)
    if (answer === 'granted') asked.granted()
    if (answer === 'refused') asked.refused()
    return 'waiting'
  }

  hear(asked: BrowserRequest, tell: () => void): void {
    this.agent.deliver(() => asked.over || tell())
  }

  end(asked: BrowserRequest, tell: () => void): void {
    this.hear(asked, () => {
      this.#forget(asked)
      tell()
    })
  }

  release(request: PortRequest): void {
    if (request.grantedAt >= 0) this.#drop(request)
  }

  cancel(request: PortRequest): void {
    if (request.grantedAt < 0) this.#drop(request)
  }

  live(): Iterable<PortRequest> {
    return [...this.#requests.keys()]
  }

  query(): Promise<PortSnapshot> {
    const seen = this.agent.origin.snapshot()
    return new Promise((resolve) => this.agent.deliver(() => resolve(seen)))
  }

  mint(request: PortRequest, count: number, floor: number): Promise<number | undefined> {
    const asked = this.#requests.get(request)
    const minted = asked && this.agent.origin.browser.mint(asked, count, floor)
    return new Promise((resolve) => this.agent.deliver(() => resolve(minted)))
  }

  abandon(): void {
    for (const request of [...this.#requests.keys()]) this.#drop(request)
  }

  /** Also what was granted while its agent has not heard of it. */
  #drop(request: PortRequest): void {
    const asked = this.#requests.get(request)
    if (asked === undefined) return
    const { browser } = this.agent.origin
    this.#forget(asked)
    browser.cancel(asked)
    browser.release(asked)
  }

  #forget(asked: BrowserRequest): void {
    asked.over = true
    this.#requests.delete(asked.request)
  }
}
