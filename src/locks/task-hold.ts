/** What `createLocks` adds to an acquisition: its task, and what it says of itself. */

import { Acquisition, type Way } from './acquisition'
import type { AllCallback, LockRequest } from './all'
import type { WaitOptions } from './arguments'
import { callSite } from './call-site'
import { Entrance, type Make } from './entrance'
import { LockLostError, NotHeldError, UnsupportedError } from './errors'
import type { LockEventType } from './events'
import type { Hold, WriteHold } from './hold'
import type { KeyedMutex } from './keyed-mutex'
import type { HoldTerms } from './lease/hold-terms'
import type { LockOptions, Mutex } from './mutex'
import type { LossReason, RequestInfo } from './ports/port'
import { explainTimeout } from './questions'
import type { RWLock, RWLockOptions } from './rw-lock'
import type { Semaphore } from './semaphore/semaphore'
import { show } from './show'
import { isCommon, type Space, type TaskRecord } from './space'

export class TaskHold extends Acquisition implements Hold {
  declare readonly way: Way & {
    readonly carrier: Space
  }

  /** Told by the port. */
  abandoned = false
  /** The recorder's own bookkeeping. Nobody else touches it. */
  noted: unknown = undefined
  fence: number | undefined = undefined
  /** What was asked for besides the lock. */
  terms: HoldTerms | undefined = undefined

  get space(): Space {
    return this.way.carrier
  }

  get task(): TaskRecord {
    // Its space makes no others.
    return this.owner as TaskRecord
  }

  get id(): string {
    this.more.id ??= this.space.nextId()
    return this.more.id
  }

  get site(): string | undefined {
    const { site } = this.more
    return site && callSite(site)
  }

  override get reentry(): string {
    const { name, mode, site, task } = this
    const how = site === undefined ? mode : `${mode}, taken at ${site}`
    return `task ${show(task.name)} already holds ${show(name)} (${how}) and would wait for itself; pass { reentrant: 'wait' } if somebody else releases it`
  }

  override ask(): void {
    // This method, two of the entrance, and the user's own lock.
    this.trace(4)
    this.space.order?.asks(this)
    super.ask()
  }

  /** @param ownFrames how many calls lie between this one and the user's code */
  trace(ownFrames: number): void {
    const { space } = this
    if (space.callSites) this.more.site ??= space.site ?? space.trace(ownFrames + 2)
  }

  override get signal(): AbortSignal {
    this.terms?.used()
    return super.signal
  }

  async renew(): Promise<void> {
    const { more, name, terms } = this
    if (more.loss !== undefined) throw more.loss
    if (!this.isHeld) throw new NotHeldError(`hold of ${show(name)} has ended: nothing to renew`)
    if (terms === undefined) throw new TypeError(`${show(name)} is held without a lease`)
    await terms.renew()
    if (more.loss !== undefined) throw more.loss
  }

  override lost(reason: LossReason): void {
    const why = this.terms?.reasonOf(reason) ?? reason
    const words = this.terms?.wordsOf(why)
    if (words && this.isHeld) this.more.loss = new LockLostError(`${show(this.name)} was ${words}`)
    super.lost(why)
  }

  override wait(options?: WaitOptions): Promise<void> {
    this.more.waitsSince = this.space.clock.coarse()
    this.space.recorder?.waits(this)
    this.space.detector?.waits(this, options)
    const wait = super.wait(options)
    if (this.isWaiting) this.space.lookout?.waits(this.more)
    return wait
  }

  override describe(): RequestInfo | undefined {
    const { name, mode, isHeld, site } = this
    if (!isHeld && !this.isWaiting) return undefined
    const since = isHeld ? this.grantedAt : (this.more.waitsSince ?? this.space.clock.coarse())
    const info = { name, mode, held: isHeld, task: this.task.name, since, site }
    return this.fence === undefined ? info : { ...info, fence: this.fence }
  }

  override timedOut(timeout: number): Promise<never> {
    return explainTimeout(this, timeout)
  }

  override failed(error: unknown): void {
    this.more.details = { reason: String(error) }
    super.failed(error)
  }

  override release(): void {
    if (this.state === 'release') this.tell('not-held')
    super.release()
  }

  override tell(what: LockEventType, reason?: LossReason): void {
    const { space } = this
    this.terms?.hears(what)
    if (what !== 'request') space.recorder?.hears(what, this, reason && { reason })
    if (space.emitRare === undefined || (space.emit === undefined && isCommon(what))) return
    space.emitRare(what, this, reason === undefined ? this.more.details : { reason })
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

  semaphore(name: string, permits: number, options?: LockOptions): Semaphore {
    return this.#goOn().semaphore(name, permits, options)
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

  #goOn(): TaskRecord {
    if (!this.isHeld) {
      throw new TypeError(`hold of ${show(this.name)} has ended and asks nothing`)
    }
    return this.task
  }
}

export const taskHold: Make<TaskHold> = (way, owner) => new TaskHold(way, owner)

/** A hold of the write side. */
export class TaskWriteHold extends TaskHold implements WriteHold {
  async downgrade(): Promise<TaskHold> {
    const { isHeld, more, name, space, task, way } = this
    if (!isHeld) {
      throw new NotHeldError(`hold of ${show(name)} has ended: it cannot be downgraded`)
    }
    const { gate } = more
    if (gate === undefined) {
      throw new UnsupportedError(`downgrade() needs the policy 'phase-fair' on ${show(name)}`)
    }
    const readers = new Entrance(space, task, name, way.fair, 'shared', taskHold)
    const reader = taskHold(readers, task)
    reader.trace(1)
    reader.ask()
    const waiting = reader.isWaiting ? reader.wait() : undefined
    // Readers queue behind this hold only; no writer can pass the gate before the reader is in.
    more.gate = undefined
    this.end()
    try {
      await waiting
    } finally {
      way.port.release(gate)
    }
    return reader
  }
}

export const taskWriteHold: Make<TaskWriteHold> = (way, owner) => new TaskWriteHold(way, owner)
