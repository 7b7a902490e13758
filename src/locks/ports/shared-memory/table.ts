/**
 * The table of all holds and waits of a memory: what an agent does to it under the latch, and the
 * one thing it may do without: end a request of its own.
 *
 * Why it holds:
 *
 * **Mutual exclusion.** A node becomes *held* only under the latch (`Queues.hold`, `Queues.#grant`),
 * and only if its name's list of holders is empty, or all in it are shared and so is the newcomer.
 * A node leaves that list only under the latch, after its agent has ended it, lost it to a thief,
 * or been proven dead. The latch has one owner: it is taken by `compareExchange` from 0, and seized
 * only from an owner that will not write again. Agents end nodes without the latch, but an ended
 * holder stays in the list, and counts, until whoever owns the latch takes it out.
 *
 * **Kept locks** (Kawachiya, Koseki and Onodera, OOPSLA 2002, call it lock reservation). Who blocks
 * for one name again and again gives it back by turning its node from *held* to *kept*, and takes it
 * again by turning it back, both without the latch. The node stays in the list of holders, and only
 * a `compareExchange` decides: whoever needs the lock ends a kept node under the latch, and then its
 * agent's own fails; if that was first, the node is held. Nobody waits behind a kept node: whoever is
 * to wait says so in the held one first (`announce`), which then cannot become kept. Only a node that
 * was granted at once may be kept, so nobody waited before that.
 *
 * **FIFO.** Tickets are drawn and nodes queued in one go under the latch. A request goes before
 * others only if nobody waits and no holder conflicts, or by stealing. Only the first in the queue
 * is ever granted. Withdrawn nodes are passed over.
 *
 * **Nothing is left lying.** An agent that ends a node without the latch first marks the node, then
 * `left`, then either takes the latch or marks it, which succeeds only while it is owned. Whoever
 * leaves a marked latch sees to `left` next. If he dies before, whoever buries him does.
 *
 * **Repair.** The state of a node is one word, written last when a request begins (its ticket, name
 * and text stand by then) and first when it ends. So between any two writes the nodes alone tell
 * who holds and waits, and in which order; everything else follows from them (`repair.ts`). Whoever
 * is granted or robbed is woken under the latch: a granter that dies before that dies owning it,
 * and the repairer wakes everybody. To repair again, or half, changes no fact but by these rules,
 * so a repairer may die as well.
 *
 * **Death of a holder.** The node of an exclusive holder that died becomes *abandoned* and stays
 * with its name. Readers that come are told; so is the next exclusive holder, who takes it away,
 * for it is he who puts things right. A memory that is full forgets such nodes rather than refuse.
 */

import { firstAfter } from '../../fence-numbers'
import { slotOfWord } from './agents'
import { Cells } from './cells'
import { Latch } from './latch'
import {
  everyCell,
  everyNode,
  header,
  kind,
  kindOf,
  type Layout,
  node,
  readLayout,
  slotShift,
  withKind,
} from './layout'
import { Mail } from './mail'
import { cellsOf } from './name-text'
import { Names } from './names'
import { ended, Queues } from './queues'
import type { Words } from './words'

/** What `ask` answers instead of a node. */
export const refused = 0
export const full = -1

export class Table {
  readonly layout: Layout
  readonly latch: Latch
  readonly cells: Cells
  readonly names: Names
  readonly queues: Queues
  readonly mail: Mail
  /** What is the same in all nodes of this agent. */
  readonly #mark: number

  constructor(
    readonly words: Words,
    /** The agent word of this agent. */
    readonly own: number,
  ) {
    this.layout = readLayout(words)
    this.latch = new Latch(words, own)
    this.cells = new Cells(words)
    this.names = new Names(words, this.cells, this.layout)
    this.mail = new Mail(words, own)
    this.queues = new Queues(words, this.cells, this.names, this.mail)
    this.#mark = slotOfWord(own) << slotShift
  }

  /**
   * Takes the latch.
   * @param spins how often to look whether it is free
   */
  enter(spins: number): boolean {
    return this.latch.tryEnter() || this.latch.spinEnter(spins)
  }

  leave(): void {
    if (this.latch.leave()) this.tidy()
  }

