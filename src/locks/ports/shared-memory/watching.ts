/**
 * Who watches over whose death. One agent, the watcher, watches all from the moment they attach,
 * because a blocked thread cannot; the others watch the watcher, and one of them succeeds it. Who
 * waits for long watches those before him, too, in case the watcher is busy.
 */

import type { Presence } from '../../presence/presence'
import { type Agents, slotOfWord } from './agents'
import { agentFlag } from './layout'
import type { Mail } from './mail'

export class Watching {
  /** Agent words, proven dead and not yet buried. */
  readonly dead = new Set<number>()
  readonly #stops = new Map<number, () => void>()

  constructor(
    readonly agents: Agents,
    readonly own: number,
    readonly presence: Presence,
    readonly mail: Mail,
    /** Buries the dead, soon. */
    readonly bury: () => void,
  ) {}

  /** Begins: from now on somebody watches this agent, unless nobody can. */
  start(): void {
    this.review()
    const watcher = this.agents.watcher()
    if (watcher !== this.own && watcher !== 0) this.mail.tellAgain(slotOfWord(watcher))
  }

  /** Sees to it that whoever this agent has to watch is watched. */
  review(): void {
    const { agents, own } = this
    for (const [word, stop] of this.#stops) {
      if (agents.isLive(word)) continue
      this.#stops.delete(word)
      stop()
    }
    const before = agents.watcher()
    // One that is gone was buried by somebody who could not follow it, or left without a successor.
    if (!agents.isLive(before) && agents.appoint(before, own)) this.#announce()
    const watcher = agents.watcher()
    if (watcher === own) for (const word of agents.all()) this.watch(word)
    else this.watch(watcher)
  }

  watch(word: number): void {
    const { agents, own } = this
    if (word === 0 || word === own || this.#stops.has(word) || this.dead.has(word)) return
    const id = agents.id(slotOfWord(word))
    // The id may have been another one's, if the agent is gone.
    if (!agents.isLive(word)) return
    let over = false
    const stop = this.presence.watch(id, () => {
      over = true
      this.#stops.delete(word)
      this.died(word)
    })
    if (!over) this.#stops.set(word, stop)
  }

  /** Whether somebody else watches: this agent is about to block. */
  handOver(): boolean {
    const { agents, own } = this
    if (agents.watcher() === own) this.#appointAnother(own)
    const watcher = agents.watcher()
    return watcher !== own && agents.isLive(watcher) && !this.dead.has(watcher)
  }

  /** Watches nobody any more. */
  forget(): void {
    for (const stop of this.#stops.values()) stop()
    this.#stops.clear()
  }

  /** Watches nobody any more, and leaves the watch to another one, if there is one. */
  stop(): void {
    this.forget()
    const { agents, own } = this
    if (agents.watcher() !== own || this.#appointAnother(own)) return
    if (agents.appoint(own, 0)) this.#announce()
  }

  /** It is proven dead. */
  died(word: number): void {
    // One that left in order has taken its record with it.
    if (!this.agents.isLive(word)) {
      this.review()
      return
    }
    this.dead.add(word)
    this.bury()
  }

  #appointAnother(own: number): boolean {
    const { agents } = this
    for (const word of agents.all()) {
      if (word === own || this.dead.has(word)) continue
      if (agents.hasFlag(slotOfWord(word), agentFlag.blocks)) continue
      if (!agents.appoint(own, word)) return false
      this.#announce()
      return true
    }
    return false
  }

  /** Everybody is to look who watches now. */
  #announce(): void {
    for (const word of this.agents.all()) {
      if (word !== this.own) this.mail.tellAgain(slotOfWord(word))
    }
  }
}
