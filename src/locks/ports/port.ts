/**
 * The contract between locks and the mechanisms that carry them. One port is one way to
 * exclude others: memory, Web Locks, and so on. Nothing above a port knows which one it is.
 *
 * What every port promises:
 * - one FIFO queue per name, by the Web Locks rules: a request is grantable when it is first
 *   in its queue and no held lock conflicts, so a waiting exclusive request holds back later
 *   shared ones, and adjacent shared ones are granted together;
 * - what can be granted at once is granted inside `acquire`, without a promise, if the
 *   mechanism can tell;
 * - a cancelled request leaves its queue inside `cancel`, and whoever is behind it moves up;
 * - callbacks come when its own books are in order: a listener may act on locks inside of them.
 */

import type { LockMode } from '../events'
import type { Bus } from './bus'

/** How far a lock excludes others, from the tasks of one page to every machine. */
export type Reach = 'realm' | 'cluster' | 'origin' | 'network'

/** What carries a lock. */
export type Mechanism = 'memory' | 'shared-memory' | OriginMechanism

/** What may carry the locks of a whole origin. */
export type OriginMechanism = 'web-locks' | 'indexed-db'

/**
 * Why a hold ended that nobody released. Ports say `stolen` or `gone`; of a lease that ran out and
 * was taken it is `expired`, of a hold that lasted longer than its `maxHold` it is `overdue`.
 */
export type LossReason = 'stolen' | 'gone' | 'expired' | 'overdue'

/** What `acquire` answers. After `granted` and `refused` no callback follows for that answer. */
export type Answer = 'granted' | 'refused' | 'waiting'

/** Who stands behind a request, for error messages and snapshots. */
export interface RequestInfo {
  /** The lock's name as its user knows it: an RW lock's writer gate goes by its lock's. */
  readonly name: string
  readonly mode: LockMode
  readonly held: boolean
  readonly task: string
  /** Since when it has held or waited: ms since the epoch. */
  readonly since: number
  readonly site: string | undefined
  /** The fencing token, if it has one. */
  readonly fence?: number | undefined
  /** Of a semaphore: how many it has or wants. */
  readonly permits?: number
}

/** One acquisition, from the port's side. The caller makes it, once per acquisition. */
export interface PortRequest {
  readonly name: string
  readonly mode: LockMode
  /** Answer `refused` instead of waiting. */
  readonly ifAvailable: boolean
  /** Take the lock from its holders, before everybody who waits. Exclusive only. */
  readonly steal?: boolean
  /** The port's own bookkeeping while the request lives. Nobody else touches it. */
  slot: unknown
  /** Set by the port when it grants: ms since the epoch, coarse. -1 before. */
  grantedAt: number
  /**
   * Set by the port when it grants what the last holder left by dying. Absent where the
   * mechanism cannot tell, or does not want to.
   */
  abandoned?: boolean
  /** Granted later: never called from inside `acquire`. */
  granted(): void
  /** Not available: never called from inside `acquire`. */
  refused(): void
  /** The mechanism failed; the request is over. Never called from inside `acquire`. */
  failed(error: unknown): void
  /** The hold was taken away; `release` is neither needed nor harmful. */
  lost(reason: LossReason): void
  /** Whose request it is; `undefined` if it is over, or another request speaks for it. */
  describe(): RequestInfo | undefined
}

/** One entry of a snapshot over all agents. */
export interface PortLockInfo {
  readonly name: string
  readonly mode: LockMode
  /** The agent (Web Locks: its environment settings object), not a task. */
  readonly clientId: string
  /** Since when it has held or waited, in ms since the epoch, where the mechanism wrote it down. */
  readonly since?: number
  /** For which task; not known where the agent passes the lock on among its tasks. */
  readonly task?: string
}

export interface PortSnapshot {
  readonly held: readonly PortLockInfo[]
  readonly pending: readonly PortLockInfo[]
}

export interface LockPort {
  readonly reach: Reach
  /** Questions and answers among the agents that this port excludes. */
  readonly bus: Bus
  /**
   * Resolves when locks can be granted, and rejects with `UnsupportedError` if they never can.
   * Absent where that is so from the start. What is acquired before waits until then.
   */
  readonly ready?: Promise<void>
  acquire(request: PortRequest): Answer
  /** Gives back a granted request. One that is over or lost is left alone. */
  release(request: PortRequest): void
  /** Withdraws a waiting request. No callback follows. */
  cancel(request: PortRequest): void
  /** This agent's requests: of each name, holders in the order of their grants, then waiters. */
  live(): Iterable<PortRequest>
  /** All agents' requests, as far as the mechanism knows them. */
  query(): Promise<PortSnapshot>
  /**
   * Mints `count` fences in a row for a granted exclusive request: integers, each greater than all
   * that were minted for its name before, and than `floor`. Whoever was granted the lock after it
   * mints greater ones: so once somebody else may have minted, it gets none any more.
   * @returns the first; `undefined` if the request does not hold any more
   * @throws CapacityError, UnsupportedError (rejects) where there is nothing to mint with
   */
  mint?(
    request: PortRequest,
    count: number,
    floor: number,
  ): number | undefined | Promise<number | undefined>
}

/**
 * Asked by a thread before it blocks for a request, and now and then while it does.
 * @returns for how many ms it may sleep before it asks again
 * @throws what ends the wait: then it has withdrawn the request
 */
export type BlockedWatch = (request: PortRequest) => number

/** A port whose locks can be waited for by blocking the thread. */
export interface BlockingPort extends LockPort {
  /**
   * Blocks until the lock is granted, or for `timeout` ms: then the request is withdrawn. No
   * callback follows, but `lost` after a grant. A wait that begins is watched by `watch`.
   * @returns whether it was granted
   * @throws UnsupportedError, before anything is queued, where this thread must not block, where a
   *   request of this very agent stands in the way (it could never go on while its thread is
   *   blocked), and where `timeout` is infinite but nobody watches over the death of holders
   */
  acquireBlocking(request: PortRequest, timeout: number, watch?: BlockedWatch): boolean
  /**
   * Whether a granted request still holds, looked up now: a blocked thread hears no callbacks.
   * Calls `lost` before it answers `false` to one that was taken away.
   */
  stillHolds(request: PortRequest): boolean
  /** As `query`, at once. */
  snapshot(): PortSnapshot
}

export function canBlock(port: LockPort): port is BlockingPort {
  return 'acquireBlocking' in port
}

/** The queue of one name in the memory of one agent. */
export interface NearQueue {
  /** Nobody holds it or waits for it. */
  readonly idle: boolean
  acquire(request: PortRequest): Answer
  release(request: PortRequest): void
  cancel(request: PortRequest): void
  /** Holders in the order of their grants, then waiters. */
  live(): Iterable<PortRequest>
}

/** Near enough for locks to be passed on inside one agent: what `cohort` needs in front. */
export interface NearPort {
  /** It must not outlive its far hold, as a worker may outlive what its page holds. */
  readonly reach: 'realm'
  /** A new queue, for one name. */
  open(): NearQueue
}
