/** What a lock's queue does, said as plainly as possible. Nothing in here is fast or shared. */

import type { LockMode } from '../events'

export type ModelState = 'held' | 'waiting' | 'refused' | 'lost' | 'over'

interface Entry {
  readonly id: number
  readonly mode: LockMode
}

/** The contract of both models: who asked is known by a number. */
export abstract class LockModel {
  readonly states = new Map<number, ModelState>()
  abstract ask(id: number, mode: LockMode): void
  abstract attempt(id: number, mode: LockMode): void
  /** Gives back what is held, withdraws what waits, leaves the rest alone. */
  abstract end(id: number): void

  view(): Record<number, ModelState> {
    return Object.fromEntries(this.states)
  }
}

/** Web Locks: one queue, strictly in order, adjacent readers together. */
export class FifoModel extends LockModel {
  #held: Entry[] = []
  #queue: Entry[] = []

  ask(id: number, mode: LockMode): void {
    this.#queue.push({ id, mode })
    this.states.set(id, 'waiting')
    this.#advance()
  }

  attempt(id: number, mode: LockMode): void {
    if (this.#queue.length === 0 && this.#fits(mode)) this.ask(id, mode)
    else this.states.set(id, 'refused')
  }

  steal(id: number): void {
    for (const robbed of this.#held) this.states.set(robbed.id, 'lost')
    this.#held = [{ id, mode: 'exclusive' }]
    this.states.set(id, 'held')
  }

  end(id: number): void {
    const state = this.states.get(id)
    if (state !== 'held' && state !== 'waiting') return
    this.states.set(id, 'over')
    this.#held = this.#held.filter((entry) => entry.id !== id)
    this.#queue = this.#queue.filter((entry) => entry.id !== id)
    this.#advance()
  }

  #fits(mode: LockMode): boolean {
    return this.#held.every((entry) => entry.mode === 'shared' && mode === 'shared')
  }

  #advance(): void {
    for (;;) {
      const [first] = this.#queue
      if (first === undefined || !this.#fits(first.mode)) return
      this.#queue.shift()
      this.#held.push(first)
      this.states.set(first.id, 'held')
    }
  }
}

/** Go's `sync.RWMutex`, with waits that can be given up. */
export class PhaseFairModel extends LockModel {
  readonly #readers = new Set<number>()
  #writer: number | undefined
  #waitingReaders: number[] = []
  /** The first one has announced itself, unless somebody writes: it holds back new readers. */
  #waitingWriters: number[] = []

  ask(id: number, mode: LockMode): void {
    this.states.set(id, 'waiting')
    if (mode === 'exclusive') this.#waitingWriters.push(id)
    else if (this.#writer === undefined && this.#waitingWriters.length === 0) this.#read(id)
    else this.#waitingReaders.push(id)
    this.#advance()
  }

  attempt(id: number, mode: LockMode): void {
    const writers = this.#writer !== undefined || this.#waitingWriters.length > 0
    const busy = mode === 'shared' ? writers : writers || this.#readers.size > 0
    if (busy) this.states.set(id, 'refused')
    else this.ask(id, mode)
  }

  end(id: number): void {
    const state = this.states.get(id)
    if (state !== 'held' && state !== 'waiting') return
    this.states.set(id, 'over')
    const announced = this.#writer === undefined && this.#waitingWriters[0] === id
    this.#waitingReaders = this.#waitingReaders.filter((each) => each !== id)
    this.#waitingWriters = this.#waitingWriters.filter((each) => each !== id)
    this.#readers.delete(id)
    if (this.#writer === id) {
      this.#writer = undefined
      this.#letReadersIn()
    } else if (announced) {
      // Those it held back go before the next writer announces itself.
      this.#letReadersIn()
    }
    this.#advance()
  }

  #letReadersIn(): void {
    for (const reader of this.#waitingReaders.splice(0)) this.#read(reader)
  }

  #read(id: number): void {
    this.#readers.add(id)
    this.states.set(id, 'held')
  }

  #advance(): void {
    if (this.#writer !== undefined || this.#readers.size > 0) return
    this.#writer = this.#waitingWriters.shift()
    if (this.#writer !== undefined) this.states.set(this.#writer, 'held')
  }
}
