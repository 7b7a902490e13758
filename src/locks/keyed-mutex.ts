/** One mutex for each key, with nothing kept for keys that nobody uses. */

import type { Acquisition } from './acquisition'
import { type BlockOptions, checkName, type WaitOptions } from './arguments'
import type { LockDescriptor } from './descriptor'
import { Entrance, plain } from './entrance'
import type { Hold } from './hold'
import { escapePart } from './key'
import { checkLock, type LockOptions } from './mutex'
import { noCopy } from './no-copy'
import { type RetrySettings, retryAcquire } from './retry'
import type { Space, TaskRecord } from './space'

export type Key = string | number | bigint | boolean

/**
 * A mutex for each key: different keys never wait for each other. The lock of a key is the
 * mutex named ``key`user:${key}` `` for a keyed mutex named `user`.
 */
export class KeyedMutex {
  /** @internal */
  readonly noCopy = noCopy
  readonly name: string
  readonly #space: Space
  readonly #owner: TaskRecord | undefined
  readonly #fair

  /** @internal */
  constructor(
    space: Space,
    owner: TaskRecord | undefined,
    name: string,
    options: LockOptions | undefined,
  ) {
    this.#fair = checkLock(space, 'keyed mutex', name, options)
    this.name = name
    this.#space = space
    this.#owner = owner
  }

  /** As {@link Mutex.run}, on the lock of `key`. */
  async run<T>(
    key: Key,
    callback: (hold: Hold) => T | PromiseLike<T>,
    options?: WaitOptions,
  ): Promise<T> {
    return this.#at(key).run(callback, options)
  }

  /** As {@link Mutex.acquire}, on the lock of `key`. */
  async acquire(key: Key, options?: WaitOptions): Promise<Hold> {
    return this.#at(key).acquire(options)
  }

  /** As {@link Mutex.tryAcquire}, on the lock of `key`. */
  async tryAcquire(key: Key): Promise<Hold | null> {
    return this.#at(key).tryAcquire()
  }

  /** As {@link Mutex.runSync}, on the lock of `key`. */
  runSync<T>(key: Key, callback: (hold: Hold) => T, options?: BlockOptions): T {
    return this.#at(key).runSync(callback, options)
  }

  /** As {@link Mutex.acquireSync}, on the lock of `key`. */
  acquireSync(key: Key, options?: BlockOptions): Hold {
    return this.#at(key).acquireSync(options)
  }

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
  async retryAcquire(key: Key, settings?: RetrySettings): Promise<Hold | null> {
    const entrance = this.#at(key)
    const site = this.#space.trace(2)
    return retryAcquire(entrance, site, settings)
  }

  descriptor(): LockDescriptor {
    return { latchkey: 'keyed-mutex', name: this.name, fair: this.#fair }
  }

  #at(key: Key): Entrance<Acquisition> {
    const name = `${this.name}:${escapePart(key, 0, false)}`
    checkName('name', name)
    const owner = this.#owner ?? this.#space.ambient?.task
    return new Entrance(this.#space, owner, name, this.#fair, 'exclusive', plain, true)
  }
}
