/**
 * When a page goes to sleep and wakes up: frozen in the background, or kept in the back/forward
 * cache. A page that runs on, whatever it was told, counts as awake soon: timers do not run in
 * one that sleeps.
 */

import type { Clock } from '../clock'

/** In ms. */
const soon = 1000

export interface Sleeper {
  /** Nothing of this agent may stand in others' way from here on. */
  fallAsleep(): void
  wakeUp(): void
}

export class Sleep {
  asleep = false
  #stopWaiting: (() => void) | undefined

  constructor(
    targets: Iterable<EventTarget>,
    readonly clock: Clock,
    readonly sleeper: Sleeper,
  ) {
    for (const target of targets) {
      for (const type of ['pagehide', 'freeze']) target.addEventListener(type, this.#fallAsleep)
      for (const type of ['pageshow', 'resume']) target.addEventListener(type, this.#wakeUp)
    }
  }

  readonly #fallAsleep = (): void => {
    if (this.asleep) return
    this.asleep = true
    this.sleeper.fallAsleep()
    this.#stopWaiting = this.clock.after(soon, this.#wakeUp)
  }

  readonly #wakeUp = (): void => {
    if (!this.asleep) return
    this.asleep = false
    this.#stopWaiting?.()
    this.sleeper.wakeUp()
  }
}

/** The first are fired at the window, the others at the document; workers have none of them. */
export function pageLifecycle(): EventTarget[] {
  return typeof document === 'undefined' ? [] : [window, document]
}
