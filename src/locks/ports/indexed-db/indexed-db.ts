/**
 * Locks over IndexedDB: every tab and worker of the origin, where the browser has no Web Locks to
 * give, as on plain http. Reach `origin`.
 *
 * Requests are rows of one table; who holds a lock follows from their order alone (rows.ts), and
 * each transition is one transaction (table.ts). Whoever lets go tells the others over a
 * BroadcastChannel who is next. What is lost of that is found by a look at the table, once a
 * second while something is held or waited for; as rarely as once a minute in pages that were
 * hidden for long, whose timers the browser slows down.
 *
 * An agent that has died is cleared away by those who wait behind it, once its presence proves it
 * dead. A page that is frozen or put into the back/forward cache would hold up everybody without
 * being dead: it gives up its life in the table there. What it held is lost, what it waited for
 * is asked for again when it wakes up. A worker is not told when its page is frozen: what it
 * holds stays held until it goes on.
 *
 * `reach` is the storage partition, exactly.
 */

import { type Clock, systemClock } from '../../clock'
import { CapacityError, UnsupportedError } from '../../errors'
import { indexedDbPresence } from '../../presence/indexed-db-presence'
import type { Presence } from '../../presence/presence'
import { type Bus, broadcastBus } from '../bus'
import type { Answer, LockPort, LossReason, PortLockInfo, PortRequest, PortSnapshot } from '../port'
import { pageLifecycle, Sleep, type Sleeper } from '../sleep'
import { Life, type LifeListener, type World } from './life'
import { Patrol } from './patrol'
import { type Entry, type Front, frontOf, holders, holds, isVacant, nobody, type Row } from './rows'
import { type Entered, type Fronts, page, type Stolen } from './table'
import { Ticket, Tickets } from './ticket'
import { type Message, post } from './wire'

/** While the user's browser clears data it closes what is being opened: again after so many ms. */
const interruption = 100
const interruptionsBorne = 20
/** Errors of a request whose connection was closed; the last is Chromium's when data is cleared. */
const setbacks: readonly string[] = ['AbortError', 'InvalidStateError', 'UnknownError']

export interface IndexedDbOptions {
  /** Where the database is; default: `globalThis.indexedDB`. */
  readonly indexedDB?: () => IDBFactory | null | undefined
  /** How this agent proves that it lives, in each of its lives anew; default: over IndexedDB. */
  readonly presence?: () => Presence
  /** Over which agents wake each other; default: a BroadcastChannel. */
  readonly wakes?: Bus
  /** For questions among agents; default: a BroadcastChannel. */
  readonly bus?: Bus
  readonly clock?: Clock
  /** Where `pagehide` and `freeze` are heard; default: the page's own, if there is one. */
  readonly lifecycle?: readonly EventTarget[]
}

export class IndexedDbPort implements LockPort, LifeListener, Sleeper {
  readonly reach = 'origin'
  readonly bus: Bus
  readonly #world: World
  readonly #tickets = new Tickets()
  #life: Life | undefined
  readonly #sleep: Sleep
  /** Finds what no message told. */
  readonly #patrol: Patrol
  /** Somebody else wants the database: it is given up as soon as nothing is held or asked for. */
  #wanted = false
  /** How often in a row the browser has cut a life short before it began. */
  #interruptions = 0

