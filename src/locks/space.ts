/**
 * One lock space: everything in this realm that shares the locks of one reach. Two
 * `createLocks` of one reach get the same one, also from two bundled copies of the library.
 *
 * A space touches nothing of its environment before the first acquisition, so that it can be
 * made where there is nothing to lock with, as in server-side rendering.
 */

import { checkFunction, type Fairness, refuse, type WaitOptions } from './arguments'
import type { Site } from './call-site'
import { Carrier, type Owner, type Ports } from './carrier'
import type { Clock } from './clock'
import { UnsupportedError } from './errors'
import type { LockEvent, LockEventListener, LockEventType } from './events'
import type { Task } from './hold'
import type { LeaseKeeper } from './lease/keeper'
import type { Lookout } from './lease/lookout'
import type { Flights } from './once-flights'
import type { BlockedWatch, Reach } from './ports/port'
import { answerQuestions } from './questions'
import { remember } from './remember'
import type { SemaphorePort } from './semaphore/semaphore-port'
import { show } from './show'
import type { Wish } from './support'
import type { TaskHold } from './task-hold'
import type { Teller } from './watch/teller'
import type { Watcher } from './watch/watcher'

export type LockKind =
  | 'mutex'
  | 'keyed mutex'
  | 'RW lock (phase-fair)'
  | 'RW lock (fifo)'
  | 'leader'
  | `semaphore of ${number}`

/** What locks are called that semaphores, leases and single flights need: refused in users' names. */
const reserved = /!(q|t|s\d+|once)$|!l:/

/** How many names' kinds are remembered, to refuse one name for two kinds of lock. */
const kindsRemembered = 1000

interface Detection {
  settings: object
  waits(hold: TaskHold, options: WaitOptions | undefined): void
  /** Looks into the waits of a thread that blocks. */
  readonly watch: BlockedWatch
  /** Whose `run` callback of another lock space is in its synchronous beginning. */
  readonly ambientElsewhere: TaskRecord | undefined
}

interface OrderCheck {
  settings: object
  asks(hold: TaskHold): void
}

/** Counts and times what happens, where `record` of `latchkey/observe` looks on. */
export interface Recorder {
  /** Of all but requests: they are counted by what becomes of them. */
  hears(what: LockEventType, of: TaskHold, details?: object): void
  /** It begins to wait; or it blocks, and may not have to. */
  waits(hold: TaskHold, blocks?: boolean): void
}

export class Space extends Carrier {
  readonly agent = Math.random().toString(36).slice(2, 10)
  /** What listens to events; absent while nobody does, so that locking pays nothing. */
  emit: ((type: LockEventType, of: TaskHold, details?: object) => void) | undefined
  /** The same for all but requests, grants and releases: there may be listeners for these alone. */
  emitRare: Space['emit']
  /** Whether anything was ever acquired here. */
  opened = false
  /** Whether call sites are recorded. */
  callSites = false
  /** Where the acquisitions that are asked for now belong, if not to whoever calls. */
  site: Site | undefined
  /** Set by whoever makes locks: what only passes ports on knows no tasks, and need not load them. */
  declare newTask: (space: Space, of?: string | TaskRecord) => TaskRecord
  /** All lock spaces of its realm, where there are more. */
  declare neighbours: Neighbours | undefined
  /** Hears of waits that begin, where `detectDeadlocks` was passed in. */
  declare detector: Detection | undefined
  /** Hears of what is asked for, before it is, where `checkOrder` was passed in. */
  declare order: OrderCheck | undefined
  /** Hears everything, without the price of an event. */
  declare recorder: Recorder | undefined
  /** Looks whether what is waited for may be taken. */
  declare lookout: Lookout | undefined
  /** The leases of this agent's holds, since there was one. */
  declare leases: LeaseKeeper | undefined
  /** Single flights, once somebody called `once`. */
  declare flights: Flights | undefined
  /** Where semaphores are carried, once there is one. */
  declare semaphores: Readonly<Record<Fairness, SemaphorePort>> | undefined
  /** Whether what is asked for now is part of `all`. */
  declare together: boolean | undefined
  #serial = 0
  /** Tells those who watch; set by whoever makes locks. */
  declare teller: Teller | undefined
  /** Watches over all agents, while somebody here does. */
  declare watcher: Watcher | undefined
  readonly #listeners = new Set<LockEventListener>()
  readonly #rare = new Set<LockEventListener>()
  readonly #notes = new Set<Set<string>>()
  #once = new Set<() => void>()
  readonly #kinds = new Map<string, LockKind>()

