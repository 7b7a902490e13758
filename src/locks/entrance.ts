/**
 * The way into one lock in one mode, for one task: a mutex is one, as is each key of a keyed
 * mutex and each side of an RW lock.
 */

import { Acquisition, type Way } from './acquisition'
import { checkFunction, checkWait, type Fairness, type WaitOptions } from './arguments'
import type { Carrier, Owner } from './carrier'
import { ReentrancyError } from './errors'
import type { LockMode } from './events'
import { inside } from './inside'
import type { PlainMutex } from './mutex'
import { noCopy } from './no-copy'
import type { LockPort } from './ports/port'

/** Awaiting this takes one microtask and makes no promise. */
const settled = Promise.resolve()

/** Makes the acquisitions of a lock: what its user gets as hold. */
export type Make<H extends Acquisition> = (way: Way, owner: Owner | undefined) => H

export const plain: Make<Acquisition> = (way, owner) => new Acquisition(way, owner)

export class Entrance<H extends Acquisition> implements Way, PlainMutex<H> {
  /** First, so that structured cloning meets it before anything else. @internal */
  readonly noCopy = noCopy
  readonly carrier: Carrier
  readonly #owner: Owner | undefined
  readonly name: string
  readonly fair: Fairness
  readonly mode: LockMode
  readonly #make: Make<H>
  #port: LockPort | undefined

  /** @param owner the task that was named; else the one whose callback is running, else a new one */
  constructor(
    carrier: Carrier,
    owner: Owner | undefined,
    name: string,
    fair: Fairness,
    mode: LockMode,
    make: Make<H>,
  ) {
    this.carrier = carrier
    this.#owner = owner
    this.name = name
    this.fair = fair
    this.mode = mode
    this.#make = make
  }

  /** @throws UnsupportedError where nothing reaches far enough */
  get port(): LockPort {
    this.#port ??= this.carrier.ports[this.fair]
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
    if (hold.isWaiting) await hold.wait()
    return hold.isHeld ? hold : null
  }

  /** Checks everything, then asks. */
  begin(options: WaitOptions | undefined, ifAvailable = false): H {
    if (options !== undefined) {
      checkWait(options)
      options.signal?.throwIfAborted()
    }
    const hold = this.prepare(options, ifAvailable)
    hold.ask()
    return hold
  }

  /** Makes what will be asked. @throws ReentrancyError if the task would wait for itself */
  prepare(options: WaitOptions | undefined, ifAvailable: boolean): H {
    const owner = this.#owner ?? this.carrier.owner
    if (owner !== undefined && !ifAvailable && options?.reentrant !== 'wait') {
      for (const held of owner.holds) {
        if (held.name !== this.name) continue
        throw new ReentrancyError(held.reentry)
      }
    }
    const hold = this.#make(this, owner)
    hold.ifAvailable = ifAvailable
    if (options?.timeout === 0) {
      hold.ifAvailable = true
      hold.more.refusal = 'timeout'
    }
    return hold
  }
}

/** It was refused, or lost between its grant and this turn: rejects accordingly. */
export function unheld(hold: Acquisition): Promise<never> {
  hold.close()
  return hold.timedOut(0)
}
