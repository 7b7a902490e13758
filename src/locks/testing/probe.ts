/** A bare request to a port that writes down what it hears. */

import type { LockMode } from '../events'
import type { Answer, LockPort, LossReason, PortRequest, RequestInfo } from '../ports/port'

export type ProbeState = 'new' | 'waiting' | 'held' | 'refused' | 'failed' | 'lost' | 'over'

export interface ProbeOptions {
  readonly name?: string
  readonly mode?: LockMode
  readonly ifAvailable?: boolean
  readonly steal?: boolean
  /** Called with whatever the probe hears, in the middle of the port's work. */
  readonly hears?: (what: string, probe: Probe) => void
}

export class Probe implements PortRequest {
  slot: unknown = undefined
  grantedAt = -1
  abandoned?: boolean
  readonly name: string
  readonly mode: LockMode
  readonly ifAvailable: boolean
  readonly steal: boolean
  state: ProbeState = 'new'
  /** Told out of turn: twice, or after the end. */
  readonly mistakes: string[] = []
  error: unknown
  reason: LossReason | undefined
  readonly #hears: ((what: string, probe: Probe) => void) | undefined

  constructor(
    readonly port: LockPort,
    readonly id: string,
    { name = 'a', mode = 'exclusive', ifAvailable = false, steal = false, hears }: ProbeOptions,
  ) {
    this.name = name
    this.mode = mode
    this.ifAvailable = ifAvailable
    this.steal = steal
    this.#hears = hears
  }

  ask(): Answer {
    const answer = this.port.acquire(this)
    if (this.state !== 'new') this.mistakes.push(`${this.state} was told inside acquire`)
    this.state = answer === 'granted' ? 'held' : answer
    if (answer !== 'waiting') this.#hears?.(answer, this)
    return answer
  }

  /** Whatever the request is: withdraws, gives back or leaves alone. */
  end(): void {
    if (this.state === 'waiting') this.cancel()
    else if (this.state === 'held') this.release()
  }

  release(): void {
    this.state = 'over'
    this.port.release(this)
  }

  cancel(): void {
    this.state = 'over'
    this.port.cancel(this)
  }

  granted(): void {
    this.#told('granted', 'waiting', 'held')
  }
  refused(): void {
    this.#told('refused', 'waiting', 'refused')
  }
  failed(error: unknown): void {
    this.error = error
    this.#told('failed', 'waiting', 'failed')
  }
  lost(reason: LossReason): void {
    this.reason = reason
    // Given back by its user between the theft and this word of it.
    if (this.state !== 'over') this.#told('lost', 'held', 'lost')
  }

  describe(): RequestInfo {
    const held = this.state === 'held'
    return { name: this.name, mode: this.mode, held, task: this.id, since: 0, site: undefined }
  }

  #told(what: string, from: ProbeState, to: ProbeState): void {
    if (this.state !== from) this.mistakes.push(`${what} while ${this.state}`)
    this.state = to
    this.#hears?.(what, this)
  }
}
