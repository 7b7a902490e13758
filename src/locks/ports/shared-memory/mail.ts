/**
 * Tells agents what has become of their requests. A blocked thread sleeps on its node. Any other
 * agent has one word of mail for all of its nodes: the node in question, or, if it has not yet
 * looked at the last one, that it must look at all. So one sleeper an agent is enough, and a lost
 * letter is made good by saying "all". Latch only, but for `take`.
 */

import { slotOfWord } from './agents'
import { all } from './latch'
import { agent, agentAt, bit, everyNode, slotOf } from './layout'
import type { Words } from './words'

export class Mail {
  /** Nodes of this very agent: no need to write to oneself. */
  due: number[] = []
  /** The slots written to: some may have to be told over the bus. */
  written: number[] = []
  readonly #slot: number

  constructor(
    readonly words: Words,
    own: number,
  ) {
    this.#slot = slotOfWord(own)
  }

  /** Wakes whoever waits for this node, or holds it, to look at its state. */
  wake(at: number, state: number): void {
    if ((state & bit.blocking) !== 0) this.words.notify(at, all)
    else this.tell(slotOf(state), at)
  }

  /** @param at a node, or `everyNode` */
  tell(slot: number, at: number): void {
    if (slot === this.#slot) {
      this.due.push(at)
      return
    }
    const { words } = this
    const mail = agentAt(slot) + agent.mail
    for (;;) {
      const before = words.compareExchange(mail, 0, at)
      if (before === 0) {
        words.notify(mail, all)
        this.written.push(slot)
        return
      }
      // It has not looked since, and will: it sleeps only on an empty word.
      if (words.compareExchange(mail, before, everyNode) === before) return
    }
  }

  /** Says "all", and wakes for it even if somebody wrote before, who may have died since. */
  tellAgain(slot: number): void {
    const mail = agentAt(slot) + agent.mail
    this.words.store(mail, everyNode)
    this.words.notify(mail, all)
    this.written.push(slot)
  }

  /** What has come to this agent: a node, `everyNode`, or 0. Any time. */
  take(): number {
    const mail = this.address
    return this.words.load(mail) === 0 ? 0 : this.words.exchange(mail, 0)
  }

  /** The word to sleep on while it is 0. */
  get address(): number {
    return agentAt(this.#slot) + agent.mail
  }
}
