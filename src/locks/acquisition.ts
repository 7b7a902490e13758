/**
 * One acquisition from its request to its end: the request that a port sees, and the hold that
 * the user gets, in one object, because making objects is most of what locking costs.
 */

import type { AllCallback, LockRequest } from './all'
import type { WaitOptions } from './arguments'
import { blockingPort, blockingTimeout } from './blocking'
import { callSite, type Site } from './call-site'
import { ensureDisposalSymbols } from './disposal'
import { LockLostError, NotHeldError } from './errors'
import type { LockEventType, LockMode } from './events'
import type { Hold } from './hold'
import type { KeyedMutex } from './keyed-mutex'
import type { LockOptions, Mutex } from './mutex'
import { noCopy } from './no-copy'
import type {
  Answer,
  BlockingPort,
  LockPort,
  LossReason,
  PortRequest,
  RequestInfo,
} from './ports/port'
import { explainTimeout } from './questions'
import type { RWLock, RWLockOptions } from './rw-lock'
import { show } from './show'
import type { EventDetail, Space, TaskRecord } from './space'

/** What only some acquisitions need, made when they do. */
interface More {
  wait?: Wait | undefined
  loss?: LockLostError
  controller?: AbortController
  id?: string
  site?: Site | undefined
}

/** What only a waiting acquisition needs. */
interface Wait {
  readonly since: number
  /** With `null` if a try was refused, with a promise that rejects if the wait failed. */
  readonly settle: (result: Acquisition | null | Promise<never>) => void
  /** Neither timer nor signal concern it any more. */
  stop: (() => void) | undefined
}

/** The lock's side of an acquisition: what all its acquisitions have in common. */
export interface Way {
  readonly space: Space
  readonly port: LockPort
  readonly name: string
  readonly mode: LockMode
}

const lossWords: Readonly<Record<LossReason, string>> = {
  stolen: 'stolen: somebody else may hold it by now',
  gone: 'lost: what carried it went away',
}

ensureDisposalSymbols()

export class Acquisition implements PortRequest, Hold {
  /** First, so that structured cloning meets it before anything else. */
  readonly noCopy = noCopy
  readonly way: Way
  /** The task it was asked for; anonymous ones get theirs when somebody wants to know. */
  #owner: TaskRecord | undefined
  slot: unknown = undefined
  grantedAt = -1
  ifAvailable = false
  abandoned = false
  /** What happened to it last: it waits from its request on, and is held from its grant on. */
  state: LockEventType = 'request'
  #more: More | undefined

  constructor(way: Way, owner: TaskRecord | undefined) {
    this.way = way
    this.#owner = owner
  }

