/**
 * Whether a worker died inside the latch of a lock memory's table: it counts its rounds, so from its
 * last one on whoever was seen to own the latch, and is no agent any more, was that worker. Counts
 * too few rather than too many: it looks once in some ms.
 */

import { Agents } from '../../src/locks/ports/shared-memory/agents'
import { header, leftovers, readLayout, sleepers } from '../../src/locks/ports/shared-memory/layout'
import { AtomicWords } from '../../src/locks/ports/shared-memory/words'

export class Latch {
  readonly #words: AtomicWords
  readonly #agents: Agents

  constructor(memory: SharedArrayBuffer) {
    this.#words = new AtomicWords(memory)
    this.#agents = new Agents(this.#words, readLayout(this.#words))
  }

  /** @returns what ends the watch, and tells: to be called when the worker is dead and buried */
  watch(pulse: SharedArrayBuffer): () => boolean {
    const beats = new Int32Array(pulse)
    let beat = -1
    /** Who owned it at the first look after the last beat. */
    let owner = 0
    const look = () => {
      const now = Atomics.load(beats, 0)
      if (now === beat) return
      beat = now
      owner = this.#words.load(header.latch) & ~(sleepers | leftovers)
    }
    const timer = setInterval(look, 1)
    return () => {
      clearInterval(timer)
      return owner !== 0 && !this.#agents.isLive(owner)
    }
  }
}
