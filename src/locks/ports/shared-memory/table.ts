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
 * **FIFO.** Tickets are drawn and nodes queued in one go under the latch. A request goes before
 * others only if nobody waits and no holder conflicts, or by stealing. Only the first in the queue
 * is ever granted. Withdrawn nodes are passed over.
 *
 * **Nothing is left lying.** An agent that ends a node without the latch first marks the node, then
 * `left`, then tries the latch once more. If that fails there is an owner, who looks at `left`
 * after leaving: one of the two takes care. If that owner dies between, whoever buries it does.
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
} from './layout'
import { Mail } from './mail'
import { Names } from './names'
import type { PackedName } from './packed-name'
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
   * Takes the latch, and takes out what was ended without it.
   * @param spins how often to look whether it is free
   */
  enter(spins: number): boolean {
    if (!this.latch.tryEnter() && !this.latch.spinEnter(spins)) return false
    if (this.words.load(header.left) !== 0) this.#sweep()
    return true
  }

  leave(): void {
    do {
      this.latch.leave()
    } while (this.words.load(header.left) !== 0 && this.enter(0))
  }

  /**
   * Enters a request. Latch only.
   * @param bits of the node's state: `exclusive`, `blocking`
   * @returns its node if it is granted, the same below zero if it waits, `refused` or `full`
   */
  ask(packed: PackedName, bits: number, ifAvailable: boolean, steal: boolean): number {
    const queue = this.names.find(packed)
    const state = this.#mark | bits
    const answer =
      queue === 0 ? this.#begin(packed, state) : this.#join(queue, state, ifAvailable, steal)
    if (answer !== full || !this.#forgetAbandoned()) return answer
    return this.ask(packed, bits, ifAvailable, steal)
  }

  /** The state of this agent's node while it waits. */
  waiting(bits: number): number {
    return this.#mark | bits | kind.waiting
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
   * Withdraws a waiting request, without the latch.
   * @param state as it was when it began to wait
   * @returns whether it still waited
   */
  withdraw(at: number, state: number): boolean {
    const { words } = this
    if (words.compareExchange(at, state, ended(state, false)) !== state) return false
    this.#noteLeft(at)
    return true
  }

  /** The same as `end`, at once. Latch only. */
  finish(at: number, told: boolean): void {
    this.queues.remove(at, ended(this.words.load(at), told))
  }

  /** Takes out what was ended without the latch, if that is free; else its owner will. */
  tidy(): void {
    if (this.words.load(header.left) !== 0 && this.enter(0)) this.leave()
  }

  #noteLeft(at: number): void {
    const { words } = this
    if (words.compareExchange(header.left, 0, at) !== 0) words.store(header.left, everyNode)
    this.tidy()
  }

  #begin(packed: PackedName, state: number): number {
    const { words, cells, names, queues } = this
    const at = cells.take(1 + packed.cells)
    if (at === 0) return full
    const queue = cells.next(at)
    names.write(queue, packed, at)
    queues.put(at + node.name, queue)
    queues.put(at + node.before, 0)
    queues.put(at + node.after, 0)
    words.store(at, state | kind.held)
    names.link(queue)
    return at
  }

  #join(queue: number, state: number, ifAvailable: boolean, steal: boolean): number {
    const { queues } = this
    const granted = steal || queues.admits(queue, state)
    if (!granted && ifAvailable) return refused
    const at = this.cells.take(1)
    if (at === 0) return full
    if (!granted) {
      queues.wait(queue, at, state)
      return -at
    }
    if (steal) queues.rob(queue)
    queues.hold(queue, at, state)
    return at
  }

  /** What was ended without the latch: one node, or any number. */
  #sweep(): void {
    const { words, queues } = this
    const left = words.exchange(header.left, 0)
    for (const at of left === everyNode ? everyCell(this.layout) : [left]) {
      const state = words.load(at)
      const found = kindOf(state)
      // It may have been taken out before, and even be in use again.
      if (found === kind.ended || found === kind.spent) queues.remove(at, state)
    }
  }

  /** Makes room: forgets who died holding what. @returns whether there was anything to forget */
  #forgetAbandoned(): boolean {
    const { words, queues } = this
    let some = false
    for (const at of everyCell(this.layout)) {
      if (kindOf(words.load(at)) !== kind.abandoned) continue
      queues.forgetAbandoned(words.load(at + node.name))
      some = true
    }
    return some
  }
}
