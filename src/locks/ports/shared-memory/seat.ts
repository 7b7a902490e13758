/**
 * An agent's place in a memory, from its registration to its departure: its record, its presence,
 * its table, and what comes to it without being asked for: mail, a free latch, deaths.
 */

import type { Clock } from '../../clock'
import { CapacityError } from '../../errors'
import type { Presence } from '../../presence/presence'
import { type Agents, slotOfWord } from './agents'
import { agentFlag, everyNode, header, name, node, slotOf } from './layout'
import { repair } from './repair'
import { Table } from './table'
import type { WaitAsync } from './wait-async'
import { Watching } from './watching'
import type { Words } from './words'

/** Whom a seat tells. None is called inside of a method that its owner calls, but for `hear`. */
export interface SeatOwner {
  readonly words: Words
  readonly agents: Agents
  readonly clock: Clock
  /** Something has become of this node, or of any. */
  heard(at: number): void
  /** The latch may be free, or somebody has to be buried. */
  proceed(): void
}

export class Seat {
  readonly words: Words
  readonly agents: Agents
  readonly own: number
  readonly table: Table
  readonly watching: Watching
  #over = false
  #latchAwaited = false
  /** When it could last block for ever: who watched, and how many had come. */
  #watchedBy = -1
  #arrivals = -1
  /** Since it took the latch. */
  #buried = false

  /** @throws CapacityError if the memory has no room for another agent */
  constructor(
    readonly owner: SeatOwner,
    readonly presence: Presence,
    readonly waitAsync: WaitAsync | null,
  ) {
    const { words, agents } = owner
    this.words = words
    this.agents = agents
    this.own = agents.register(presence.id)
    if (this.own === 0) {
      throw new CapacityError(
        `the lock memory has room for ${agents.layout.agents} agents: give createLockMemory() a multiple of its ${words.length * 4} bytes`,
      )
    }
    agents.setFlags(this.own, waitAsync === null ? agentFlag.polls : 0)
    this.table = new Table(words, this.own)
    const { mail } = this.table
    this.watching = new Watching(agents, this.own, presence, mail, () => this.#proceed())
    this.watching.start()
    this.#listen()
  }

  /**
   * Whether this agent may block for as long as it takes: another one watches, or there is no other
   * one who could hold anything. Where nothing changed since it last could, that costs two readings.
   */
  get mayBlockForever(): boolean {
    const { words } = this
    const watcher = words.read(header.watcher)
    const arrivals = words.read(header.arrivals)
    if (watcher !== this.#watchedBy || arrivals !== this.#arrivals) {
      if (!this.watching.handOver() && !this.agents.isAlone(this.own)) return false
      this.#watchedBy = this.agents.watcher()
      this.#arrivals = arrivals
    }
    return true
  }

  get isWatcher(): boolean {
    return this.agents.watcher() === this.own
  }

  /** This agent's thread waits by blocking: it is no good watcher. */
  markBlocking(): void {
    const polls = this.waitAsync === null ? agentFlag.polls : 0
    this.agents.setFlags(this.own, agentFlag.blocks | polls)
  }

  /** Takes the latch, also from the dead, and buries them. @param spins as `Table.enter` */
  enter(spins: number): boolean {
    const { table, watching } = this
    const { dead } = watching
    if (dead.size === 0) return table.enter(spins)
    const owner = table.latch.owner()
    const seized = dead.has(owner) && table.latch.seize(owner)
    if (!seized && !table.enter(spins)) return false
    repair(table, this.agents, dead)
    dead.clear()
    this.#buried = true
    return true
  }

  exit(): void {
    this.table.leave()
    if (!this.#buried) return
    this.#buried = false
    // The dead one may have been the watcher.
    this.watching.review()
  }

  /** Has `proceed` called when the latch may be free, if that can be slept for. */
  awaitLatch(): void {
    const { watching, table } = this
    if (watching.dead.size > 0) {
      // Its owner may have died as well, and the watcher may be who is to be buried.
      const owner = table.latch.owner()
      if (owner !== 0) watching.watch(owner)
      // Left just now: whoever left it may have died before he woke anybody.
      else this.owner.clock.soon(() => this.#proceed())
    }
    // Whoever was to wake this agent may have died before he did: then it asks the next owner, too.
    if (this.#latchAwaited && watching.dead.size === 0) return
    const mark = table.latch.markSleepers()
    if (mark !== 0 && this.waitAsync === null) return
    this.#latchAwaited = true
    const again = () => {
      this.#latchAwaited = false
      this.#proceed()
    }
    const sleep = mark === 0 ? undefined : this.waitAsync?.(this.words, header.latch, mark)
    if (sleep?.async) sleep.value.then(again)
    else this.owner.clock.soon(again)
  }

  /** Reads this agent's mail. */
  hear(): void {
    const { mail } = this.table
    for (let at = mail.take(); at !== 0; at = mail.take()) {
      if (at === everyNode) this.watching.review()
      this.owner.heard(at)
      if (this.#over) return
    }
  }

  /** Watches whoever stands before these nodes. */
  watchBefore(nodes: Iterable<number>, spins: number): void {
    const { table, words } = this
    const found = new Set([table.latch.owner()])
    if (this.enter(spins)) {
      const queues = new Set<number>()
      for (const at of nodes) queues.add(words.read(at + node.name))
      for (const queue of queues) this.#before(queue, found)
      this.exit()
    }
    for (const word of found) if (word !== 0) this.watching.watch(word)
  }

  /** Leaves the memory. Its nodes must have ended. */
  leave(): void {
    this.#over = true
    this.watching.stop()
    this.agents.remove(this.own)
  }

  /** Others may believe it dead, so it must not touch the memory any more. */
  abandon(): void {
    this.#over = true
    this.watching.forget()
  }

  #before(queue: number, found: Set<number>): void {
    const { words, agents } = this
    const own = slotOfWord(this.own)
    const owner = (at: number) => slotOf(words.load(at))
    for (const list of [name.holders, name.first]) {
      for (let at = words.read(queue + list); at !== 0; at = words.read(at + node.after)) {
        if (list === name.first && owner(at) === own) break
        found.add(agents.live(owner(at)))
      }
    }
  }

  #listen(): void {
    if (this.waitAsync === null) return
    for (;;) {
      if (this.#over) return
      const sleep = this.waitAsync(this.words, this.table.mail.address, 0)
      if (sleep.async) {
        sleep.value.then(() => this.#wakes())
        return
      }
      this.hear()
    }
  }

  #wakes(): void {
    if (this.#over) return
    this.hear()
    this.#listenLater()
  }

  /** Whoever was granted goes on first, in microtasks: a letter that comes before is found all the same. */
  async #listenLater(): Promise<void> {
    for (let i = 0; i < 8; i++) await undefined
    this.#listen()
  }

  #proceed(): void {
    if (!this.#over) this.owner.proceed()
  }
}
