/**
 * Who is attached to a memory. Each agent has a record; an agent word (slot, and how often the slot
 * was claimed) names it for as long as anybody may remember it.
 *
 * A newcomer has no name yet that others could prove dead, so it claims its record without the
 * latch. What a newcomer that died on the way has left is claimed by the next one that finds no
 * free record: that is safe though nobody proved a death, because nobody owns anything before its
 * record is live, and a late newcomer that was overtaken finds out by its next `compareExchange`.
 */

import { hexadecimal } from './create-lock-memory'
import {
  agent,
  agentAt,
  agentState,
  agentWordShift,
  claimsMask,
  header,
  type Layout,
  slotMask,
} from './layout'
import type { Words } from './words'

/** The slot that an agent word is of. */
export const slotOfWord = (word: number): number => word & slotMask

export class Agents {
  constructor(
    readonly words: Words,
    readonly layout: Layout,
  ) {}

  /** Makes a record for this presence id. @returns its agent word, or 0 if there is no room */
  register(id: string): number {
    for (const wanted of [agentState.free, agentState.claimed]) {
      for (let slot = 1; slot <= this.layout.agents; slot++) {
        const word = this.#claim(slot, wanted, id)
        if (word === 0) continue
        this.words.add(header.arrivals, 1)
        return word
      }
    }
    return 0
  }

  /** The agent of a slot, or 0 if it has none. */
  live(slot: number): number {
    const state = this.words.load(agentAt(slot) + agent.state)
    return (state & agentState.mask) === agentState.live ? wordOf(slot, state) : 0
  }

  isLive(word: number): boolean {
    return word !== 0 && this.live(slotOfWord(word)) === word
  }

  isAlone(word: number): boolean {
    for (const other of this.all()) if (other !== word) return false
    return true
  }

  *all(): Generator<number> {
    for (let slot = 1; slot <= this.layout.agents; slot++) {
      const word = this.live(slot)
      if (word !== 0) yield word
    }
  }

  /** The presence id in a slot. */
  id(slot: number): string {
    const at = agentAt(slot)
    return (
      hexadecimal(this.words.load(at + agent.idHigh)) +
      hexadecimal(this.words.load(at + agent.idLow))
    )
  }

  /** Frees the record of an agent that owns nothing any more. Again does no harm. */
  remove(word: number): void {
    const at = agentAt(slotOfWord(word)) + agent.state
    const state = this.words.load(at)
    if ((state & agentState.mask) !== agentState.live) return
    if (wordOf(slotOfWord(word), state) !== word) return
    this.words.compareExchange(at, state, (state & ~agentState.mask) | agentState.free)
  }

  setFlags(word: number, flags: number): void {
    this.words.store(agentAt(slotOfWord(word)) + agent.flags, flags)
  }

  hasFlag(slot: number, flag: number): boolean {
    return (this.words.load(agentAt(slot) + agent.flags) & flag) !== 0
  }

  watcher(): number {
    return this.words.load(header.watcher)
  }

  /** Hands the watch over from one agent, or from nobody, to another. */
  appoint(from: number, to: number): boolean {
    return this.words.compareExchange(header.watcher, from, to) === from
  }

  #claim(slot: number, wanted: number, id: string): number {
    const { words } = this
    const at = agentAt(slot)
    const state = words.load(at + agent.state)
    if ((state & agentState.mask) !== wanted) return 0
    const claims = (state >> agentState.claims) + 1
    const claimed = (claims << agentState.claims) | agentState.claimed
    // Read before the claim: only one who claimed later can have changed it after it.
    const high = words.load(at + agent.idHigh)
    const low = words.load(at + agent.idLow)
    if (words.compareExchange(at + agent.state, state, claimed) !== state) return 0
    const written =
      this.#write(at, claimed, agent.idHigh, high, id.slice(0, 8)) &&
      this.#write(at, claimed, agent.idLow, low, id.slice(8))
    if (!written) return 0
    const live = (claims << agentState.claims) | agentState.live
    if (words.compareExchange(at + agent.state, claimed, live) !== claimed) return 0
    return wordOf(slot, live)
  }

  /** Writes half of the id, unless somebody else has claimed the record by now. */
  #write(at: number, claimed: number, half: number, seen: number, digits: string): boolean {
    const { words } = this
    const wanted = Number.parseInt(digits, 16) | 0
    for (let expected = seen; ; ) {
      const found = words.compareExchange(at + half, expected, wanted)
      if (found === expected) return true
      // One whose claim was taken over wrote late, or has taken over ours.
      if (words.load(at + agent.state) !== claimed) return false
      expected = found
    }
  }
}

function wordOf(slot: number, state: number): number {
  return slot | (((state >> agentState.claims) & claimsMask) << agentWordShift)
}
