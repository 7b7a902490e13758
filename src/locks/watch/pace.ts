/**
 * Does something once for many wishes: at least so many ms after the last time, and after a rest that
 * is a multiple of how long it took, so that it never takes more than a small share of the thread.
 */

import type { Clock } from '../clock'

/** 5 % at most. */
const restFor = 20

export class Pace {
  #last = Number.NEGATIVE_INFINITY
  #rest = 0
  #cancel: (() => void) | undefined

  /** @param every in ms */
  constructor(
    readonly clock: Clock,
    readonly every: () => number,
    readonly act: () => void,
  ) {}

  /** As soon as may be, but not in this turn of the event loop. */
  soon(): void {
    if (this.#cancel !== undefined) return
    const { clock } = this
    let isOver = false
    const act = () => {
      if (!isOver) this.now()
    }
    const left = this.#last + Math.max(this.every(), this.#rest) - clock.now()
    const stop = left > 0 ? clock.after(left, act, unref) : undefined
    this.#cancel = () => {
      isOver = true
      stop?.()
    }
    // The first one comes at once, also in a hidden page, whose timers are late.
    if (stop === undefined) clock.soon(act)
  }

  /** At once, whatever was wished. */
  now(): void {
    this.stop()
    const start = this.clock.now()
    this.act()
    this.#last = this.clock.now()
    this.#rest = restFor * (this.#last - start)
  }

  /** Forgets the wish. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}

/** A watch keeps no Node process alive. */
export function unref(timer: unknown): void {
  ;(timer as { unref?(): void }).unref?.()
}
