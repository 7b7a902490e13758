/** A far port that answers when and what a test says, and writes down what it is asked. */

import { noBus } from '../ports/bus'
import type { Answer, LockPort, LossReason, PortRequest, PortSnapshot } from '../ports/port'
import type { VirtualClock } from './virtual-clock'

export class ScriptedPort implements LockPort {
  readonly mechanism = 'web-locks'
  readonly reach = 'origin'
  readonly bus = noBus
  /** `ask shared`, `try exclusive`, `release`, `cancel`: what happened, in its order. */
  journal: string[] = []
  readonly waiting: PortRequest[] = []
  readonly held: PortRequest[] = []
  /** What `acquire` answers; holds and waits are noted accordingly. */
  answers: Answer = 'waiting'
  /** Names that other agents wait for. */
  rivals: string[] = []
  /** What `query` fails with. */
  broken: Error | undefined

  constructor(readonly clock: VirtualClock) {}

  acquire(request: PortRequest): Answer {
    const how = request.ifAvailable ? 'try' : request.steal ? 'steal' : 'ask'
    this.journal.push(`${how} ${request.mode}`)
    if (this.answers === 'granted') this.#hold(request)
    if (this.answers === 'waiting') this.waiting.push(request)
    return this.answers
  }

  release(request: PortRequest): void {
    // A second release of one hold is allowed, and means nothing.
    if (remove(this.held, request)) this.journal.push('release')
  }

  cancel(request: PortRequest): void {
    if (remove(this.waiting, request)) this.journal.push('cancel')
  }

  *live(): Generator<PortRequest> {
    yield* this.held
    yield* this.waiting
  }

  async query(): Promise<PortSnapshot> {
    this.journal.push('query')
    if (this.broken !== undefined) throw this.broken
    const rival = (name: string) => ({ name, mode: 'exclusive', clientId: 'rival' }) as const
    return { held: [], pending: this.rivals.map(rival) }
  }

  async clientId(): Promise<string> {
    return 'me'
  }

  /** Grants what was asked first. */
  grant(): void {
    const request = this.#next()
    this.#hold(request)
    request.granted()
  }

  refuse(): void {
    this.#next().refused()
  }

  fail(error: unknown): void {
    this.#next().failed(error)
  }

  lose(reason: LossReason): void {
    const request = this.held.shift()
    if (request === undefined) throw new Error('nothing is held far')
    request.lost(reason)
  }

  /** What was asked since the last look. */
  look(): string[] {
    return this.journal.splice(0)
  }

  #next(): PortRequest {
    const request = this.waiting.shift()
    if (request === undefined) throw new Error('nothing waits far')
    return request
  }

  #hold(request: PortRequest): void {
    request.grantedAt = this.clock.coarse()
    this.held.push(request)
  }
}

function remove(list: PortRequest[], request: PortRequest): boolean {
  const at = list.indexOf(request)
  if (at >= 0) list.splice(at, 1)
  return at >= 0
}
