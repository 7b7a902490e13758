/**
 * One acquisition from its request to its end: the request that a port sees, and the hold that
 * the user gets, in one object, because making objects is most of what locking costs.
 *
 * What only some users want of it (tasks, events, explanations) is in `task-hold.ts`.
 */

import type { Fairness, WaitOptions } from './arguments'
import type { Site } from './call-site'
import type { Carrier, Owner } from './carrier'
import { ensureDisposalSymbols } from './disposal'
import { LockLostError, NotHeldError, TimeoutError } from './errors'
import type { LockEventType, LockMode } from './events'
import type { PlainHold } from './hold'
import { noCopy } from './no-copy'
import type { Answer, LockPort, LossReason, PortRequest, RequestInfo } from './ports/port'
import { show } from './show'

/** What only some acquisitions need, made when they do. */
export interface More {
  /** What a writer has to pass before the lock itself. */
  gate?: PortRequest | undefined
  /** What becomes of it if it cannot be had at once, if that is no refusal. */
  refusal?: 'timeout'
  /** Ends the wait: with a promise that rejects if it failed. */
  settle?: (rejection?: Promise<never>) => void
  loss?: LockLostError
  controller?: AbortController
  id?: string
  site?: Site | undefined
  waitsSince?: number
  /** What the event of its end says besides. */
  details?: object
}

/** The lock's side of an acquisition: what all its acquisitions have in common. */
export interface Way {
  readonly carrier: Carrier
  readonly port: LockPort
  readonly name: string
  readonly fair: Fairness
  readonly mode: LockMode
}

/** Of further reasons whoever knows them speaks: see `lost`. */
const lossWords: Partial<Record<LossReason, string>> = {
  stolen: 'stolen: somebody else may hold it',
  gone: 'lost: what carried it went away',
}

ensureDisposalSymbols()

export class Acquisition implements PortRequest, PlainHold {
  /** First, so that structured cloning meets it before anything else. */
  readonly noCopy = noCopy
  readonly way: Way
  /** On whose behalf; anonymous ones get theirs when somebody wants to know. */
  #owner: Owner | undefined
  slot: unknown = undefined
  grantedAt = -1
  ifAvailable = false
  /** What happened to it last: it waits from its request on, and is held from its grant on. */
  state: LockEventType = 'request'
  #more: More | undefined

  constructor(way: Way, owner: Owner | undefined) {
    this.way = way
    this.#owner = owner
  }

  get name(): string {
    return this.way.name
  }

  get mode(): LockMode {
    return this.way.mode
  }

  get isWaiting(): boolean {
    return this.state === 'request'
  }

  get isHeld(): boolean {
    return this.state === 'grant'
  }

  get owner(): Owner {
    if (this.#owner === undefined) {
      this.#owner = this.way.carrier.newOwner()
      this.#keepCount()
    }
    return this.#owner
  }

  get signal(): AbortSignal {
    const { more } = this
    more.controller ??= new AbortController()
    if (more.loss !== undefined) more.controller.abort(more.loss)
    return more.controller.signal
  }

  get more(): More {
    this.#more ??= {}
    return this.#more
  }

  /** Asks the port. Afterwards it is held, refused or waiting. */
  ask(): void {
    // Found before anything is told: where nothing reaches far enough, nothing was asked.
    const { port } = this.way
    this.tell('request')
    const gate = this.#more?.gate
    const answer = gate ? port.acquire(gate) : 'granted'
    this.hear(answer === 'granted' ? port.acquire(this) : answer)
  }

  /** What it had to pass is passed after a wait: the lock itself is next. */
  passedGate(): void {
    if (this.isWaiting) this.hear(this.way.port.acquire(this))
    else this.#leave()
  }

  protected hear(answer: Answer): void {
    if (answer === 'granted') this.granted()
    else if (answer === 'refused') this.refused()
  }

