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
import { CapacityError, UnsupportedError } from '../../errors'
import type { Presence } from '../../presence/presence'
import { type Bus, broadcastBus } from '../bus'
import type { Answer, BlockingPort, PortRequest, PortSnapshot } from '../port'
import { Agents } from './agents'
import { Blocking, threadMayBlock } from './blocking'
import { checkLockMemory, memoryId } from './create-lock-memory'
import { agentFlag, bit, everyNode, kind, kindOf, readLayout } from './layout'
import { type Entry, OwnRequests } from './own-requests'
import { Seat } from './seat'
import { full, refused } from './table'
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

/** To an agent that cannot sleep on its mail: it has some. */
interface Knock {
  readonly latchkey: 1
  readonly type: 'mail'
  /** Its presence. */
  readonly to: string
}

export class SharedMemoryPort implements BlockingPort {
  readonly reach = 'cluster'
  readonly bus: Bus
  readonly words: Words
  readonly clock: Clock
  readonly spins: number
  readonly agents: Agents
  readonly own = new OwnRequests()
  /** While this agent is attached. */
  seat: Seat | undefined
  /** Why it never will be. */
  failure: Error | undefined
  readonly #options: SharedMemoryOptions
  readonly #waitAsync: WaitAsync | null
  readonly #slice: number
  readonly #blocking: Blocking
  readonly #outbox = new Set<Entry>()
  #questions: ((snapshot: PortSnapshot) => void)[] = []
  #ready: Promise<void>
  #presence: Presence | undefined
  #delivering = false
  #deliversSoon = false
  #stopTick: (() => void) | undefined
  #stopListening: (() => void) | undefined

