/** Time that passes only when a test says so. */

import { type Clock, systemClock } from '../clock'

export class VirtualClock implements Clock {
  #now: number
  #timers: { readonly due: number; readonly callback: () => void }[] = []
  #soon: (() => void)[] = []

  constructor(now = 1_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  coarse(): number {
    return Math.floor(this.#now)
  }

  after(delay: number, callback: () => void): () => void {
    const timer = { due: this.#now + delay, callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer)
    }
  }

  soon(callback: () => void): void {
    this.#soon.push(callback)
  }

  /** Timers that are set: none may be left when nothing waits any more. */
  get timers(): number {
    return this.#timers.length
  }

  /** Sets the wall clock forward or back, as its owner may: no timer fires for it. */
  set(now: number): void {
    this.#now = now
  }

  /** Lets time pass, and fires what is due on the way, in its order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = this.#timers.filter((timer) => timer.due <= end)
      const [first] = due.sort((a, b) => a.due - b.due)
      if (first === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== first)
      this.#now = Math.max(this.#now, first.due)
      first.callback()
    }
    this.#now = end
  }

  /** The next turn of the event loop: what asked for it is called. */
  turn(): void {
    const callbacks = this.#soon
    this.#soon = []
    for (const callback of callbacks) callback()
  }

  /** Microtasks and turns, until nothing moves any more. Time stands still. */
  async settle(): Promise<void> {
    await microtasks()
    while (this.#soon.length > 0) {
      this.turn()
      await microtasks()
    }
  }
}

/** A real message to oneself: by then every microtask has run. */
export function microtasks(): Promise<void> {
  return new Promise((resolve) => systemClock.soon(resolve))
}
