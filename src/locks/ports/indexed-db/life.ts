/**
 * One life of an agent in the table: its presence, its connection, and whom it watches. It ends
 * once and for all, and that is the remedy for whatever goes wrong: others clear away what it
 * left, as they do for the dead, and the agent asks again in another life, under another id.
 *
 * The presence stands before the first row is written, else others would take its owner for dead.
 */

import type { Clock } from '../../clock'
import { UnsupportedError } from '../../errors'
import { noIndexedDb } from '../../presence/no-indexed-db'
import type { Presence } from '../../presence/presence'
import type { Bus } from '../bus'
import { openTable } from './open-table'
import { RollCall } from './roll-call'
import { nobody } from './rows'
import { type Fronts, Table } from './table'
import { listen, type Message, post } from './wire'

/** How long a stranger has to answer before it is not waited for, in ms. */
const patience = 100

/** How long all agents that ever were have to answer before the silent must prove death, in ms. */
const sweepPatience = 1000

export interface World {
  readonly clock: Clock
  readonly wakes: Bus
  readonly indexedDB: () => IDBFactory | null | undefined
  readonly presence: () => Presence
}

export interface LifeListener {
  /** The browser has taken the presence or the table away. */
  cut(life: Life): void
  /** Somebody wants the database for himself: a newer version, or who deletes it. */
  wanted(life: Life): void
  heard(life: Life, message: Message): void
  /** A dead agent's rows were removed, and these queues have moved up. */
  buried(life: Life, fronts: Fronts): void
}

export class Life {
  /** The table is there and the presence stands. Rejects with `UnsupportedError`. */
  readonly begun: Promise<Table>
  table: Table | undefined
  /** The id of the presence; set once `begun` has resolved. */
  id = nobody
  over = false
  #presence: Presence | undefined
  #stopListening: (() => void) | undefined
  readonly #rollCall: RollCall
  readonly #watches = new Map<string, () => void>()
  /** Who waits to learn whether one of these is dead. */
  readonly #deaths = new Set<(id: string) => void>()

  constructor(
    readonly world: World,
    readonly listener: LifeListener,
  ) {
    this.#rollCall = new RollCall(world.clock, (agents) => {
      post(world.wakes, { latchkey: 1, type: 'roll call', agents })
    })
    this.begun = this.#begin()
    this.begun.catch(() => this.end())
  }

  watches(id: string): boolean {
    return id === this.id || id === nobody || this.#watches.has(id)
  }

  /** Clears away what this agent leaves, once it is proven dead. */
  watch(id: string): void {
    if (this.over || this.#presence === undefined || this.watches(id)) return
    const stop = this.#presence.watch(id, () => {
      this.#watches.delete(id)
      this.#bury(id)
      for (const told of this.#deaths) told(id)
      this.#rollCall.present(id)
    })
    this.#watches.set(id, stop)
  }

  /**
   * Watches those it has not met yet, until each has answered or is buried, but not for long.
   * @returns whether one of them was dead
   */
  async meet(agents: Iterable<string>): Promise<boolean> {
    const strangers = [...new Set(agents)].filter((id) => !this.watches(id))
    if (strangers.length === 0) return false
    let died = false
    const told = (id: string) => {
      died ||= strangers.includes(id)
    }
    this.#deaths.add(told)
    for (const id of strangers) this.watch(id)
    await this.#rollCall.ask(strangers, patience)
    this.#deaths.delete(told)
    return died
  }

  end(): void {
    if (this.over) return
    this.over = true
    this.table?.close()
    this.#stopListening?.()
    for (const stop of this.#watches.values()) stop()
    this.#watches.clear()
    this.#rollCall.end()
    this.#presence?.leave()
  }

  async #begin(): Promise<Table> {
    const indexedDB = this.#find()
    if (indexedDB == null) throw noIndexedDb('there is none')
    const opening = openTable(indexedDB)
    // Waited for below, after the presence.
    opening.catch(() => {})
    try {
      this.#presence = this.world.presence()
      this.#stopListening = listen(this.world.wakes, (message) => this.#hear(message))
      await this.#presence.ready
    } catch (error) {
      opening.then((database) => database.close()).catch(() => {})
      throw error
    }
    const database = await opening
    const table = new Table(database)
    if (this.over) {
      table.close()
      throw new UnsupportedError('the page was left before its locks were ready')
    }
    database.onclose = () => this.listener.cut(this)
    database.onversionchange = () => this.listener.wanted(this)
    this.#presence.lost.then(() => this.listener.cut(this))
    this.id = this.#presence.id
    this.table = table
    this.#sweep(table)
    return table
  }

  /** Where storage is blocked, to ask for it may throw. */
  #find(): IDBFactory | null | undefined {
    try {
      return this.world.indexedDB()
    } catch (error) {
      throw noIndexedDb(error)
    }
  }

  #hear(message: Message): void {
    if (message.type === 'here') this.#rollCall.present(message.agent)
    if (message.type === 'roll call' && message.agents.includes(this.id)) {
      post(this.world.wakes, { latchkey: 1, type: 'here', agent: this.id })
    }
    this.listener.heard(this, message)
  }

  /**
   * Whoever does not answer is watched, and cleared away with its database if it is dead: agents
   * of earlier runs of the browser above all, for which nobody may ever wait.
   */
  async #sweep(table: Table): Promise<void> {
    try {
      const known = await table.settle(this.id, this.world.clock.coarse())
      const others = known.filter((id) => id !== this.id)
      if (others.length === 0 || this.over) return
      for (const id of await this.#rollCall.ask(others, sweepPatience)) this.watch(id)
    } catch {
      // Another agent will do it.
    }
  }

  async #bury(id: string): Promise<void> {
    try {
      const fronts = await this.table?.bury(id, this.world.clock.coarse())
      if (fronts !== undefined && !this.over) this.listener.buried(this, fronts)
    } catch {
      // Its rows are in the way still.
      if (!this.over) this.listener.cut(this)
    }
  }
}
