/**
 * An agent of a local memory that can die between any two operations of what it does: from then on
 * it never runs again, whatever wakes it, and others can prove that.
 */

import type { SharedMemoryPort } from '../ports/shared-memory/shared-memory'
import type { WaitAsync } from '../ports/shared-memory/wait-async'
import type { Words } from '../ports/shared-memory/words'
import type { Presence } from '../presence/presence'
import type { LocalMemory } from './local-memory'
import { VirtualClock } from './virtual-clock'

class Death extends Error {}

export class MortalAgent implements Words {
  readonly length: number
  readonly port: SharedMemoryPort
  readonly presence: Presence
  /** Its own: nothing calls it back but `act`. */
  readonly clock = new VirtualClock()
  /** Operations so far. */
  steps = 0
  dead = false
  /** It dies before this many more operations. */
  left = Number.POSITIVE_INFINITY
  #acts = false

  constructor(readonly memory: LocalMemory) {
    this.length = memory.words.length
    const presence = memory.deaths.presence()
    this.presence = {
      ...presence,
      watch: (id, died) => presence.watch(id, () => this.dead || died()),
    }
    this.port = memory.attach({
      presence: () => this.presence,
      words: this,
      waitAsync: this.#waitAsync,
      clock: this.clock,
    })
  }

  /** Does something, and dies in the middle, if its time has come. @returns whether it lives */
  act(what: (port: SharedMemoryPort) => void): boolean {
    if (this.dead) return false
    this.#acts = true
    try {
      what(this.port)
      this.clock.turn()
    } catch (error) {
      if (!(error instanceof Death)) throw error
    }
    this.#acts = false
    return !this.dead
  }

  /** Others learn of it. */
  prove(): void {
    this.memory.deaths.kill(this.presence.id)
  }

  read(index: number): number {
    return this.#live().read(index)
  }
  write(index: number, value: number): void {
    this.#live().write(index, value)
  }
  load(index: number): number {
    return this.#live().load(index)
  }
  store(index: number, value: number): void {
    this.#live().store(index, value)
  }
  exchange(index: number, value: number): number {
    return this.#live().exchange(index, value)
  }
  compareExchange(index: number, expected: number, replacement: number): number {
    return this.#live().compareExchange(index, expected, replacement)
  }
  add(index: number, value: number): number {
    return this.#live().add(index, value)
  }
  wait(index: number, value: number, timeout: number): 'ok' | 'not-equal' | 'timed-out' {
    return this.#live().wait(index, value, timeout)
  }
  notify(index: number, count: number): number {
    return this.#live().notify(index, count)
  }

  #live(): Words {
    if (this.#acts && this.left-- <= 0) this.dead = true
    if (this.dead) throw new Death('dead')
    this.steps++
    return this.memory.words
  }

  /** Nothing wakes the dead. */
  readonly #waitAsync: WaitAsync = (_words, index, value) => {
    const sleep = this.memory.words.waitAsync(this, index, value)
    if (!sleep.async) return sleep
    const wakes = (wake: () => void) => sleep.value.then(() => this.dead || wake())
    return { async: true, value: new Promise<void>(wakes) }
  }
}
