/**
 * Looks again and again while there is something to look for, one look at a time: once a second,
 * but never for more than a twentieth of the time. Pages that were hidden for long look as rarely
 * as their timers run: once a minute.
 */

import type { Clock } from '../../clock'

/** In ms. */
const interval = 1000

/** Many waiters make a look longer: then it comes less often. */
const share = 20

export class Patrol {
  #stop: (() => void) | undefined

  constructor(
    readonly clock: Clock,
    readonly look: () => Promise<void>,
  ) {}

  start(): void {
    this.#stop ??= this.clock.after(interval, () => this.#go())
  }

  end(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  async #go(): Promise<void> {
    const stop = this.#stop
    const start = this.clock.now()
    await this.look()
    // Ended meanwhile, and maybe started anew.
    if (this.#stop !== stop || stop === undefined) return
    const delay = Math.max(interval, (this.clock.now() - start) * share)
    this.#stop = this.clock.after(delay, () => this.#go())
  }
}
