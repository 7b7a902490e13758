/**
 * Locks in shared memory: every agent that was handed the memory, in the order in which the table
 * (`table.ts`) was asked. Reach `cluster`.
 *
 * What it promises beyond every port:
 * - what is free is granted at once, for some dozens of atomic operations, from the moment on that
 *   the agent is attached (`ready`): before that others could not prove its death;
 * - `acquireBlocking` waits with the thread;
 * - an agent's death is noticed by its presence alone. What it held goes on to the next one, who
 *   is told (`abandoned`), as are all readers before the next writer;
 * - an event loop is never held up for more than a moment's spinning. A request that finds the
 *   table's latch taken waits in an outbox, in order; giving back and withdrawing never wait.
 *
 * What it cannot do: a thread that does not return to its event loop watches over nobody.
 */

import { type Clock, systemClock } from '../../clock'
import { CapacityError } from '../../errors'
import type { Presence } from '../../presence/presence'
import { type Bus, broadcastBus } from '../bus'
import type { Answer, BlockedWatch, BlockingPort, PortRequest, PortSnapshot } from '../port'
import { Agents } from './agents'
import { Attachment, type AttachmentOwner } from './attachment'
import { Blocking, threadMayBlock } from './blocking'
import { checkLockMemory, memoryId } from './create-lock-memory'
import { Delivery } from './delivery'
import { bit, everyNode, kind, kindOf, readLayout } from './layout'
import { Outbox } from './outbox'
import { type Entry, OwnRequests } from './own-requests'
import type { Seat } from './seat'
import { full, refused, type Table } from './table'
import { snapshotOf } from './table-snapshot'
import { type WaitAsync, waitAsyncOn } from './wait-async'
import { AtomicWords, type Words } from './words'

export interface SharedMemoryOptions {
  /** Makes a presence for this agent: one for each time that it attaches. */
  readonly presence: () => Presence
  readonly clock?: Clock
  /** Default: a `BroadcastChannel` whose name contains the memory's id. */
  readonly bus?: Bus
  readonly words?: Words
  /** Default: the engine's own. `null`: there is none, so look again and again. */
  readonly waitAsync?: WaitAsync | null
  /** How often to look whether a latch is free, or a blocking wait over, before sleeping. */
  readonly spins?: number
  /** After how many ms whoever waits looks again, whatever he may have missed. */
  readonly slice?: number
  /** Whether this thread may block. Default: as the engine says. */
  readonly mayBlock?: boolean
  /** Where `pagehide` and `pageshow` are heard; default: the window, if there is one. */
  readonly lifecycle?: readonly EventTarget[]
}

/** A section under the latch takes less than a microsecond, if its thread is not interrupted. */
const defaultSpins = 200
const defaultSlice = 100
/** Without `waitAsync`, in ms: the least that the timers of browsers take. */
const pollSlice = 4

export class SharedMemoryPort implements BlockingPort, AttachmentOwner {
  readonly reach = 'cluster'
  readonly bus: Bus
  readonly words: Words
  readonly clock: Clock
  readonly spins: number
  readonly agents: Agents
  /** @internal */
  readonly own = new OwnRequests()
  /** @internal */
  readonly delivery: Delivery
  readonly #attachment: Attachment
  readonly #outbox: Outbox
  readonly #waitAsync: WaitAsync | null
  readonly #slice: number
  readonly #blocking: Blocking
  #stopTick: (() => void) | undefined
  #stopListening: (() => void) | undefined

  /**
   * @throws TypeError, UnsupportedError for a memory that is not one of this version's
   *   `createLockMemory`
   */
  constructor(memory: SharedArrayBuffer, options: SharedMemoryOptions) {
    checkLockMemory(memory)
    this.words = options.words ?? new AtomicWords(memory)
    this.clock = options.clock ?? systemClock
    this.bus = options.bus ?? broadcastBus(`latchkey cluster ${memoryId(this.words)}`)
    this.spins = options.spins ?? defaultSpins
    this.agents = new Agents(this.words, readLayout(this.words))
    const { waitAsync = waitAsyncOn(memory), slice = defaultSlice } = options
    this.#waitAsync = waitAsync
    this.#slice = waitAsync === null ? Math.min(slice, pollSlice) : slice
    const mayBlock = options.mayBlock ?? threadMayBlock()
    this.#blocking = new Blocking(this, mayBlock, slice)
    this.delivery = new Delivery(this.agents, this.bus, this.clock, (at) => this.heard(at))
    this.#outbox = new Outbox(this.own, () => this.capacityError())
    const { presence, lifecycle = pageLifecycle() } = options
    this.#attachment = new Attachment(this, presence, waitAsync, lifecycle)
    this.#attachment.ready = this.#attachment.attach()
  }

