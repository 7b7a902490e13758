/** What a granted acquisition gives its user. */

import type { LockMode } from './events'
import type { Factory } from './factory'

/** One hold of one lock. It ends when it is released, disposed of, or lost. */
export interface PlainHold extends Disposable, AsyncDisposable {
  readonly name: string
  readonly mode: LockMode
  /** When it was granted: ms since the epoch, in whole ms. */
  readonly grantedAt: number
  /** Aborts with `LockLostError` when the lock is lost. Releasing does not abort it. */
  readonly signal: AbortSignal
  /**
   * Gives the lock back, at once. Nothing happens if it was lost.
   * @throws NotHeldError if it was released before (as Go: "unlock of unlocked mutex").
   */
  release(): void
  /** As `release`, but may come again: `using hold = await mutex.acquire()`. */
  [Symbol.dispose](): void
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A hold that is also the way to go on as the same task: `hold.mutex('b')` asks on behalf of the
 * task that holds this one. All such methods throw a `TypeError` once the hold has ended.
 */
export interface Hold extends PlainHold, Factory {
  /** On whose behalf; a task of its own if none was named. */
  readonly task: Task
  /** Unique in the lock space: the `request` of its events. */
  readonly id: string
  /**
   * The last holder died while it held the lock: what it protects may be half done (as robust
   * mutexes tell, POSIX `EOWNERDEAD`). Told over shared memory and IndexedDB, to whoever comes
   * next; always `false` over memory and Web Locks, where nobody can tell.
   */
  readonly abandoned: boolean
  /**
   * The fencing token, if one was asked for: `acquire({ fence: true })`. Greater than those of all
   * earlier holds of this name, from 1.
   */
  readonly fence?: number | undefined
  /**
   * Renews the lease, which then lasts for its whole `ttl` again. One that others took is not taken
   * back.
   * @throws LockLostError (rejects) if the lock was lost; NotHeldError if it was released;
   *   TypeError if it is held without a lease
   * @example
   * await using hold = await cart.acquire({ lease: { ttl: 10_000, renew: false } })
   * await save()
   * await hold.renew()
   */
  renew(): Promise<void>
}

/** A hold of an RW lock's write side. */
export interface WriteHold extends Hold {
  /**
   * Turns the write hold into a read hold with no other Latchkey writer in between; this hold
   * has then ended. A user of the bare mechanism who already queues on the name may come first.
   * @throws NotHeldError if the hold has ended; UnsupportedError unless the policy is 'phase-fair'.
   */
  downgrade(): Promise<Hold>
}

/** The one that holds and waits: JavaScript has no thread id, so it is said explicitly. */
export interface Task extends Factory {
  /** Unique in the lock space. */
  readonly id: string
  /** As given, else the id: what errors and events show. */
  readonly name: string
}