  constructor(
    readonly reach: Reach,
    /** Finds the mechanism; throws `UnsupportedError` where there is none. */
    open: (space: Space) => Ports,
    clock?: Clock,
    /** Where the locks are, at reach `cluster`; what carries them, at `origin`, if not the usual. */
    readonly wish: Wish = {},
  ) {
    super(() => open(this), clock)
  }

  override get ports(): Ports {
    const ports = super.ports
    if (!this.opened) {
      this.opened = true
      answerQuestions(this)
      this.teller?.open()
    }
    return ports
  }

  /** Whose `run` callback is in its synchronous beginning, here or where detection leads from here. */
  override get owner(): TaskRecord | undefined {
    return (super.owner as TaskRecord | undefined) ?? this.detector?.ambientElsewhere
  }

  override newOwner(): TaskRecord {
    return this.newTask(this)
  }

  /** An id no other agent of the lock space gives. */
  nextId(): string {
    return `${this.agent}-${++this.#serial}`
  }

  /** Refuses one name for two kinds of lock, as far back as it is remembered. */
  claim(name: string, kind: LockKind): void {
    const known = this.#kinds.get(name)
    if (known === kind) return
    if (known !== undefined) {
      throw new TypeError(`name ${show(name)} is in use for a ${known}, not for a ${kind}`)
    }
    if (reserved.test(name)) {
      const must =
        "not contain '!l:' or end with '!once', '!q', '!t', or '!s' and a number (reserved)"
      refuse('name', must, name, RangeError)
    }
    remember(this.#kinds, name, kind, kindsRemembered)
  }

  /** @param ownFrames how many calls come before the user's code, this one included */
  trace(ownFrames: number): Site | undefined {
    return this.callSites ? { error: new Error(), ownFrames } : undefined
  }

  /** What `ask` asks for at once belongs to `site`. As it answers a promise, it does not throw. */
  tracedTo<T>(site: Site | undefined, ask: () => Promise<T>): Promise<T> {
    this.site = site
    const answer = ask()
    this.site = undefined
    return answer
  }

  subscribe(callback: LockEventListener): () => void {
    checkFunction('listener', callback)
    return this.#hear(this.#listeners, callback)
  }

  /** As `subscribe`, but for what happens all the time: requests, grants and releases. */
  subscribeRare(callback: LockEventListener): () => void {
    return this.#hear(this.#rare, callback)
  }

  #hear(listeners: Set<LockEventListener>, callback: LockEventListener): () => void {
    // A function of its own, so that subscribing one twice takes unsubscribing twice.
    const listener: LockEventListener = (event) => callback(event)
    listeners.add(listener)
    this.#listen()
    return () => {
      listeners.delete(listener)
      this.#listen()
    }
  }

  /**
   * Calls back at the next thing that happens, and not again: no event is made for it, so that who
   * only wants to look now and then costs nothing in between.
   * @returns what stops it
   */
  next(callback: () => void): () => void {
    const once = () => callback()
    this.#once.add(once)
    this.#listen()
    return () => {
      this.#once.delete(once)
      this.#listen()
    }
  }

  /**
   * Notes the names of all locks to which something happens, for a moment: of no events either.
   * @returns what stops it
   */
  note(names: Set<string>): () => void {
    this.#notes.add(names)
    this.#listen()
    return () => {
      this.#notes.delete(names)
      this.#listen()
    }
  }