  constructor(options: IndexedDbOptions = {}) {
    const indexedDB = options.indexedDB ?? (() => globalThis.indexedDB)
    this.#world = {
      clock: options.clock ?? systemClock,
      wakes: options.wakes ?? broadcastBus('latchkey indexed-db'),
      indexedDB,
      presence: options.presence ?? (() => indexedDbPresence(indexedDB() as IDBFactory)),
    }
    this.bus = options.bus ?? broadcastBus('latchkey')
    const { clock } = this.#world
    this.#patrol = new Patrol(clock, () => this.#lookAround())
    this.#sleep = new Sleep(options.lifecycle ?? pageLifecycle(), clock, this)
  }

  /** Of the present life: where it was refused, to ask again tries again. */
  get ready(): Promise<void> {
    return this.#living().begun.then(() => {})
  }

  acquire(request: PortRequest): Answer {
    const ticket = this.#tickets.open(request)
    if (!this.#sleep.asleep) this.#send(ticket, this.#living())
    this.#patrol.start()
    return 'waiting'
  }

  release(request: PortRequest): void {
    const ticket = request.slot
    if (!(ticket instanceof Ticket) || ticket.state !== 'held') return
    const { key, life } = ticket
    if (life?.table !== undefined) {
      this.#moved(life, request, life.table.leave(key, request.name))
    }
    this.#end(ticket)
  }

  cancel(request: PortRequest): void {
    const ticket = request.slot
    if (!(ticket instanceof Ticket) || ticket.state !== 'asked') return
    const { key, life } = ticket
    if (life?.table !== undefined) {
      this.#moved(life, request, life.table.withdraw(this.#entry(ticket, life), key))
    }
    this.#end(ticket)
  }

  *live(): Generator<PortRequest> {
    for (const { request } of this.#tickets.held.values()) yield request
    for (const { request } of this.#tickets.asked.values()) yield request
  }

  async query(): Promise<PortSnapshot> {
    const held: PortLockInfo[] = []
    const pending: PortLockInfo[] = []
    const rows = await this.rows()
    const fronts = new Map<string, Row[]>()
    for (const row of rows) {
      const queue = fronts.get(row.name)
      if (queue === undefined) fronts.set(row.name, [row])
      else queue.push(row)
    }
    const inside = new Set([...fronts.values()].flatMap((queue) => holders(frontOf(queue))))
    for (const row of rows) {
      const list = inside.has(row) ? held : pending
      const { name, mode, agent, since, task } = row
      const info = { name, mode, clientId: agent, since }
      list.push(task === undefined ? info : { ...info, task })
    }
    return { held, pending }
  }

  /** All that is held and waited for in the origin, without what the dead have left. */
  async rows(): Promise<readonly Row[]> {
    const life = this.#living()
    const table = await life.begun
    const rows = await table.rows()
    const died = await life.meet(rows.map(({ agent }) => agent))
    return (died ? await table.rows() : rows).filter(({ agent }) => agent !== nobody)
  }

  async mint(request: PortRequest, count: number, floor: number): Promise<number | undefined> {
    const ticket = request.slot
    if (!(ticket instanceof Ticket) || ticket.state !== 'held') return undefined
    const { key, life } = ticket
    try {
      const first = await life?.table?.mint(key, request.name, count, floor)
      return ticket.state === 'held' ? first : undefined
    } catch (error) {
      if (life === undefined || !setbacks.includes((error as Error).name)) throw explained(error)
      // The connection is closed, and nobody has said so yet.
      this.cut(life)
      return undefined
    }
  }

  heard(life: Life, message: Message): void {
    if (message.type === 'front') this.#look(life, message.name, message.front)
    if (message.type === 'robbed') this.#robbed(life, message.robbed)
  }

  buried(life: Life, fronts: Fronts): void {
    for (const [name, front] of fronts) this.#tell(life, name, front)
  }

  /** Whatever it was: what is held cannot be vouched for, what waits asks again in a new life. */
  cut(life: Life): void {
    life.end()
    if (life !== this.#life) return
    this.#life = undefined
    this.#wanted = false
    const lost = [...this.#tickets.held.values()]
    for (const ticket of lost) this.#tickets.end(ticket)
    this.wakeUp()
    this.#tidy()
    tell(lost, 'gone')
  }

  fallAsleep(): void {
    if (this.#life !== undefined) this.cut(this.#life)
  }

  /** Also after a life was cut short: what waits asks again. */
  wakeUp(): void {
    if (this.#tickets.asked.size > 0 && !this.#sleep.asleep) this.#sendAll(this.#living())
  }

  wanted(life: Life): void {
    if (life !== this.#life) return
    this.#wanted = true
    this.#tidy()
  }

  #living(): Life {
    if (this.#life !== undefined) return this.#life
    const life = new Life(this.#world, this)
    this.#life = life
    life.begun.then(
      () => {
        this.#interruptions = 0
        this.#sendAll(life)
      },
      (error: unknown) => this.#stillborn(life, error),
    )
    return life
  }

  #stillborn(life: Life, error: unknown): void {
    if (life !== this.#life) return
    this.#life = undefined
    if (isInterruption(error) && ++this.#interruptions < interruptionsBorne) {
      this.#world.clock.after(interruption, () => this.#sendAll(this.#living()))
      return
    }
    this.#interruptions = 0
    const refused = [...this.#tickets.asked.values()]
    for (const ticket of refused) this.#end(ticket)
    for (const { request } of refused) request.failed(error)
  }

  #sendAll(life: Life): void {
    for (const ticket of [...this.#tickets.asked.values()]) {
      if (ticket.life !== life) this.#send(ticket, life)
    }
  }

  #send(ticket: Ticket, life: Life): void {
    const { table } = life
    // All are sent, in their order, when the life has begun.
    if (table === undefined || life.over) return
    ticket.life = life
    ticket.key = -1
    const { request } = ticket
    const entry = this.#entry(ticket, life)
    const failed = (error: unknown) => this.#failed(ticket, life, error)
    if (request.steal) {
      table.steal(entry).then((stolen) => this.#stole(ticket, life, stolen), failed)
    } else if (request.ifAvailable) {
      table.attempt(entry).then((entered) => this.#tried(ticket, life, entered), failed)
    } else {
      // One look is enough for all that this agent asks for.
      const looks = this.#tickets.leads(request.name, life)
      table.enter(entry, looks).then((entered) => this.#entered(ticket, life, entered), failed)
    }
  }

  #entry({ request, no }: Ticket, life: Life): Entry {
    const { name, mode } = request
    const task = request.describe()?.task
    const entry = { name, mode, agent: life.id, no, since: this.#world.clock.coarse() }
    return task === undefined ? entry : { ...entry, task }
  }

  #entered(ticket: Ticket, life: Life, { key, front }: Entered): void {
    if (life.over || key === undefined) return
    const { name, mode } = ticket.request
    const waits = ticket.life === life && ticket.state === 'asked'
    if (waits) ticket.key = key
    if (front === undefined) return
    this.#look(life, name, front)
    if (waits && holds({ key, mode }, front)) this.#grant(ticket, key)
  }

  async #tried(ticket: Ticket, life: Life, { key, front }: Entered): Promise<void> {
    if (key !== undefined) {
      this.#entered(ticket, life, { key, front })
      return
    }
    // Who stands in the way may be dead, and nobody has noticed.
    const { writer, readers } = front ?? frontOf([])
    const inTheWay = [writer, ...readers].flatMap((row) => row?.agent ?? [])
    const died = await life.meet(inTheWay)
    if (life.over || ticket.life !== life || ticket.state !== 'asked') return
    if (died) {
      this.#send(ticket, life)
      return
    }
    this.#end(ticket)
    ticket.request.refused()
  }

  #stole(ticket: Ticket, life: Life, { key, front, robbed }: Stolen): void {
    if (life.over) return
    // Before the thief is let in, here and, as far as that can be, everywhere.
    if (robbed.length > 0) post(this.#world.wakes, { latchkey: 1, type: 'robbed', robbed })
    this.#robbed(life, robbed)
    this.#entered(ticket, life, { key, front })
  }

  #failed(ticket: Ticket, life: Life, error: unknown): void {
    if (life.over || ticket.life !== life || ticket.state !== 'asked') return
    const { name } = error as Error
    if (setbacks.includes(name) && ++ticket.setbacks < interruptionsBorne) {
      // The connection is closed, and nobody has said so yet: not the request's fault.
      this.cut(life)
      return
    }
    this.#end(ticket)
    ticket.request.failed(explained(error))
  }

  /** A row was removed: whoever is next must learn of it. */
  async #moved(
    life: Life,
    { name, mode }: PortRequest,
    removing: Promise<Front | undefined>,
  ): Promise<void> {
    try {
      let front = await removing
      if (front === undefined) return
      const [first] = front.readers
      // Of more readers than these it was not read who they are.
      const more = first !== undefined && mode === 'exclusive' && holds(first, front)
      if (more && front.readers.length >= page) front = (await life.table?.front(name)) ?? front
      // Readers among themselves wake nobody.
      if (mode === 'exclusive' || front.writer !== undefined) this.#tell(life, name, front)
      this.#tidy()
    } catch {
      // It stands in everybody's way for as long as this life lasts.
      this.cut(life)
    }
  }

  #tell(life: Life, name: string, front: Front): void {
    if (front.writer === undefined && front.readers.length === 0) return
    post(this.#world.wakes, { latchkey: 1, type: 'front', name, front })
    this.#look(life, name, front)
  }

  /** Grants what is this agent's, and watches who stands in its way. */
  #look(life: Life, name: string, front: Front): void {
    if (life.over || !this.#tickets.asks(name)) return
    if (isVacant(front)) {
      this.#relieve(life, name)
      return
    }
    const own = holders(front).filter(({ agent }) => agent === life.id)
    for (const { no, key, abandoned = false } of own) {
      const ticket = this.#tickets.get(no)
      if (ticket?.life === life) this.#grant(ticket, key, abandoned)
    }
    if (!this.#tickets.asks(name)) return
    for (const row of [front.writer, front.readers[0]]) if (row !== undefined) life.watch(row.agent)
  }

  async #relieve(life: Life, name: string): Promise<void> {
    try {
      this.#tell(life, name, (await life.table?.relieve(name)) ?? frontOf([]))
    } catch {
      this.cut(life)
    }
  }

  #grant(ticket: Ticket, key: number, abandoned = false): void {
    if (ticket.state !== 'asked') return
    const { request } = ticket
    ticket.key = key
    this.#tickets.hold(ticket)
    request.grantedAt = this.#world.clock.coarse()
    if (abandoned) request.abandoned = true
    request.granted()
  }

  #robbed(life: Life, rows: readonly Row[]): void {
    if (life.over) return
    const mine = rows.filter(({ agent }) => agent === life.id)
    const tickets = mine.flatMap(({ no, key }) => {
      const ticket = this.#tickets.get(no)
      if (ticket?.life !== life) return []
      // Word of its grant is still on its way.
      this.#grant(ticket, key)
      return ticket
    })
    this.#lose(tickets, 'stolen')
  }

  /** They hear of it when all of them are over: one may end another in return. */
  #lose(tickets: readonly Ticket[], reason: LossReason): void {
    const lost = tickets.filter(({ state }) => state === 'held')
    for (const ticket of lost) this.#end(ticket)
    tell(lost, reason)
  }

  #end(ticket: Ticket): void {
    this.#tickets.end(ticket)
    this.#tidy()
  }

  /** Nothing is left to look for. */
  #tidy(): void {
    if (!this.#tickets.empty) return
    this.#patrol.end()
    const life = this.#life
    // A release that is under way is finished first.
    if (this.#wanted && life?.table?.idle) this.cut(life)
  }

  async #lookAround(): Promise<void> {
    const life = this.#life
    if (life?.table === undefined) return
    const isSure = ({ key }: Ticket) => key >= 0
    const held = [...this.#tickets.held.values()]
    const asked = [...this.#tickets.asked.values()].filter(isSure)
    try {
      const [rows, fronts] = await life.table.review(life.id, this.#tickets.names)
      if (!life.over) this.#reviewed(life, held, asked, rows, fronts)
    } catch {
      this.cut(life)
    }
  }

  #reviewed(
    life: Life,
    held: readonly Ticket[],
    asked: readonly Ticket[],
    rows: readonly Row[],
    fronts: Fronts,
  ): void {
    const present = new Set(rows.map(({ no }) => no))
    const isGone = ({ no }: Ticket) => !present.has(no)
    for (const ticket of asked) {
      if (isGone(ticket) && ticket.state === 'asked' && ticket.life === life) {
        this.#send(ticket, life)
      }
    }
    for (const [name, front] of fronts) this.#look(life, name, front)
    this.#lose(held.filter(isGone), 'stolen')
  }
}

/** The user's own code: when all is in order. */
function tell(lost: readonly Ticket[], reason: LossReason): void {
  for (const { request } of lost) request.lost(reason)
}

function isInterruption(error: unknown): boolean {
  const cause = error instanceof UnsupportedError ? error.cause : error
  return cause instanceof DOMException && cause.name === 'AbortError'
}

function explained(error: unknown): unknown {
  if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') return error
  return new CapacityError(
    `the storage of this origin is full, and a request for a lock needs a little of it: free some (${error})`,
    { cause: error },
  )
}