  /**
   * Enters a request. Latch only.
   * @param bits of the node's state: `exclusive`, `blocking`
   * @returns its node if it is granted, the same below zero if it waits, `refused` or `full`
   */
  ask(text: string, bits: number, ifAvailable: boolean, steal: boolean): number {
    const queue = this.names.find(text)
    const state = this.#mark | bits
    if (queue !== 0 && !steal && !this.queues.admits(queue, state)) {
      // Whoever stands in the way may have given back or withdrawn, or only keep it.
      const again = this.#sweep() || this.queues.reclaim(queue)
      if (!again && ifAvailable) return refused
      if (again || !this.queues.announce(queue)) return this.ask(text, bits, ifAvailable, steal)
    }
    const answer = queue === 0 ? this.#begin(text, state) : this.#join(queue, state, steal)
    if (answer !== full || !this.#makeRoom()) return answer
    return this.ask(text, bits, ifAvailable, steal)
  }

  /** The state of this agent's node while it waits. */
  waiting(bits: number): number {
    return this.#mark | bits | kind.waiting
  }

  /** The state of this agent's node while it holds the lock, and nobody waits for it or was robbed. */
  holding(bits: number): number {
    return this.#mark | bits | kind.held
  }

  /**
   * Gives a lock back without the latch, and keeps it for this agent's next request.
   * @param state `holding`; with any other it fails
   */
  keep(at: number, state: number): boolean {
    return this.words.compareExchange(at, state, withKind(state, kind.kept)) === state
  }

  /** Takes again what was kept, unless somebody else came. @param state `holding` */
  retake(at: number, state: number): boolean {
    const kept = withKind(state, kind.kept)
    return this.words.compareExchange(at, kept, state) === kept
  }

  /** Gives back what is kept, unless somebody else came. @param state `holding` */
  yield(at: number, state: number): void {
    this.withdraw(at, withKind(state, kind.kept))
  }

  /**
   * Ends a request of this agent, whatever has become of it, without the latch: whoever owns that
   * does the rest.
   * @param told whether its agent knows what has become of it
   */
  end(at: number, told: boolean): void {
    const { words } = this
    for (let state = words.load(at); ; ) {
      const found = words.compareExchange(at, state, ended(state, told))
      if (found === state) break
      state = found
    }
    this.#noteLeft(at)
  }

  /**
   * Ends a request of this agent without the latch, if nothing has become of it.
   * @param state as it was when it began to wait, or to be kept
   * @returns whether it still was so
   */
  withdraw(at: number, state: number): boolean {
    const { words } = this
    if (words.compareExchange(at, state, ended(state, false)) !== state) return false
    this.#noteLeft(at)
    return true
  }

  /** The same as `end`, at once. Latch only. */
  finish(at: number, told: boolean): void {
    // Others change it under the latch only, and its own agent is here.
    this.queues.remove(at, ended(this.words.read(at), told))
  }

  /**
   * Mints fences for a node of this agent that holds its lock. Latch only: a thief needs it as well,
   * so who was robbed before gets none. Whoever dies in the midst of it leaves a gap at most.
   * @returns the first of `count` in a row; 0 if it holds its lock no more
   */
  mint(at: number, count: number, floor: number): number {
    const { words } = this
    if (kindOf(words.load(at)) !== kind.held) return 0
    const high = words.load(header.fenceHigh)
    const first = firstAfter(high * 2 ** 32 + (words.load(header.fenceLow) >>> 0), floor, count)
    const last = first + count - 1
    const risen = Math.floor(last / 2 ** 32)
    if (risen !== high) words.store(header.fenceHigh, risen)
    words.store(header.fenceLow, last | 0)
    return first
  }

  /** Takes out what was ended without the latch. If that is not free, its owner will do it. */
  tidy(): void {
    while (this.words.load(header.left) !== 0) {
      if (this.latch.tryEnter()) {
        this.#sweep()
        if (!this.latch.leave()) return
      } else if (this.latch.markLeft()) {
        return
      }
    }
  }

  #noteLeft(at: number): void {
    const { words } = this
    if (words.compareExchange(header.left, 0, at) !== 0) words.store(header.left, everyNode)
    this.tidy()
  }

  #begin(text: string, state: number): number {
    const { words, cells, names } = this
    const at = cells.take(1 + cellsOf(text))
    if (at === 0) return full
    const queue = cells.next(at)
    names.write(queue, text, at)
    words.write(at + node.name, queue)
    words.write(at + node.before, 0)
    words.write(at + node.after, 0)
    words.store(at, state | kind.held)
    names.link(queue)
    return at
  }

  #join(queue: number, state: number, steal: boolean): number {
    const { queues } = this
    const at = this.cells.take(1)
    if (at === 0) return full
    if (!steal && !queues.admits(queue, state)) {
      queues.wait(queue, at, state)
      return -at
    }
    if (steal) queues.rob(queue)
    queues.hold(queue, at, state)
    return at
  }

  /** Takes out what was ended without the latch. @returns whether there was anything */
  #sweep(): boolean {
    const { words, queues } = this
    if (words.load(header.left) === 0) return false
    const left = words.exchange(header.left, 0)
    for (const at of left === everyNode ? everyCell(this.layout) : [left]) {
      const state = words.load(at)
      const found = kindOf(state)
      // It may have been taken out before, and even be in use again.
      if (found === kind.ended || found === kind.spent) queues.remove(at, state)
    }
    return true
  }

  /** Forgets who died holding what, and takes back what is only kept. @returns whether there was any */
  #makeRoom(): boolean {
    const { words, queues } = this
    let some = false
    for (const at of everyCell(this.layout)) {
      if (kindOf(words.load(at)) === kind.abandoned) {
        queues.forgetAbandoned(words.read(at + node.name))
        some = true
      } else if (queues.reclaimNode(at)) {
        some = true
      }
    }
    return some
  }
}
