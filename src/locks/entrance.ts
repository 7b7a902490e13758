/**
 * The way into one lock in one mode, for one task: a `Mutex` is one, as is each key of a keyed
 * mutex and each side of an RW lock.
 */

import { Acquisition, type Way } from './acquisition'
import {
  type BlockOptions,
  checkBlock,
  checkFunction,
  checkWait,
  type Fairness,
  type WaitOptions,
} from './arguments'
import { runBlocking } from './blocking'
import type { LockDescriptor } from './descriptor'
import { ReentrancyError } from './errors'
import type { LockMode } from './events'
import { inside } from './inside'
import type { Mutex } from './mutex'
import { noCopy } from './no-copy'
import type { LockPort } from './ports/port'
import { explainTimeout } from './questions'
import { show } from './show'
import type { Space, TaskRecord } from './space'

/** Awaiting this takes one microtask and makes no promise. */
const settled = Promise.resolve()

type Make<H extends Acquisition> = (way: Way, owner: TaskRecord | undefined) => H

export const plain: Make<Acquisition> = (way, owner) => new Acquisition(way, owner)

export class Entrance<H extends Acquisition> implements Way, Mutex {
  /** First, so that structured cloning meets it before anything else. @internal */
  readonly noCopy = noCopy
  readonly space: Space
  readonly #owner: TaskRecord | undefined
  readonly name: string
  readonly fair: Fairness
  readonly mode: LockMode
  readonly #make: Make<H>
  readonly #wrapped: boolean
  #port: LockPort | undefined

  /**
   * @param owner the task that was named; else the one whose callback is running, else a new one
   * @param wrapped whether its user calls it through a method of another lock: for call sites
   */
  constructor(
    space: Space,
    owner: TaskRecord | undefined,
    name: string,
    fair: Fairness,
    mode: LockMode,
    make: Make<H>,
    wrapped = false,
  ) {
    this.space = space
    this.#owner = owner
    this.name = name
    this.fair = fair
    this.mode = mode
    this.#make = make
    this.#wrapped = wrapped
  }

  /** @throws UnsupportedError where nothing reaches far enough */
  get port(): LockPort {
    this.#port ??= this.space.port(this.fair)
    return this.#port
  }

  async run<T>(callback: (hold: H) => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    checkFunction('callback', callback)
    const hold = this.begin(options)
    // Awaited also when it is held already: callers see no difference.
    await (hold.isWaiting ? hold.wait(options) : settled)
    if (!hold.isHeld) await unheld(hold)
    let result: T
    try {
      result = await inside(hold, callback)
    } catch (error) {
      hold.close(error)
      throw error
    }
    hold.close()
    return result
  }

  async acquire(options?: WaitOptions): Promise<H> {
    const hold = this.begin(options)
    if (hold.isWaiting) await hold.wait(options)
    if (!hold.isHeld) await unheld(hold)
    return hold
  }

  async tryAcquire(): Promise<H | null> {
    const hold = this.begin(undefined, true)
    if (hold.isWaiting) await hold.wait(undefined)
    return hold.isHeld ? hold : null
  }

  acquireSync(options?: BlockOptions): H {
    checkBlock(options)
    const hold = this.#prepare(options)
    hold.block(options?.timeout ?? Number.POSITIVE_INFINITY, this.#ownFrames)
    return hold
  }

  runSync<T>(callback: (hold: H) => T, options?: BlockOptions): T {
    checkFunction('callback', callback)
    checkBlock(options)
    const hold = this.#prepare(options)
    hold.block(options?.timeout ?? Number.POSITIVE_INFINITY, this.#ownFrames)
    return runBlocking(hold, callback)
  }

  descriptor(): LockDescriptor {
    return { latchkey: 'mutex', name: this.name, fair: this.fair }
  }

  /** Checks everything, then asks. */
  begin(options: WaitOptions | undefined, ifAvailable = false): H {
    if (options !== undefined) {
      checkWait(options)
      options.signal?.throwIfAborted()
    }
    const hold = this.#prepare(options, ifAvailable)
    hold.ask(this.#ownFrames)
    return hold
  }

  /** This class's two methods, and the user's own lock around them, if there is one. */
  get #ownFrames(): number {
    return this.#wrapped ? 3 : 2
  }

  #prepare(options: WaitOptions | undefined, ifAvailable = false): H {
    const owner = this.#owner ?? this.space.ambient?.task
    if (owner !== undefined && owner.holds.size > 0 && !ifAvailable) {
      if (options?.reentrant !== 'wait') this.#checkReentrancy(owner)
    }
    const hold = this.#make(this, owner)
    hold.ifAvailable = ifAvailable || options?.timeout === 0
    return hold
  }

  #checkReentrancy(owner: TaskRecord): void {
    for (const { name, mode, site } of owner.holds) {
      if (name !== this.name) continue
      const how = site === undefined ? mode : `${mode}, taken at ${site}`
      throw new ReentrancyError(
        `task ${show(owner.name)} already holds ${show(name)} (${how}) and would wait for itself; pass { reentrant: 'wait' } if somebody else releases it`,
      )
    }
  }
}

/** It was refused, or lost between its grant and this turn: rejects accordingly. */
function unheld(hold: Acquisition): Promise<never> {
  hold.close()
  return explainTimeout(hold, 0)
}
