/**
 * What an acquisition may ask for besides the lock: a fence, a lease, a limit on holding. Who asks
 * for none of them pays nothing for them.
 */

import {
  checkBoolean,
  checkFunction,
  checkNumber,
  checkObject,
  checkWait,
  refuse,
  type WaitOptions,
} from './arguments'
import { type Entrance, unheld } from './entrance'
import { giveFence } from './give-fence'
import { inside } from './inside'
import { HoldTerms } from './lease/hold-terms'
import type { TaskHold } from './task-hold'

export interface FenceSettings {
  /**
   * The highest fence that the store has seen, where that may be more than is known here: after the
   * user has cleared the site's data, or for locks that do not last. Default 0, at most 2 ** 52. It
   * counts for all tabs, and cannot be taken back.
   */
  readonly floor?: number | undefined
}

export interface LeaseSettings {
  /**
   * For how long the lock stays the holder's without a sign of life, in ms: from 100 on, default
   * 60,000. Longer than the longest piece of synchronous work of the agent.
   */
  readonly ttl?: number | undefined
  /**
   * Whether it is renewed by itself for as long as the event loop turns: at every third of `ttl`, or
   * by two thirds of it where the agent has shorter leases too, with which it keeps time. Default
   * true; else by `hold.renew()` alone.
   */
  readonly renew?: boolean | undefined
}

export interface AcquireOptions extends WaitOptions {
  /**
   * Gives the hold a fencing token, `hold.fence`: an integer greater than those of all earlier holds
   * of this name, for stores that refuse the late writes of former holders (`fenced`). Exclusive
   * holds only. Rejects with `LockLostError` if the lock was lost before it had one, and with
   * `UnsupportedError` where nothing can be stored (reach `origin` keeps fences in IndexedDB), or
   * `CapacityError` where there is no room. Where storage does not answer, `signal` gives it up, and
   * the lock back.
   */
  readonly fence?: boolean | FenceSettings | undefined
  /**
   * Others may take the lock when its agent stands still (frozen, hung, at a breakpoint) for `ttl` and
   * does not answer: once, and it goes to whoever waits first. The holder then hears of it as of any
   * loss, with `LockLostError`. Without a lease nobody is robbed. Shared holders lose a lock when the
   * leases of all of them have run out. (Leases: Gray and Cheriton, SOSP 1989.)
   * @example
   * await using hold = await cart.acquire({ lease: { ttl: 10_000 } })
   * await save({ signal: hold.signal })
   */
  readonly lease?: boolean | LeaseSettings | undefined
  /**
   * The longest hold, in ms from 1 on: then the lock is lost with `LockLostError`, and free. Counts
   * from the grant, never the queue.
   */
  readonly maxHold?: number | undefined
}

/** Whether there is more to do than to wait for the lock. */
export function asksForMore(options: AcquireOptions | undefined): options is AcquireOptions {
  if (typeof options !== 'object' || options === null) return false
  return isAsked(options.fence) || isAsked(options.lease) || options.maxHold !== undefined
}

/** What is neither yes nor no was meant for something, and is refused by `checkTerms`. */
function isAsked(term: unknown): boolean {
  return term !== undefined && term !== null && term !== false
}

/** For what has no terms. @throws TypeError naming the one that was asked for */
export function refuseTerms(options: AcquireOptions | undefined, what: string): void {
  if (!asksForMore(options)) return
  for (const term of ['fence', 'lease', 'maxHold'] as const) {
    if (isAsked(options[term])) refuse(term, `not be asked for of ${what}`, options[term])
  }
}

export function checkTerms(options: AcquireOptions, mode: 'exclusive' | 'shared'): void {
  checkWait(options)
  const { fence, lease, maxHold } = options
  if (maxHold !== undefined) checkNumber('maxHold', maxHold, 1, longest)
  if (fence !== undefined && fence !== null && typeof fence !== 'boolean') {
    checkSettings('fence', fence, ['floor'])
    if (fence.floor !== undefined) checkFloor('fence.floor', fence.floor)
  }
  if (fence && mode === 'shared') refuse('fence', 'be asked for an exclusive hold', fence)
  if (lease === undefined || lease === null || typeof lease === 'boolean') return
  checkSettings('lease', lease, ['ttl', 'renew'])
  if (lease.ttl !== undefined) checkNumber('lease.ttl', lease.ttl, shortestLease, longest)
  if (lease.renew !== undefined) checkBoolean('lease.renew', lease.renew)
}

/** What timers can count, in ms. */
export const longest = 2 ** 31 - 1
/** In ms: below it a healthy agent's late timers would cost it its lock. */
export const shortestLease = 100

/** Half of all numbers are left above it: one mistaken floor must not use them up for everybody. */
const highestFloor = 2 ** 52

/** @throws TypeError, RangeError for what is no fencing token, or none yet (0) */
function checkFloor(argument: string, value: unknown): void {
  if (!Number.isInteger(value)) refuse(argument, 'be an integer', value)
  checkNumber(argument, value, 0, highestFloor)
}

/** A key that is misspelt would be a setting that is not set. */
function checkSettings(argument: string, value: object, keys: readonly string[]): void {
  checkObject(argument, value)
  if (Array.isArray(value)) refuse(argument, 'be an object', value)
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) refuse(argument, `have no keys but ${keys.join(', ')}`, key)
  }
}

/**
 * The lock, on the terms asked for. Whatever fails afterwards, the lock is given back.
 * @param ownFrames how many calls come before the user's code, this one included
 */
export async function acquireOnTerms<H extends TaskHold>(
  entrance: Entrance<H>,
  options: AcquireOptions,
  ownFrames = 2,
): Promise<H> {
  checkTerms(options, entrance.mode)
  options.signal?.throwIfAborted()
  const hold = entrance.prepare(options, false)
  hold.trace(ownFrames)
  hold.terms = new HoldTerms(hold, options)
  hold.ask()
  if (hold.isWaiting) await hold.wait(options)
  if (!hold.isHeld) await unheld(hold)
  try {
    await hold.terms.settled()
  } catch (error) {
    hold.end()
    throw error
  }
  if (!hold.isHeld) await unheld(hold)
  if (options.fence) await giveFence(hold, options)
  return hold
}

/** As `Entrance.run`, on the terms asked for. */
export async function runOnTerms<H extends TaskHold, T>(
  entrance: Entrance<H>,
  callback: (hold: H) => T | PromiseLike<T>,
  options: AcquireOptions,
): Promise<T> {
  checkFunction('callback', callback)
  const hold = await acquireOnTerms(entrance, options, 3)
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
