/** The way in: `createLocks`. */

import { agentEntries } from './agent-entries'
import {
  checkBoolean,
  checkChoice,
  checkObject,
  checkOptions,
  fairnesses,
  refuse,
  type WaitOptions,
} from './arguments'
import {
  type KeyedMutexDescriptor,
  kinds,
  type LockDescriptor,
  type MutexDescriptor,
  policies,
  type RWLockDescriptor,
  type SemaphoreDescriptor,
} from './descriptor'
import type { LockEventListener } from './events'
import { checkExtension, type Extension } from './extension'
import { faceIn, isTask } from './faces'
import { LockFactory } from './factory'
import type { Hold, Task } from './hold'
import type { KeyedMutex } from './keyed-mutex'
import { Candidate, type Leader, type LeaderOptions } from './leader'
import { Lookout } from './lease/lookout'
import type { Mutex } from './mutex'
import { once } from './once'
import { openSpace } from './open-space'
import type { OriginMechanism, Reach } from './ports/port'
import type { RWLock } from './rw-lock'
import type { Semaphore } from './semaphore/semaphore'
import { type LocksSnapshot, snapshot } from './snapshot'
import type { Space } from './space'
import { type Support, supportOf } from './support'
import { NamedTask } from './task'
import { tellerOf } from './watch/teller'
import type { LocksView, WatchOptions } from './watch/view'
import { watch } from './watch/watcher'

export interface CreateLocksOptions {
  /** How far the locks must reach. Default `origin`: every tab and worker of this origin. */
  readonly reach?: Reach | undefined
  /**
   * For reach `cluster`, and for it alone: what `createLockMemory` made, in this agent or in the
   * one that sent it here. It is a lock space of its own.
   */
  readonly memory?: SharedArrayBuffer | undefined
  /**
   * For reach `origin`: what is to carry the locks, instead of what this origin gives (Web Locks
   * where there are any, else IndexedDB). Another mechanism than that is a lock space of its own:
   * pass the same to all agents, or they do not exclude each other.
   */
  readonly mechanism?: OriginMechanism | undefined
  /**
   * Whether to note where each lock was asked for, for errors and events. Costs a stack trace
   * for each acquisition. Applies to everything in this realm that shares the reach.
   */
  readonly callSites?: boolean | undefined
  /**
   * Finds deadlocks: what `detectDeadlocks` of `latchkey/deadlock` answers. Applies to everything
   * in this realm that shares the reach, as does `order`.
   */
  readonly deadlock?: Extension<'deadlock'> | undefined
  /** Watches over the order of locks: what `checkOrder` of `latchkey/deadlock` answers. */
  readonly order?: Extension<'order'> | undefined
}

export interface LocksStats {
  readonly holds: number
  readonly waits: number
  /** How many different names these stand for. */
  readonly names: number
}

/**
 * All locks of one reach in this page, worker or thread.
 *
 * @example
 * const locks = createLocks()
 * const cart = locks.mutex('cart')
 * await cart.run(async () => { await save() })
 */
export class Locks extends LockFactory {
  readonly reach: Reach

  /** @internal */
  constructor(space: Space) {
    super(space)
    space.newTask = (where, of) => new NamedTask(where, of)
    space.lookout ??= new Lookout(space)
    tellerOf(space)
    this.reach = space.reach
  }

  /**
   * A task with a name of its own: locks made through it are held and waited for on its behalf.
   * @param name what errors and events show; need not be unique
   */
  task(name?: string): Task
  /**
   * The same task, for these locks as well: who holds locks of one reach and waits for those of
   * another one is one task, and detection follows it from one to the other where `detectDeadlocks`
   * was passed to both. Names of different reaches have nothing to do with each other: `cart` of one
   * is not `cart` of another, neither to `ReentrancyError` nor to `checkOrder` nor to `all`.
   *
   * @param task of other locks of this page or worker: `hold.task`, or what `task(name)` answered
   * @throws TypeError for what is neither a name nor a task
   * @example
   * const here = createLocks({ reach: 'realm' })
   * await cart.run(async (hold) => {
   *   await here.task(hold.task).mutex('view').run(async () => { await save() })
   * })
   */
  task(task: Task): Task
  task(name?: string | Task): Task {
    if (isTask(name)) return faceIn(this.space, name)
    if (name !== undefined && typeof name !== 'string') {
      refuse('name', 'be a string, or a task of other locks', name)
    }
    return new NamedTask(this.space, name)
  }

  /**
   * A candidate for the leadership of `name`, which leads once it has campaigned and is elected.
   * @param name as a mutex's; the lock that the leader holds, so it is in use for nothing else
   * @throws TypeError, RangeError for bad arguments, or a name in use for another kind of lock
   * @example
   * const leader = locks.leader('sync')
   * leader.subscribe(({ type }) => console.info(type))
   * const hold = await leader.campaign()
   * await save({ signal: hold.signal })
   * leader.resign()
   */
  leader(name: string, options?: LeaderOptions): Leader {
    return new Candidate(this.space, name, options)
  }

