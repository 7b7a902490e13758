/** What makes locks: the lock space itself, a task, or a hold on behalf of its task. */

import { type AllCallback, acquireAll, type LockRequest } from './all'
import type { WaitOptions } from './arguments'
import { EquippedKeyedMutex, EquippedMutex, EquippedRWLock } from './equipped-locks'
import type { KeyedMutex } from './keyed-mutex'
import type { LockOptions, Mutex } from './mutex'
import type { RWLock, RWLockOptions } from './rw-lock'
import { EquippedSemaphore, type Semaphore } from './semaphore/semaphore'
import type { Space, TaskRecord } from './space'

export interface Factory {
  /**
   * The mutex of this name.
   * @param name any non-empty string that does not start with `-`; `key` builds safe ones
   * @throws TypeError, RangeError for bad arguments, or a name in use for another kind of lock
   */
  mutex(name: string, options?: LockOptions): Mutex
  /** A mutex for each key, under this name. */
  keyedMutex(name: string, options?: LockOptions): KeyedMutex
  /** The reader-writer lock of this name. */
  rwLock(name: string, options?: RWLockOptions): RWLock
  /**
   * The semaphore of this name.
   * @param permits how many may be out at once, 1 to 1,024: the same number in all agents
   * @throws TypeError, RangeError for bad arguments, or a name in use with another number of permits
   */
  semaphore(name: string, permits: number, options?: LockOptions): Semaphore
  /**
   * Runs `callback` while holding all the locks, taken in one global order, so that users of
   * `all` never wait for each other in a circle.
   *
   * @param locks names of mutexes, or `{ name, mode, policy }` for one side of an RW lock
   * @throws ReentrancyError if the task holds one of them, LockOrderError if it holds another lock
   *   that does not come before all of these;
   *   otherwise as `Mutex.run`; `timeout` is for all of them together
   * @example
   * await locks.all(['account:1', 'account:2'], async () => transfer(1, 2))
   */
  all<T>(locks: readonly LockRequest[], callback: AllCallback<T>, options?: WaitOptions): Promise<T>
}

export class LockFactory implements Factory {
  /** @internal */
  readonly space: Space
  /** The task that asks; an anonymous one for each acquisition if none was named. */
  readonly #owner: TaskRecord | undefined

  /** @internal */
  constructor(space: Space, owner?: TaskRecord) {
    this.space = space
    this.#owner = owner
  }

  mutex(name: string, options?: LockOptions): Mutex {
    return new EquippedMutex(this.space, this.owner(), name, options)
  }

  keyedMutex(name: string, options?: LockOptions): KeyedMutex {
    return new EquippedKeyedMutex(this.space, this.owner(), name, options)
  }

  rwLock(name: string, options?: RWLockOptions): RWLock {
    return new EquippedRWLock(this.space, this.owner(), name, options)
  }

  semaphore(name: string, permits: number, options?: LockOptions): Semaphore {
    return new EquippedSemaphore(this.space, this.owner(), name, permits, options)
  }

  async all<T>(
    locks: readonly LockRequest[],
    callback: AllCallback<T>,
    options?: WaitOptions,
  ): Promise<T> {
    const { space } = this
    const owner = this.owner() ?? space.owner
    const site = space.site ?? space.trace(2)
    return acquireAll(space, owner, site, locks, callback, options)
  }

  /** @internal */
  protected owner(): TaskRecord | undefined {
    return this.#owner
  }
}