  /**
   * @throws TypeError, UnsupportedError for a memory that is not one of this version's
   *   `createLockMemory`
   */
  constructor(memory: SharedArrayBuffer, options: SharedMemoryOptions) {
    checkLockMemory(memory)
    this.#options = options
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
    for (const target of options.lifecycle ?? pageLifecycle()) {
      target.addEventListener('pagehide', () => this.#hide())
      target.addEventListener('pageshow', () => this.#show())
    }
    this.#ready = this.#attach()
  }

  get ready(): Promise<void> {
    return this.#ready
  }

  acquire(request: PortRequest): Answer {
    const { own, seat } = this
    const entry = own.add(request)
    if (seat === undefined || this.#outbox.size > 0 || !seat.enter(this.spins)) {
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
    // The robbed hear of it at once, when the books are in order.
    this.#afterwards(seat, steal)
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

  acquireBlocking(request: PortRequest, timeout: number): boolean {
    return this.#blocking.acquire(request, timeout)
  }

  stillHolds(request: PortRequest): boolean {
    const entry = request.slot as Entry | undefined
    if (entry?.phase !== 'held') return false
    this.#look(entry)
    return entry.request === request
  }

  snapshot(): PortSnapshot {
    const { seat } = this
    if (seat === undefined || !this.#blocking.enter(seat, this.#slice))
      return { held: [], pending: [] }
    const snapshot = snapshotOf(seat.table, this.agents)
    seat.exit()
    this.#afterwards(seat, false)
    return snapshot
  }

  live(): Iterable<PortRequest> {
    return this.own.inOrder()
  }

  query(): Promise<PortSnapshot> {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    return new Promise((resolve) => {
      this.#questions.push(resolve)
      this.proceed()
      this.#keepTicking()
    })
  }

  /** Leaves the memory: what it held is lost, what it waited for fails. */
  close(): void {
    this.failure ??= new UnsupportedError('these locks were closed')
    this.#hide()
    this.#fail()
  }

  /** @internal A request is over; `told`: its user knew that it was held. */
  end(entry: Entry, told: boolean): void {
    const { seat } = this
    const { at } = entry
    this.#outbox.delete(entry)
    this.own.remove(entry)
    if (seat !== undefined && at !== 0) {
      if (seat.enter(this.spins)) {
        seat.table.finish(at, told)
        seat.exit()
      } else {
        seat.table.end(at, told)
      }
      this.#afterwards(seat, true)
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

  /** @internal What the latch brought with it for others. */
  afterwards(seat: Seat): void {
    this.#afterwards(seat, false)
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
    const idle = this.#outbox.size === 0 && this.#questions.length === 0
    if (seat === undefined || (idle && seat.watching.dead.size === 0)) return
    if (!seat.enter(this.spins)) {
      seat.awaitLatch()
      this.#keepTicking()
      return
    }
    const answers: (() => void)[] = []
    const entries = [...this.#outbox]
    this.#outbox.clear()
    for (const entry of entries) this.#enterNow(seat, entry, answers)
    if (this.#questions.length > 0) {
      const snapshot = snapshotOf(seat.table, this.agents)
      for (const resolve of this.#questions.splice(0)) answers.push(() => resolve(snapshot))
    }
    seat.exit()
    this.#afterwards(seat, true)
    for (const answer of answers) answer()
    if (this.#stopTick !== undefined) this.#restIfIdle()
  }

  /** @internal Whether this agent's own request for the name is still on its way. */
  isDeferred(name: string): boolean {
    if (this.#outbox.size === 0) return false
    for (const { request } of this.#outbox) if (request?.name === name) return true
    return false
  }

  /** @internal */
  capacityError(): CapacityError {
    const bytes = this.words.length * 4
    return new CapacityError(
      `the lock memory of ${bytes} bytes is full: give createLockMemory({ bytes: ${bytes * 2} })`,
    )
  }

  #defer(entry: Entry): void {
    this.#outbox.add(entry)
    if (this.failure !== undefined) this.clock.soon(() => this.#fail())
    this.seat?.awaitLatch()
    this.#keepTicking()
  }

  /** Latch only; what has to be told is told later. */
  #enterNow({ table }: Seat, entry: Entry, answers: (() => void)[]): void {
    const { request } = entry
    if (request === undefined) return
    const { name, mode, ifAvailable, steal = false } = request
    const bits = mode === 'exclusive' ? bit.exclusive : 0
    const at = table.ask(name, bits, ifAvailable, steal)
    if (at < full) {
      this.own.wait(entry, -at)
    } else if (at > 0) {
      // Others may withdraw it, or steal from it, before it is told.
      this.own.wait(entry, at)
      answers.push(() => this.heard(at))
    } else {
      answers.push(() => {
        if (entry.request !== request) return
        this.own.remove(entry)
        if (at === refused) request.refused()
        else request.failed(this.capacityError())
      })
    }
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

  #afterwards(seat: Seat, mayTell: boolean): void {
    const { due, written } = seat.table.mail
    if (written.length > 0) this.#knock(written.splice(0))
    if (due.length === 0 || this.#delivering) return
    if (mayTell) {
      this.#deliver(seat)
    } else if (!this.#deliversSoon) {
      this.#deliversSoon = true
      this.clock.soon(() => {
        this.#deliversSoon = false
        this.#deliver(seat)
      })
    }
  }

  /** Tells this agent's own requests. What they do in answer is told in its turn, not inside. */
  #deliver(seat: Seat): void {
    const { due } = seat.table.mail
    this.#delivering = true
    try {
      while (due.length > 0) for (const at of due.splice(0)) this.heard(at)
    } finally {
      this.#delivering = false
    }
  }

  #knock(slots: readonly number[]): void {
    for (const slot of slots) {
      if (!this.agents.hasFlag(slot, agentFlag.polls)) continue
      this.bus.post({ latchkey: 1, type: 'mail', to: this.agents.id(slot) } satisfies Knock)
    }
  }

  #attach(former = 0): Promise<void> {
    let presence: Presence
    try {
      presence = this.#options.presence()
    } catch (error) {
      return this.#refuse(error)
    }
    this.#presence = presence
    presence.lost.then(() => this.#lose(presence))
    if (presence.established) {
      try {
        this.#sit(presence, former)
      } catch (error) {
        return this.#refuse(error)
      }
      return Promise.resolve()
    }
    return presence.ready
      .then(() => this.#sit(presence, former))
      .catch((error) => this.#refuse(error))
  }

  #refuse(error: unknown): Promise<never> {
    this.failure = error instanceof Error ? error : new UnsupportedError(String(error))
    this.#fail()
    const refusal = Promise.reject(this.failure)
    // Whoever asks hears of it; nobody has to.
    refusal.catch(() => {})
    return refusal
  }

  #sit(presence: Presence, former: number): void {
    if (this.#presence !== presence) return
    const seat = new Seat(this, presence, this.#waitAsync)
    this.seat = seat
    if (former !== 0) seat.watching.died(former)
    if (this.#waitAsync === null) {
      this.#stopListening = this.bus.listen((message) => {
        const { latchkey, type, to } = message as Knock
        if (latchkey === 1 && type === 'mail' && to === presence.id) seat.hear()
      })
    }
    this.proceed()
  }

  /** A page that others see no more, perhaps for ever: it must not keep them waiting. */
  #hide(): void {
    const presence = this.#presence
    this.#presence = undefined
    this.#depart((seat) => {
      for (const { at, phase } of this.own.all()) {
        if (at !== 0) seat.table.end(at, phase === 'held')
      }
      seat.leave()
    })
    presence?.leave()
  }

  #show(): void {
    if (this.failure === undefined && this.#presence === undefined) this.#ready = this.#attach()
  }

  /** Others may believe this agent dead, and give away what it holds. */
  #lose(presence: Presence): void {
    if (this.#presence !== presence) return
    const former = this.seat?.own
    this.#depart((seat) => seat.abandon())
    this.#ready = this.#attach(former)
  }

  #depart(go: (seat: Seat) => void): void {
    const { seat } = this
    if (seat === undefined) return
    this.seat = undefined
    this.#stopListening?.()
    const entries = this.own.all()
    const held = entries.flatMap(({ phase, request }) => (phase === 'held' ? (request ?? []) : []))
    go(seat)
    for (const entry of entries) {
      if (entry.phase === 'held') {
        this.own.remove(entry)
      } else if (entry.phase === 'waiting') {
        this.own.askAgain(entry)
        this.#outbox.add(entry)
      }
    }
    for (const request of held) request.lost('gone')
  }

  /** Whoever still waits waits in vain. */
  #fail(): void {
    const error = this.failure ?? new UnsupportedError('unknown')
    for (const entry of [...this.#outbox]) {
      const { request } = entry
      this.#outbox.delete(entry)
      this.own.remove(entry)
      request?.failed(error)
    }
    this.#restIfIdle()
  }

  get #isIdle(): boolean {
    if (this.own.pending > 0 || this.#questions.length > 0) return false
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
    this.#afterwards(seat, true)
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
