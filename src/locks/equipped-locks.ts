/** The locks that `createLocks` makes: the plain ones, with blocking, retries and descriptors. */

import type { BlockOptions } from './arguments'
import { acquireSync, runSync } from './blocking'
import type { KeyedMutexDescriptor, MutexDescriptor, RWLockDescriptor } from './descriptor'
import { Entrance } from './entrance'
import type { Key, KeyedMutex } from './keyed-mutex'
import { KeyedEntrance } from './keyed-mutex'
import { checkLock, type LockOptions, type Mutex } from './mutex'
import { type RetrySettings, retryAcquire } from './retry'
import { RWEntrances, type RWLock, type RWLockOptions } from './rw-lock'
import type { Space, TaskRecord } from './space'
import { type TaskHold, type TaskWriteHold, taskHold, taskWriteHold } from './task-hold'
import { type AcquireOptions, acquireOnTerms, asksForMore, runOnTerms } from './terms'

export class EquippedMutex extends Entrance<TaskHold> implements Mutex {
  constructor(
    space: Space,
    owner: TaskRecord | undefined,
    name: string,
    options: LockOptions | undefined,
  ) {
    super(space, owner, name, checkLock(name, options), 'exclusive', taskHold)
    space.claim(name, 'mutex')
  }

  override run<T>(
    callback: (hold: TaskHold) => T | PromiseLike<T>,
    options?: AcquireOptions,
  ): Promise<T> {
    if (asksForMore(options)) return runOnTerms(this, callback, options)
    return super.run(callback, options)
  }

  override acquire(options?: AcquireOptions): Promise<TaskHold> {
    return asksForMore(options) ? acquireOnTerms(this, options) : super.acquire(options)
  }

  // As many calls as through other locks, for call sites.
  override tryAcquire(): Promise<TaskHold | null> {
    return super.tryAcquire()
  }

  runSync<T>(callback: (hold: TaskHold) => T, options?: BlockOptions): T {
    return runSync(this, callback, options)
  }

  acquireSync(options?: BlockOptions): TaskHold {
    return acquireSync(this, options)
  }

  descriptor(): MutexDescriptor {
    return { latchkey: 'mutex', name: this.name, fair: this.fair }
  }
}

export class EquippedKeyedMutex extends KeyedEntrance<TaskHold> implements KeyedMutex {
  declare protected readonly carrier: Space

  constructor(
    space: Space,
    owner: TaskRecord | undefined,
    name: string,
    options: LockOptions | undefined,
  ) {
    super(space, owner, name, options, taskHold)
    space.claim(name, 'keyed mutex')
  }

  override async run<T>(
    key: Key,
    callback: (hold: TaskHold) => T | PromiseLike<T>,
    options?: AcquireOptions,
  ): Promise<T> {
    if (asksForMore(options)) return runOnTerms(this.at(key), callback, options)
    return this.at(key).run(callback, options)
  }

  override async acquire(key: Key, options?: AcquireOptions): Promise<TaskHold> {
    if (asksForMore(options)) return acquireOnTerms(this.at(key), options)
    return this.at(key).acquire(options)
  }

  runSync<T>(key: Key, callback: (hold: TaskHold) => T, options?: BlockOptions): T {
    return runSync(this.at(key), callback, options)
  }

  acquireSync(key: Key, options?: BlockOptions): TaskHold {
    return acquireSync(this.at(key), options)
  }

  async retryAcquire(key: Key, settings?: RetrySettings): Promise<TaskHold | null> {
    const space = this.carrier
    // Later attempts, too, belong to whose callback runs now.
    const entrance = this.at(key, this.owner ?? space.owner)
    return retryAcquire(space, entrance, space.trace(2), settings)
  }

  descriptor(): KeyedMutexDescriptor {
    return { latchkey: 'keyed-mutex', name: this.name, fair: this.fair }
  }
}

export class EquippedRWLock extends RWEntrances<TaskHold, TaskWriteHold> implements RWLock {
  constructor(
    space: Space,
    owner: TaskRecord | undefined,
    name: string,
    options: RWLockOptions | undefined,
  ) {
    super(space, owner, name, options, taskHold, taskWriteHold)
    space.claim(name, `RW lock (${this.policy})`)
  }

  override read<T>(
    callback: (hold: TaskHold) => T | PromiseLike<T>,
    options?: AcquireOptions,
  ): Promise<T> {
    if (asksForMore(options)) return runOnTerms(this.reader, callback, options)
    return this.reader.run(callback, options)
  }

  override write<T>(
    callback: (hold: TaskWriteHold) => T | PromiseLike<T>,
    options?: AcquireOptions,
  ): Promise<T> {
    if (asksForMore(options)) return runOnTerms(this.writer, callback, options)
    return this.writer.run(callback, options)
  }

  override acquireRead(options?: AcquireOptions): Promise<TaskHold> {
    if (asksForMore(options)) return acquireOnTerms(this.reader, options)
    return this.reader.acquire(options)
  }

  override acquireWrite(options?: AcquireOptions): Promise<TaskWriteHold> {
    if (asksForMore(options)) return acquireOnTerms(this.writer, options)
    return this.writer.acquire(options)
  }

  readSync<T>(callback: (hold: TaskHold) => T, options?: BlockOptions): T {
    return runSync(this.reader, callback, options)
  }

  writeSync<T>(callback: (hold: TaskWriteHold) => T, options?: BlockOptions): T {
    return runSync(this.writer, callback, options)
  }

  acquireReadSync(options?: BlockOptions): TaskHold {
    return acquireSync(this.reader, options)
  }

  acquireWriteSync(options?: BlockOptions): TaskWriteHold {
    return acquireSync(this.writer, options)
  }

  descriptor(): RWLockDescriptor {
    const { name, policy, reader } = this
    return { latchkey: 'rw-lock', name, fair: reader.fair, policy }
  }
}
