/** The way in: `createLocks`. */

import { agentEntries } from './agent-entries'
import {
  checkBoolean,
  checkChoice,
  checkObject,
  checkOptions,
  fairnesses,
  refuse,
} from './arguments'
import {
  type KeyedMutexDescriptor,
  kinds,
  type LockDescriptor,
  type MutexDescriptor,
  policies,
  type RWLockDescriptor,
} from './descriptor'
import type { LockEventListener } from './events'
import { checkExtension, type Extension } from './extension'
import { faceIn, isTask } from './faces'
import { LockFactory } from './factory'
import type { Task } from './hold'
import type { KeyedMutex } from './keyed-mutex'
import type { Mutex } from './mutex'
import { openSpace } from './open-space'
import type { Reach } from './ports/port'
import type { RWLock } from './rw-lock'
import { type LocksSnapshot, snapshot } from './snapshot'
import type { Space } from './space'
import { type Support, supportOf } from './support'
import { NamedTask } from './task'

export interface CreateLocksOptions {
  /** How far the locks must reach. Default `origin`: every tab and worker of this origin. */
  readonly reach?: Reach | undefined
  /**
   * For reach `cluster`, and for it alone: what `createLockMemory` made, in this agent or in the
   * one that sent it here. It is a lock space of its own.
   */
  readonly memory?: SharedArrayBuffer | undefined
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
   * The lock that another agent's `lock.descriptor()` stands for.
   * @throws TypeError for anything that no descriptor looks like
   */
  from(descriptor: MutexDescriptor): Mutex
  from(descriptor: KeyedMutexDescriptor): KeyedMutex
  from(descriptor: RWLockDescriptor): RWLock
  from(descriptor: LockDescriptor): Mutex | KeyedMutex | RWLock
  from(descriptor: LockDescriptor): Mutex | KeyedMutex | RWLock {
    checkObject('descriptor', descriptor)
    const { latchkey, name, fair } = descriptor
    checkChoice('descriptor.latchkey', latchkey, kinds)
    checkChoice('descriptor.fair', fair, fairnesses)
    if (latchkey === 'mutex') return this.mutex(name, { fair })
    if (latchkey === 'keyed-mutex') return this.keyedMutex(name, { fair })
    const { policy } = descriptor
    checkChoice('descriptor.policy', policy, policies)
    return this.rwLock(name, { fair, policy })
  }

  /** Whether anything here reaches that far, and what would. Never throws. */
  support(): Support {
    return supportOf(this.reach, this.space.memory)
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
 *   UnsupportedError for a memory that another version of this library made
 * @example
 * const locks = createLocks()                       // every tab and worker of the origin
 * const cart = locks.mutex('cart')
 * await cart.run(async () => { await save() })      // released on return, throw and abort
 */
export function createLocks(options: CreateLocksOptions = {}): Locks {
  checkOptions(options)
  const { reach = 'origin', memory, callSites, deadlock, order } = options
  if (callSites !== undefined) checkBoolean('callSites', callSites)
  checkExtension('deadlock', deadlock)
  checkExtension('order', order)
  const space = openSpace(reach, memory)
  if (callSites !== undefined) space.callSites = callSites
  deadlock?.install(space)
  order?.install(space)
  return new Locks(space)
}
