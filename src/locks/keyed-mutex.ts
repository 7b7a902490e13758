/** One mutex for each key, with nothing kept for keys that nobody uses. */

import type { Acquisition } from './acquisition'
import type { BlockOptions, Fairness, WaitOptions } from './arguments'
import type { Carrier, Owner } from './carrier'
import type { KeyedMutexDescriptor } from './descriptor'
import { Entrance, type Make, plain } from './entrance'
import type { Hold, PlainHold } from './hold'
import { escapePart } from './key'
import { checkLock, type LockOptions } from './mutex'
import { noCopy } from './no-copy'
import type { RetrySettings } from './retry'
import type { AcquireOptions } from './terms'

export type Key = string | number | bigint | boolean

/**
 * A mutex for each key: different keys never wait for each other. The lock of a key is the
 * mutex named ``key`user:${key}` `` for a keyed mutex named `user`.
 */
export interface PlainKeyedMutex<H = PlainHold, O = WaitOptions> {
  readonly name: string

  /** As {@link Mutex.run}, on the lock of `key`. */
  run<T>(key: Key, callback: (hold: H) => T | PromiseLike<T>, options?: O): Promise<T>

  /** As {@link Mutex.acquire}, on the lock of `key`. */
  acquire(key: Key, options?: O): Promise<H>

  /** As {@link Mutex.tryAcquire}, on the lock of `key`. */
  tryAcquire(key: Key): Promise<H | null>
}

/** A keyed mutex as `createLocks` makes it. */
export interface KeyedMutex extends PlainKeyedMutex<Hold, AcquireOptions> {
  /** As {@link Mutex.runSync}, on the lock of `key`. */
  runSync<T>(key: Key, callback: (hold: Hold) => T, options?: BlockOptions): T

  /** As {@link Mutex.acquireSync}, on the lock of `key`. */
  acquireSync(key: Key, options?: BlockOptions): Hold

  /**
   * Tries again and again with growing pauses instead of queueing, as Go's mapmutex does, and
   * gives up after the last attempt. Its defaults are mapmutex's. No fairness: whoever happens
   * to ask when the lock is free gets it.
   *
   * @returns the hold, or `null` when the attempts are used up
   * @throws `signal.reason` if it aborts meanwhile
   * @example
   * const hold = await users.retryAcquire(userId, { attempts: 20, maxDelay: 50 })
   * if (hold === null) throw new Error(`${userId} is busy`)
   * hold.release()
   */
  retryAcquire(key: Key, settings?: RetrySettings): Promise<Hold | null>

  /** A plain value for other agents: `locks.from(descriptor)` is the same lock there. */
  descriptor(): KeyedMutexDescriptor
}

/** A mutex for each key over `carrier`, for who counts bytes: see `webLocks`. */
export function keyedMutex(carrier: Carrier, name: string, options?: LockOptions): PlainKeyedMutex {
  return new KeyedEntrance(carrier, undefined, name, options, plain)
}

export class KeyedEntrance<H extends Acquisition> implements PlainKeyedMutex<H> {
  /** @internal */
  readonly noCopy = noCopy
  readonly name: string
  readonly fair: Fairness
  protected readonly carrier: Carrier
  protected readonly owner: Owner | undefined
  readonly #make: Make<H>

  constructor(
    carrier: Carrier,
    owner: Owner | undefined,
    name: string,
    options: LockOptions | undefined,
    make: Make<H>,
  ) {
    this.fair = checkLock(name, options)
    this.name = name
    this.carrier = carrier
    this.owner = owner
    this.#make = make
  }

  // Asynchronous, so that a bad key rejects as everything else does.
  async run<T>(
    key: Key,
    callback: (hold: H) => T | PromiseLike<T>,
    options?: WaitOptions,
  ): Promise<T> {
    return this.at(key).run(callback, options)
  }

  async acquire(key: Key, options?: WaitOptions): Promise<H> {
    return this.at(key).acquire(options)
  }

  async tryAcquire(key: Key): Promise<H | null> {
    return this.at(key).tryAcquire()
  }

  protected at(key: Key, owner = this.owner): Entrance<H> {
    // A name as good as its beginning, whatever the key: nothing reserved is left unescaped.
    const name = `${this.name}:${escapePart(key, 0)}`
    return new Entrance(this.carrier, owner, name, this.fair, 'exclusive', this.#make)
  }
}