  get ready(): Promise<void> {
    return this.#attachment.ready
  }

  /** @internal While this agent is attached. */
  get seat(): Seat | undefined {
    return this.#attachment.seat
  }

  /** @internal Why it never will be. */
  get failure(): Error | undefined {
    return this.#attachment.failure
  }

  acquire(request: PortRequest): Answer {
    const { own, seat } = this
    const entry = own.add(request)
    if (seat === undefined || this.#outbox.hasRequests || !seat.enter(this.spins)) {
      this.#defer(entry)
      return 'waiting'
    }
    const { name, mode, ifAvailable, steal = false } = request
    const bits = mode === 'exclusive' ? bit.exclusive : 0
    const at = seat.table.ask(name, bits, ifAvailable, steal)
    seat.exit()
    if (at > 0) {
      this.hold(entry, at)
    } else if (at === refused) {
      own.remove(entry)
    } else {
      if (at === full) this.#defer(entry)
      else own.wait(entry, -at)
      this.#keepTicking()
    }
    if (this.#waitAsync === null) this.#keepTicking()
    // The robbed hear of it at once, now that the books are in order.
    if (steal) this.delivery.now(seat)
    else this.delivery.soon(seat)
    return at > 0 ? 'granted' : at === refused ? 'refused' : 'waiting'
  }

  release(request: PortRequest): void {
    const entry = request.slot as Entry | undefined
    if (entry?.phase === 'held') this.end(entry, true)
  }

  cancel(request: PortRequest): void {
    const entry = request.slot as Entry | undefined
    if (entry?.phase === 'asked' || entry?.phase === 'waiting') this.end(entry, false)
  }

  acquireBlocking(request: PortRequest, timeout: number, watch?: BlockedWatch): boolean {
    return this.#blocking.acquire(request, timeout, watch)
  }

  stillHolds(request: PortRequest): boolean {
    const entry = request.slot as Entry | undefined
    if (entry?.phase !== 'held') return false
    this.#look(entry)
    return entry.request === request
  }

  snapshot(): PortSnapshot {
    const { seat } = this
    if (seat === undefined || !this.#blocking.enter(seat, this.#slice)) {
      return { held: [], pending: [] }
    }
    const snapshot = snapshotOf(seat.table, this.agents)
    seat.exit()
    this.delivery.soon(seat)
    return snapshot
  }

  live(): Iterable<PortRequest> {
    return this.own.inOrder()
  }

  query(): Promise<PortSnapshot> {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    return this.#ask((table) => snapshotOf(table, this.agents))
  }

  mint(
    request: PortRequest,
    count: number,
    floor: number,
  ): number | undefined | Promise<number | undefined> {
    const mint = (table: Table) => {
      const entry = request.slot as Entry | undefined
      if (entry?.phase !== 'held') return undefined
      return table.mint(entry.at, count, floor) || undefined
    }
    const { seat } = this
    if (seat === undefined) return undefined
    if (!seat.enter(this.spins)) return this.#ask(mint)
    try {
      return mint(seat.table)
    } finally {
      seat.exit()
      this.delivery.soon(seat)
    }
  }

  /** Leaves the memory: what it held is lost, what it waited for fails. */
  close(): void {
    this.#attachment.close()
  }

  /** @internal A request is over; `told`: its user knew that it was held. */
  end(entry: Entry, told: boolean): void {
    const { seat } = this
    const { at } = entry
    const isKept = seat !== undefined && entry.keeps !== 0 && this.#blocking.keep(seat, entry)
    this.#outbox.drop(entry)
    this.own.remove(entry)
    if (seat !== undefined && at !== 0 && !isKept) {
      if (seat.enter(this.spins)) {
        seat.table.finish(at, told)
        seat.exit()
      } else {
        seat.table.end(at, told)
      }
      this.delivery.now(seat)
    }
    if (this.#stopTick !== undefined) this.#restIfIdle()
  }

  /** @internal The table says so. */
  hold(entry: Entry, at: number): void {
    const { request } = entry
    this.own.hold(entry, at)
    if (request === undefined) return
    request.grantedAt = this.clock.coarse()
    // A thief may change the state meanwhile, but not this bit of it.
    if ((this.words.read(at) & bit.abandoned) !== 0) request.abandoned = true
  }

  /** Something has become of this node, or of any of this agent's. */
  heard(at: number): void {
    const entry = at === everyNode ? undefined : this.own.waiter(at)
    // One that is not waited for was lost, or is over.
    for (const each of entry === undefined ? this.own.all() : [entry]) this.#look(each)
  }

  /** Does what waits for the latch, if that is free. */
  proceed(): void {
    const { seat } = this
    if (seat === undefined || (this.#outbox.isEmpty && seat.watching.dead.size === 0)) return
    if (!seat.enter(this.spins)) {
      seat.awaitLatch()
      this.#keepTicking()
      return
    }
    const answers = this.#outbox.send(seat.table, (at) => this.heard(at))
    seat.exit()
    this.delivery.now(seat)
    for (const answer of answers) answer()
    if (this.#stopTick !== undefined) this.#restIfIdle()
  }

  attached(seat: Seat): void {
    if (this.#waitAsync === null) {
      this.#stopListening = this.delivery.listen(seat)
    }
    this.proceed()
  }

  leaving({ table }: Seat): void {
    this.#blocking.yield()
    for (const { at, phase } of this.own.all()) if (at !== 0) table.end(at, phase === 'held')
  }

  detached(): void {
    this.#blocking.forget()
    this.#stopListening?.()
    const held: PortRequest[] = []
    for (const entry of this.own.all()) {
      const { phase, request } = entry
      if (phase === 'held') {
        this.own.remove(entry)
        if (request !== undefined) held.push(request)
      } else if (phase === 'waiting') {
        this.own.askAgain(entry)
        this.#outbox.put(entry)
      }
    }
    for (const request of held) request.lost('gone')
  }

  refused(failure: Error): void {
    this.#outbox.fail(failure)
    this.#restIfIdle()
  }

  /** @internal Whether this agent's own request for the name is still on its way. */
  isDeferred(name: string): boolean {
    return this.#outbox.has(name)
  }

  /** @internal */
  capacityError(): CapacityError {
    const bytes = this.words.length * 4
    return new CapacityError(
      `the lock memory of ${bytes} bytes is full: give createLockMemory({ bytes: ${bytes * 2} })`,
    )
  }

  /** Once the latch can be had. */
  #ask<T>(look: (table: Table) => T): Promise<T> {
    const answer = this.#outbox.ask(look)
    this.proceed()
    this.#keepTicking()
    return answer
  }

  #defer(entry: Entry): void {
    this.#outbox.put(entry)
    const { failure } = this
    if (failure !== undefined) this.clock.soon(() => this.refused(failure))
    this.seat?.awaitLatch()
    this.#keepTicking()
  }

  /** Sees what has become of a request. */
  #look(entry: Entry): void {
    const { request, at, phase } = entry
    if (request === undefined || at === 0) return
    if (phase === 'waiting') {
      if (kindOf(this.words.load(at)) === kind.waiting) return
      this.hold(entry, at)
      request.granted()
      // It may be over, and another one's entry by now.
      if (entry.request !== request) return
    }
    if (entry.phase !== 'held' || kindOf(this.words.load(at)) !== kind.lost) return
    this.end(entry, true)
    request.lost('stolen')
  }

  get #isIdle(): boolean {
    if (this.own.pending > 0 || this.#outbox.hasQuestions) return false
    // Without a sleeper on the mail, holders have to look whether they were robbed.
    return this.#waitAsync !== null || this.own.isEmpty
  }

  /** Also keeps a Node process alive while somebody waits: sleeping on a word does not. */
  #keepTicking(): void {
    if (this.#isIdle) return
    this.#stopTick ??= this.clock.after(this.#slice, () => {
      this.#stopTick = undefined
      this.#tick()
      this.#keepTicking()
    })
  }

  #restIfIdle(): void {
    if (!this.#isIdle) return
    this.#stopTick?.()
    this.#stopTick = undefined
  }

  /** Looks at everything that somebody may have died before telling. */
  #tick(): void {
    const { seat } = this
    if (seat === undefined) return
    seat.hear()
    this.heard(everyNode)
    seat.table.tidy()
    this.delivery.now(seat)
    if (this.seat !== seat) return
    const waiting = this.own.all().filter(({ phase }) => phase === 'waiting')
    seat.watchBefore(
      waiting.map(({ at }) => at),
      this.spins,
    )
    this.proceed()
  }
}

function pageLifecycle(): EventTarget[] {
  return typeof window === 'undefined' ? [] : [window]
}