  /** Waits for what `ask` did not answer: until it is held, or a try was refused. */
  wait({ timeout = Number.POSITIVE_INFINITY, signal }: WaitOptions = {}): Promise<void> {
    return new Promise((resolve) => {
      const abort = () => this.cancel('abort', () => Promise.reject(signal?.reason))
      const expire = () => this.cancel('timeout', () => this.timedOut(timeout))
      // One that does not wait at all is answered by the port.
      const bounded = timeout > 0 && timeout < Number.POSITIVE_INFINITY
      const stopTimer = bounded ? this.way.carrier.clock.after(timeout, expire) : undefined
      signal?.addEventListener('abort', abort)
      this.more.settle = (rejection) => {
        signal?.removeEventListener('abort', abort)
        stopTimer?.()
        resolve(rejection)
      }
      // Whoever listened to the request may have thought better of it.
      if (signal?.aborted) abort()
    })
  }

  granted(): void {
    if (this.isWaiting) {
      this.become('grant')
      this.#settle()
    } else if (!this.isHeld) {
      // A listener let others go on while it gave up: it has no use for its turn any more.
      this.#leave()
    }
  }

  refused(): void {
    this.#fail(this.#more?.refusal ?? 'refuse')
  }

  failed(error: unknown): void {
    this.#fail('abort', () => Promise.reject(error))
  }

  lost(reason: LossReason): void {
    if (!this.isHeld) return
    const { more } = this
    more.loss ??= new LockLostError(`${show(this.name)} was ${lossWords[reason]}`)
    this.become('lost', reason)
    more.controller?.abort(more.loss)
    this.#leave()
  }

  describe(): RequestInfo | undefined {
    return undefined
  }

  release(): void {
    if (this.state === 'release') {
      throw new NotHeldError(`${show(this.name)} was released before: this hold has ended`)
    }
    this.end()
  }

  /** Releases if there is anything to release. */
  end(): void {
    if (!this.isHeld) return
    // Before the lock goes on, so that a release is told before the grants it causes.
    this.become('release')
    this.#leave()
  }

  /** Ends a `run`, whose callback may have thrown. @throws LockLostError if it was lost */
  close(thrown?: unknown): void {
    this.end()
    const loss = this.#more?.loss
    if (loss === undefined) return
    // What was thrown may be the loss itself, as `hold.signal.throwIfAborted()` does.
    if (thrown !== undefined && thrown !== loss) loss.cause = thrown
    throw loss
  }

  /** What its task hears that asks for the lock again. */
  get reentry(): string {
    return `the task that holds ${this} would wait for itself`
  }

  /** Rejects with the error of a wait that gave up. Nobody is asked who stands in the way. */
  async timedOut(timeout: number): Promise<never> {
    throw new TimeoutError(`timed out after ${timeout} ms waiting for ${this}`, {
      holders: [],
      waiters: [],
      unknownHolders: 1,
      unknownWaiters: 0,
    })
  }

  toString(): string {
    return `${show(this.name)} (${this.mode})`
  }

  [Symbol.dispose](): void {
    this.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
  }

  /** Something happened to it. Nobody listens here. */
  tell(_what: LockEventType, _reason?: LossReason): void {}

  become(state: LockEventType, reason?: LossReason): void {
    this.state = state
    this.#keepCount()
    this.tell(state, reason)
  }

  /** Go's order: the lock first, for readers, then the gate for the next writer. */
  #leave(): void {
    const { port } = this.way
    port.release(this)
    const gate = this.#more?.gate
    if (gate) port.release(gate)
  }

  #keepCount(): void {
    if (this.isHeld) this.#owner?.holds.add(this)
    else this.#owner?.holds.delete(this)
  }

  #settle(rejection?: Promise<never>): void {
    this.#more?.settle?.(rejection)
  }

  /** Ends the wait. Why is asked before others move up: they did not stand in the way. */
  #fail(how: LockEventType, reject?: () => Promise<never>): void {
    if (!this.isWaiting) return
    this.become(how)
    const rejection = reject?.()
    this.#leave()
    this.#settle(rejection)
  }

  /** Ends the wait and leaves the queue. */
  cancel(how: LockEventType, reject: () => Promise<never>): void {
    this.#fail(how, () => {
      const { port } = this.way
      const rejection = reject()
      port.cancel(this)
      const gate = this.#more?.gate
      if (gate) port.cancel(gate)
      return rejection
    })
  }
}