  /**
   * Single flight: runs `fn`, unless a call of the same name is under way anywhere in the reach; then
   * it waits for that one's result. One agent does the work, everybody who called before it was
   * over gets what came of it, and the next call works anew. If whoever does the work dies, one of
   * those who wait does it. At least once: a lost message may cost a second run, never a wrong
   * result.
   *
   * @param name any non-empty string that does not start with `-`; a namespace of its own
   * @param fn gets the hold of the flight's lock, `name!once`. It goes on when its caller gives up.
   *   What it answers goes to other agents by structured cloning
   * @param options `signal` and `timeout` (ms, at least 1) end the wait of this caller for the
   *   result, also of his own `fn`
   * @returns the result; callers in one agent get the same value, not a copy each
   * @throws (rejects) what `fn` threw, in all; in other agents an error keeps its message, name and
   *   code. `TypeError` in other agents for a result that cannot be cloned; `signal.reason`,
   *   `TimeoutError`; `LockLostError` if the lock was stolen; `ReentrancyError` if `fn` calls for
   *   itself before it first waits; `UnsupportedError` where nothing reaches far enough
   * @example
   * const token = await locks.once('token', async () => load())
   */
  async once<T>(
    name: string,
    fn: (hold: Hold) => T | PromiseLike<T>,
    options?: WaitOptions,
  ): Promise<T> {
    const { space } = this
    return once(space, space.site ?? space.trace(2), name, fn, options)
  }

  /**
   * The lock that another agent's `lock.descriptor()` stands for.
   * @throws TypeError for anything that no descriptor looks like
   */
  from(descriptor: MutexDescriptor): Mutex
  from(descriptor: KeyedMutexDescriptor): KeyedMutex
  from(descriptor: RWLockDescriptor): RWLock
  from(descriptor: SemaphoreDescriptor): Semaphore
  from(descriptor: LockDescriptor): Mutex | KeyedMutex | RWLock | Semaphore
  from(descriptor: LockDescriptor): Mutex | KeyedMutex | RWLock | Semaphore {
    checkObject('descriptor', descriptor)
    const { latchkey, name, fair } = descriptor
    checkChoice('descriptor.latchkey', latchkey, kinds)
    checkChoice('descriptor.fair', fair, fairnesses)
    if (latchkey === 'mutex') return this.mutex(name, { fair })
    if (latchkey === 'keyed-mutex') return this.keyedMutex(name, { fair })
    if (latchkey === 'semaphore') return this.semaphore(name, descriptor.permits, { fair })
    const { policy } = descriptor
    checkChoice('descriptor.policy', policy, policies)
    return this.rwLock(name, { fair, policy })
  }

  /** Whether anything here reaches that far, and what would. Never throws. */
  support(): Support {
    return supportOf(this.reach, this.space.wish)
  }

  /**
   * Resolves when locks can be had. Only who blocks needs it: `acquireSync` and `runSync` cannot wait
   * for an agent to get ready, all else does so by itself.
   * @throws UnsupportedError (rejects)
   */
  async ready(): Promise<void> {
    await this.space.ports.strict.ready
  }

  /**
   * Who holds what, as far as the reach goes: this agent's by task, the others' as the mechanism
   * lists them (under a cohort, one entry may stand for many).
   * @throws UnsupportedError (rejects)
   */
  async query(): Promise<LocksSnapshot> {
    return snapshot(this.space)
  }

  /** What is alive in this agent now: for watching leaks. Costs nothing to lock users. */
  stats(): LocksStats {
    const names = new Set<string>()
    let holds = 0
    let waits = 0
    for (const { name, held } of this.space.opened ? agentEntries(this.space) : []) {
      names.add(name)
      if (held) holds++
      else waits++
    }
    return { holds, waits, names: names.size }
  }

  /**
   * Shows who holds which lock and who waits for it, in all agents of the lock space (where the reach
   * is `realm`, in this one), for as long as it is watched: when the watch begins, and whenever that
   * has changed. Agents that answer are shown by task; what only the mechanism knows of, as users of
   * `navigator.locks` itself, as `unknown`, half a second later or so.
   *
   * It costs the locks next to nothing: what happens faster than it is shown is left out. An agent
   * tells its first 1,000 holds and waits. For all that happens in this agent use `subscribe`.
   *
   * @returns what stops it
   * @throws TypeError, RangeError for bad arguments; UnsupportedError where nothing reaches that far
   * @example
   * const stop = locks.watch(({ locks }) => {
   *   for (const { name, holders, waiters } of locks) console.log(name, holders, waiters)
   * })
   * await locks.mutex('cart').run(async () => { await save() })
   * stop()
   */
  watch(listener: (view: LocksView) => void, options?: WatchOptions): () => void {
    return watch(this.space, listener, options)
  }

  /**
   * Calls back for everything that happens to the locks of this reach in this agent.
   * @returns what stops it
   */
  subscribe(listener: LockEventListener): () => void {
    return this.space.subscribe(listener)
  }
}

/**
 * The locks of one reach. Two calls with one reach, in one page or worker, share their locks.
 * Nothing of the environment is touched before the first acquisition, so this is safe in
 * server-side rendering; where nothing reaches that far, the first acquisition rejects with
 * `UnsupportedError`, and `locks.support()` tells beforehand.
 *
 * @throws TypeError for an unknown reach, and for other bad options;
 *   UnsupportedError for a memory that another version of this library made, and beside a copy of
 *   another version in the same page
 * @example
 * const locks = createLocks()                       // every tab and worker of the origin
 * const cart = locks.mutex('cart')
 * await cart.run(async () => { await save() })      // released on return, throw and abort
 */
export function createLocks(options: CreateLocksOptions = {}): Locks {
  checkOptions(options)
  const { reach = 'origin', memory, mechanism, callSites, deadlock, order } = options
  if (callSites !== undefined) checkBoolean('callSites', callSites)
  checkExtension('deadlock', deadlock)
  checkExtension('order', order)
  const space = openSpace(reach, { memory, mechanism })
  if (callSites !== undefined) space.callSites = callSites
  deadlock?.install(space)
  order?.install(space)
  return new Locks(space)
}
