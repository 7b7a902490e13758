/** What holds for one hold besides the lock itself, from its grant to its end. */

import { lossWords } from '../acquisition'
import type { LockEventType } from '../events'
import type { TaskHold } from '../task-hold'
import type { AcquireOptions } from '../terms'

lossWords.overdue = 'lost: it was held for longer than its maxHold, and was given back'

export class HoldTerms {
  #stopTimer: (() => void) | undefined

  constructor(
    readonly hold: TaskHold,
    readonly options: AcquireOptions,
  ) {}

  /** Something happened to the hold. */
  hears(what: LockEventType): void {
    if (what === 'grant') this.#limit()
    else if (what === 'release' || what === 'lost') this.#stopTimer?.()
  }

  /** From the grant on: the time in the queue is not the holder's. */
  #limit(): void {
    const { maxHold } = this.options
    if (maxHold === undefined) return
    const { hold } = this
    this.#stopTimer = hold.space.clock.after(maxHold, () => hold.lost('overdue'), letEnd)
  }
}

/** A Node process may end although a lock is held: its end gives the lock back. */
export function letEnd(timer: unknown): void {
  ;(timer as { unref?(): void }).unref?.()
}