  #listen(): void {
    const all = this.#listeners.size + this.#once.size + this.#notes.size
    this.emit = all === 0 ? undefined : this.#tell
    this.emitRare = all + this.#rare.size === 0 ? undefined : this.#tell
  }

  readonly #tell = (type: LockEventType, of: TaskHold, details?: object): void => {
    if (this.#once.size > 0) {
      const once = this.#once
      this.#once = new Set()
      this.#listen()
      for (const callback of once) callback()
    }
    if (this.#notes.size > 0) for (const names of this.#notes) names.add(of.name)
    if (this.#listeners.size === 0 && (isCommon(type) || this.#rare.size === 0)) return
    const { task, name, mode, id, site } = of
    const event = {
      type,
      time: performance.timeOrigin + this.clock.now(),
      agent: this.agent,
      task: task.name,
      lock: name,
      mode,
      request: id,
      site,
      ...details,
    } as LockEvent
    tell(this.#listeners, event)
    if (!isCommon(type)) tell(this.#rare, event)
  }
}

/** Whether that happens with each acquisition. */
export function isCommon(type: LockEventType): boolean {
  return type === 'request' || type === 'grant' || type === 'release'
}

/** A listener that throws must not keep a lock held, nor another listener uninformed. */
function tell(listeners: Iterable<LockEventListener>, event: LockEvent): void {
  for (const each of listeners) {
    try {
      each(event)
    } catch (error) {
      // As `reportError`, which Node lacks.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

/** A task with what the library needs to know of it: its face in one lock space. */
export interface TaskRecord extends Task, Owner {
  /** Where it holds what it holds. */
  readonly space: Space
  /** When it was made, in ms since the epoch. */
  readonly since: number
  /** What it is in each lock space, shared by all of these, once it spans more than one. */
  faces: Map<Space, TaskRecord> | undefined
}

/** The lock spaces of one realm. That of a memory is gone when nobody has it any more. */
export type Neighbours = { deref(): Space | undefined }[]

/** All spaces of this realm, whichever copy of the library made them. */
interface Registry {
  /** By reach, and by what carries it where that is not the usual. */
  readonly spaces: Map<string, Space>
  /** What copies must agree on to share spaces. */
  readonly protocol: number
  /** A memory is a lock space of its own, and gone when nobody has it any more. */
  readonly memories: WeakMap<SharedArrayBuffer, Space>
  readonly neighbours: Neighbours
}

const protocol = 2
const registryKey = Symbol.for('latchkey')

/** The space that is kept under a word or of a memory, made by `make` if this realm has none yet. */
export function spaceOf(
  key: string,
  memory: SharedArrayBuffer | undefined,
  make: () => Space,
): Space {
  const realm = globalThis as { [registryKey]?: Registry }
  realm[registryKey] ??= {
    protocol,
    spaces: new Map(),
    memories: new WeakMap(),
    neighbours: [],
  }
  const registry = realm[registryKey]
  if (registry.protocol !== protocol) {
    throw new UnsupportedError(
      `another copy of Latchkey here speaks protocol ${registry.protocol}, not ${protocol}: bundle one version`,
    )
  }
  const known = memory === undefined ? registry.spaces.get(key) : registry.memories.get(memory)
  if (known !== undefined) return known
  const space = make()
  if (memory === undefined) registry.spaces.set(key, space)
  else registry.memories.set(memory, space)
  // What is there for good need not be asked whether it still is, which costs.
  const own = memory === undefined ? { deref: () => space } : new WeakRef(space)
  meet(space, own, registry.neighbours)
  return space
}

/** They are of one realm: a task may span them. */
export function meet(space: Space, own: Neighbours[number], neighbours: Neighbours): void {
  const living = neighbours.filter((each) => each.deref() !== undefined)
  neighbours.splice(0, neighbours.length, ...living, own)
  space.neighbours = neighbours
}
