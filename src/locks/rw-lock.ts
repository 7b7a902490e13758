/** Many readers or one writer. */

import type { Acquisition } from './acquisition'
import { type BlockOptions, checkChoice, type WaitOptions } from './arguments'
import type { Carrier, Owner } from './carrier'
import { policies, type RWLockDescriptor } from './descriptor'
import { Entrance, type Make, plain } from './entrance'
import type { Hold, PlainHold, WriteHold } from './hold'
import { checkLock, type LockOptions } from './mutex'
import { noCopy } from './no-copy'
import type { AcquireOptions } from './terms'
import { gated } from './writer-gate'

/**
 * `phase-fair`: as Go's `sync.RWMutex`. A waiting writer holds back readers that come later; its
 * release admits *all* readers waiting by then before the next writer. Neither side starves.
 * `fifo`: as Web Locks. Strictly in the order of asking; adjacent readers share.
 */
export type RWPolicy = 'phase-fair' | 'fifo'

export interface RWLockOptions extends LockOptions {
  /** Default `phase-fair`. All agents must use one policy for a name. */
  readonly policy?: RWPolicy | undefined
}

/**
 * A reader-writer lock: any number of readers, or one writer.
 *
 * Fairness: by {@link RWPolicy}. Not re-entrant: a reader that reads again inside its section,
 * while a writer waits in between, would wait for itself; named tasks get `ReentrancyError`.
 */
export interface PlainRWLock<R = PlainHold, W = PlainHold, O = WaitOptions> {
  readonly name: string
  readonly policy: RWPolicy

  /** As {@link Mutex.run}, sharing the lock with other readers. */
  read<T>(callback: (hold: R) => T | PromiseLike<T>, options?: O): Promise<T>

  /** As {@link Mutex.run}, alone. */
  write<T>(callback: (hold: W) => T | PromiseLike<T>, options?: O): Promise<T>

  acquireRead(options?: O): Promise<R>

  acquireWrite(options?: O): Promise<W>

  /** A read hold, unless a writer holds the lock or waits for it; never waits for a holder. */
  tryAcquireRead(): Promise<R | null>

  /** A write hold, unless anybody holds the lock; never waits for a holder. */
  tryAcquireWrite(): Promise<W | null>
}

/**
 * An RW lock as `createLocks` makes it.
 * @example
 * await using writer = await settings.acquireWrite()
 * await save()
 * await using reader = await writer.downgrade()
 */
export interface RWLock extends PlainRWLock<Hold, WriteHold, AcquireOptions> {
  /** As {@link Mutex.runSync}, sharing the lock with other readers. */
  readSync<T>(callback: (hold: Hold) => T, options?: BlockOptions): T

  /** As {@link Mutex.runSync}, alone. */
  writeSync<T>(callback: (hold: WriteHold) => T, options?: BlockOptions): T

  /** As {@link Mutex.acquireSync}, sharing the lock with other readers. */
  acquireReadSync(options?: BlockOptions): Hold

  /** As {@link Mutex.acquireSync}, alone. */
  acquireWriteSync(options?: BlockOptions): WriteHold

  /** A plain value for other agents: `locks.from(descriptor)` is the same lock there. */
  descriptor(): RWLockDescriptor
}

/** The reader-writer lock of this name over `carrier`, for who counts bytes: see `webLocks`. */
export function rwLock(carrier: Carrier, name: string, options?: RWLockOptions): PlainRWLock {
  return new RWEntrances(carrier, undefined, name, options, plain, plain)
}

export class RWEntrances<R extends Acquisition, W extends Acquisition>
  implements PlainRWLock<R, W>
{
  /** @internal */
  readonly noCopy = noCopy
  readonly name: string
  readonly policy: RWPolicy
  protected readonly reader: Entrance<R>
  protected readonly writer: Entrance<W>

  constructor(
    carrier: Carrier,
    owner: Owner | undefined,
    name: string,
    options: RWLockOptions | undefined,
    reader: Make<R>,
    writer: Make<W>,
  ) {
    const policy = options?.policy ?? 'phase-fair'
    checkChoice('policy', policy, policies)
    const fair = checkLock(name, options)
    this.name = name
    this.policy = policy
    this.reader = new Entrance(carrier, owner, name, fair, 'shared', reader)
    this.writer = new Entrance(
      carrier,
      owner,
      name,
      fair,
      'exclusive',
      policy === 'fifo' ? writer : gated(writer),
    )
  }

  read<T>(callback: (hold: R) => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return this.reader.run(callback, options)
  }

  write<T>(callback: (hold: W) => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return this.writer.run(callback, options)
  }

  acquireRead(options?: WaitOptions): Promise<R> {
    return this.reader.acquire(options)
  }

  acquireWrite(options?: WaitOptions): Promise<W> {
    return this.writer.acquire(options)
  }

  tryAcquireRead(): Promise<R | null> {
    return this.reader.tryAcquire()
  }

  tryAcquireWrite(): Promise<W | null> {
    return this.writer.tryAcquire()
  }
}
