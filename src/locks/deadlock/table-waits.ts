/**
 * Who waits for whom in a shared memory, as its table has it: nobody has to be asked, so it can be
 * known of threads that are blocked.
 *
 * A node that waits and is marked as blocking means that its agent's whole thread is blocked. Until
 * that wait ends the agent gives nothing back: all that it holds waits for that one wait, whatever
 * tasks it is for, and so does whatever else it waits for. What is only kept is held by nobody.
 *
 * The table is read under its latch. Agents end their requests without it, but ask for nothing: what
 * still waits at the end of a reading has waited all along.
 */

import { writerGateSuffix } from '../arguments'
import type { LockMode } from '../events'
import type { LockPort, PortLockInfo } from '../ports/port'
import {
  bit,
  isExclusive,
  kind,
  kindOf,
  name,
  node,
  slotMask,
  slotOf,
} from '../ports/shared-memory/layout'
import type { Seat } from '../ports/shared-memory/seat'
import type { SharedMemoryPort } from '../ports/shared-memory/shared-memory'
import { type FarObstacle, farObstacles } from './edges'

/** A wait, as far as the table knows it. */
export interface TableWait {
  /** The same for others who look; no other wait is called so. */
  readonly id: string
  /** Its agent, as `query` calls it. */
  readonly client: string
  /** Whether its thread is blocked for it. */
  readonly blocks: boolean
  /** The queue's name, and that of the lock as its user knows it. */
  readonly queue: string
  readonly lock: string
  readonly mode: LockMode
}

/** A wait of an agent whose thread is blocked, and who stands in its way. */
export interface ThreadWait extends TableWait {
  readonly obstacles: readonly FarObstacle[]
}

export class TableWaits {
  /** Which wait the thread of each slot is blocked for: made when somebody asks. */
  #blocked: Map<number, number> | undefined

  constructor(readonly seat: Seat) {}

  /** Nodes that stand in the way of a waiting one: other agents' holders, and writers before a reader. */
  *before(at: number): Generator<number> {
    const { words } = this.seat
    const queue = words.read(at + node.name)
    const state = words.load(at)
    const slot = slotOf(state)
    for (const each of this.#list(queue, name.holders, kind.held)) {
      const other = words.load(each)
      const conflict = isExclusive(state) || isExclusive(other)
      if (slotOf(other) !== slot && conflict) yield each
    }
    if (isExclusive(state)) return
    for (const each of this.#list(queue, name.first, kind.waiting)) {
      if (each === at) return
      if (isExclusive(words.load(each))) yield each
    }
  }

  /** The node that a slot's thread is blocked for; 0 if it is not. */
  blockedFor(slot: number): number {
    this.#blocked ??= this.#findBlocked()
    return this.#blocked.get(slot) ?? 0
  }

  ticket(at: number): number {
    return this.seat.words.read(at + node.ticket)
  }

  /** Whether a node waits. */
  waits(at: number): boolean {
    return kindOf(this.seat.words.load(at)) === kind.waiting
  }

  slot(at: number): number {
    return slotOf(this.seat.words.load(at))
  }

  describe(at: number): TableWait {
    const { words, agents, table } = this.seat
    const state = words.load(at)
    const client = agents.id(slotOf(state))
    const queue = table.names.text(words.read(at + node.name))
    const isGate = queue.endsWith(writerGateSuffix)
    return {
      id: `${client}/${at}.${this.ticket(at)}`,
      client,
      blocks: (state & bit.blocking) !== 0,
      queue,
      lock: isGate ? queue.slice(0, -writerGateSuffix.length) : queue,
      mode: isExclusive(state) ? 'exclusive' : 'shared',
    }
  }

  /** With everybody who stands in the way, as other agents are told. */
  explain(at: number): ThreadWait {
    const { words } = this.seat
    const queue = words.read(at + node.name)
    const wait = this.describe(at)
    const info = (each: number): PortLockInfo => {
      const mode = isExclusive(words.load(each)) ? 'exclusive' : 'shared'
      return { name: wait.queue, mode, clientId: this.seat.agents.id(this.slot(each)) }
    }
    const waiting = [...this.#list(queue, name.first, kind.waiting)]
    const own = waiting.filter((each) => this.slot(each) === this.slot(at))
    const place = { queue: wait.queue, mode: wait.mode, index: own.indexOf(at), count: own.length }
    const held = [...this.#list(queue, name.holders, kind.held)].map(info)
    return { ...wait, obstacles: farObstacles(place, wait.client, held, waiting.map(info)) }
  }

  /**
   * What an obstacle waits for if its agent's thread is blocked: first what the thread is blocked for,
   * then the waits that stand ahead. Empty if it is not blocked, or gone.
   */
  behind(queue: string, { client, ahead }: FarObstacle): readonly number[] {
    const { agents, table } = this.seat
    const slots = [...agents.all()].map((word) => word & slotMask)
    const slot = slots.find((each) => agents.id(each) === client) ?? 0
    const blocked = this.blockedFor(slot)
    const at = blocked === 0 ? 0 : table.names.find(queue)
    if (at === 0) return []
    const own = [...this.#list(at, name.first, kind.waiting)].filter((x) => this.slot(x) === slot)
    const waiting = ahead.flatMap((index) => own[index] ?? [])
    return [blocked, ...waiting.filter((each) => each !== blocked)]
  }

  #findBlocked(): Map<number, number> {
    const { words, table } = this.seat
    const found = new Map<number, number>()
    for (const queue of table.names.all()) {
      for (const at of this.#list(queue, name.first, kind.waiting)) {
        const state = words.load(at)
        if ((state & bit.blocking) !== 0) found.set(slotOf(state), at)
      }
    }
    return found
  }

  *#list(queue: number, first: number, wanted: number): Generator<number> {
    const { words } = this.seat
    for (let at = words.read(queue + first); at !== 0; at = words.read(at + node.after)) {
      if (kindOf(words.load(at)) === wanted) yield at
    }
  }
}

/** @returns `undefined` where there is no table, and while somebody else is at it */
export function readTable<T>(port: LockPort, read: (table: TableWaits) => T): T | undefined {
  const { seat, spins = 0, delivery } = port as Partial<SharedMemoryPort>
  if (seat === undefined || !seat.enter(spins)) return undefined
  try {
    return read(new TableWaits(seat))
  } finally {
    seat.exit()
    delivery?.soon(seat)
  }
}