  get space(): Space {
    return this.way.space
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

  get id(): string {
    const more = this.#extra()
    more.id ??= this.space.nextId()
    return more.id
  }

  get task(): TaskRecord {
    if (this.#owner === undefined) {
      this.#owner = this.space.newTask(this.space)
      if (this.isHeld) this.#owner.holds.add(this)
    }
    return this.#owner
  }

  get site(): string | undefined {
    const site = this.#more?.site
    return site && callSite(site)
  }

  get signal(): AbortSignal {
    const more = this.#extra()
    more.controller ??= new AbortController()
    if (more.loss !== undefined) more.controller.abort(more.loss)
    return more.controller.signal
  }

  /**
   * Asks the port. Afterwards it is held, refused or waiting.
   * @param ownFrames how many calls lie between this one and the user's code
   */
  ask(ownFrames: number): void {
    const { space, way } = this
    // Found before anything is told: where nothing reaches far enough, nothing was asked.
    const { port } = way
    if (space.callSites) this.#extra().site = space.site ?? space.trace(ownFrames + 2)
    space.emit?.('request', this)
    this.hear(this.enter(port))
  }

  /**
   * Blocks the thread until it is held.
   * @throws TimeoutError after `timeout` ms, UnsupportedError where nothing can block
   */
  block(timeout: number, ownFrames: number): void {
    const { space, way } = this
    const port = blockingPort(way)
    if (space.callSites) this.#extra().site = space.trace(ownFrames + 2)
    space.emit?.('request', this)
    let granted: boolean
    try {
      granted = this.enterBlocking(port, timeout)
    } catch (error) {
      this.#become('abort')
      throw error
    }
    this.#become(granted ? 'grant' : 'timeout')
    if (!granted) throw blockingTimeout(this, port, timeout)
  }

  /** Waits for what `ask` did not answer: the hold, or `null` if a try was refused. */
  wait(options: WaitOptions | undefined): Promise<Acquisition | null> {
    return new Promise((settle) => {
      const { clock } = this.space
      const wait: Wait = { since: clock.coarse(), settle, stop: undefined }
      this.#extra().wait = wait
      if (options === undefined) return
      const { timeout, signal } = options
      const abort = () => this.#giveUp('abort', () => Promise.reject(signal?.reason))
      signal?.addEventListener('abort', abort)
      let stopTimer: (() => void) | undefined
      if (timeout !== undefined && timeout > 0 && timeout < Number.POSITIVE_INFINITY) {
        stopTimer = clock.after(timeout, () =>
          this.#giveUp('timeout', () => explainTimeout(this, timeout)),
        )
      }
      wait.stop = () => {
        signal?.removeEventListener('abort', abort)
        stopTimer?.()
      }
      // Whoever listened to the request may have thought better of it.
      if (signal?.aborted) abort()
    })
  }

  granted(): void {
    if (this.isWaiting) {
      this.#become('grant')
      this.#settle(this)
    } else if (!this.isHeld) {
      // A listener let others go on while it gave up: it has no use for its turn any more.
      this.leave()
    }
  }

  refused(): void {
    if (!this.isWaiting) return
    this.#become('refuse')
    this.leave()
    this.#settle(null)
  }

  failed(error: unknown): void {
    if (!this.isWaiting) return
    this.#become('abort')
    this.leave()
    this.#settle(Promise.reject(error))
  }

  lost(reason: LossReason): void {
    if (!this.isHeld) return
    const more = this.#extra()
    more.loss = new LockLostError(`${show(this.name)} was ${lossWords[reason]}`)
    this.#become('lost', { reason })
    more.controller?.abort(more.loss)
    this.leave()
  }

  describe(): RequestInfo | undefined {
    const { name, mode, isHeld, site } = this
    if (!isHeld && !this.isWaiting) return undefined
    const since = isHeld ? this.grantedAt : (this.#more?.wait?.since ?? this.space.clock.coarse())
    return { name, mode, held: isHeld, task: this.task.name, since, site }
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
    this.#become('release')
    this.leave()
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

  [Symbol.dispose](): void {
    this.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
  }

  mutex(name: string, options?: LockOptions): Mutex {
    return this.#goOn().mutex(name, options)
  }

  keyedMutex(name: string, options?: LockOptions): KeyedMutex {
    return this.#goOn().keyedMutex(name, options)
  }

  rwLock(name: string, options?: RWLockOptions): RWLock {
    return this.#goOn().rwLock(name, options)
  }

  async all<T>(
    locks: readonly LockRequest[],
    callback: AllCallback<T>,
    options?: WaitOptions,
  ): Promise<T> {
    const { space } = this
    const task = this.#goOn()
    return space.tracedTo(space.trace(2), () => task.all(locks, callback, options))
  }

  /** How a port is asked, and left in whatever way: one request here, two for a writer. */
  protected enter(port: LockPort): Answer {
    return port.acquire(this)
  }
  protected enterBlocking(port: BlockingPort, timeout: number): boolean {
    return port.acquireBlocking(this, timeout)
  }
  protected leave(): void {
    this.way.port.release(this)
  }
  protected withdraw(): void {
    this.way.port.cancel(this)
  }

  protected hear(answer: Answer): void {
    if (answer === 'granted') this.granted()
    else if (answer === 'refused') this.refused()
  }

  #extra(): More {
    this.#more ??= {}
    return this.#more
  }

  #goOn(): TaskRecord {
    if (!this.isHeld) {
      throw new TypeError(`hold of ${show(this.name)} has ended and asks nothing`)
    }
    return this.task
  }

  #become(state: LockEventType, detail?: EventDetail): void {
    this.state = state
    if (this.#owner !== undefined) {
      if (this.isHeld) this.#owner.holds.add(this)
      else this.#owner.holds.delete(this)
    }
    this.space.emit?.(state, this, detail)
  }

  #settle(result: Acquisition | null | Promise<never>): void {
    const wait = this.#more?.wait
    wait?.stop?.()
    wait?.settle(result)
  }

  /** Why is asked before others move up: they did not stand in the way. */
  #giveUp(why: 'abort' | 'timeout', reject: () => Promise<never>): void {
    if (!this.isWaiting) return
    this.#become(why)
    const rejection = reject()
    this.withdraw()
    this.leave()
    this.#settle(rejection)
  }
}
