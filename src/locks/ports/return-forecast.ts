/**
 * Predicts, for one name, whether the next acquisition follows a release at once: in the same
 * run of microtasks, as in a loop of `await mutex.run(…)`. Only then is it worth keeping a far
 * hold for a moment; a wrong guess makes others wait for unrelated work, so each one raises
 * what it takes to guess again, by as much as it may have made them wait.
 */

import { remember } from '../remember'

/** A return counts as "at once" if the grants lie at most this far apart, in ms of a coarse clock. */
const atOnce = 1

/** Returns at once, in a row, before one is expected: at first, and at most. */
const firstThreshold = 2
const highestThreshold = 4096
/**
 * A wrong guess of so many ms doubles the threshold, one of 50 ms raises it eleven times. A busy
 * machine makes gaps of a few ms in any loop: were these punished as hard, an agent would go far
 * for each acquisition and fall behind its rivals.
 */
const doubling = 5

/** Bad experience of names that went idle: what it takes to expect a return again. */
export type Experience = Map<string, number>

/** How many names it is remembered of. */
const memory = 256

export class ReturnForecast {
  #inARow = 0
  #threshold: number

  /** With the bad experience of the last time that the name was in use. */
  constructor(name: string, experience: Experience) {
    this.#threshold = experience.get(name) ?? firstThreshold
  }

  keep(name: string, experience: Experience): void {
    if (this.#threshold > firstThreshold) remember(experience, name, this.#threshold, memory)
    else experience.delete(name)
  }

  get expectsReturn(): boolean {
    return this.#inARow >= this.#threshold
  }

  /**
   * The next acquisition came, or did not come in time.
   * @param after how long after the grant before it, in ms
   * @param lingered whether a far hold was kept for it
   */
  note(came: boolean, after: number, lingered: boolean): void {
    if (!came || after > atOnce) {
      this.#inARow = 0
      // It mattered only if others may have waited for it, and for long.
      if (lingered && after > atOnce) {
        const raised = Math.ceil(this.#threshold * (1 + after / doubling))
        this.#threshold = Math.min(highestThreshold, raised)
      }
      return
    }
    this.#inARow++
    // Twice as long a run as was asked for: confidence grows back by half.
    if (this.#inARow >= 2 * this.#threshold && this.#threshold > firstThreshold) {
      this.#threshold = Math.max(firstThreshold, this.#threshold >> 1)
      this.#inARow = this.#threshold
    }
  }
}
