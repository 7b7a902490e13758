/**
 * What locks stand on: a mechanism, opened with the first acquisition, and a clock. Nothing of
 * the environment is touched before, so that one can be made where there is nothing to lock with,
 * as in server-side rendering.
 */

import type { Acquisition } from './acquisition'
import type { Fairness } from './arguments'
import { type Clock, systemClock } from './clock'
import type { LockPort } from './ports/port'

/** The two ways to the same mechanism: through the cohort, or each time on its own. */
export type Ports = Readonly<Record<Fairness, LockPort>>

/** Who holds and waits. */
export interface Owner {
  readonly holds: Set<Acquisition>
}

export class Carrier {
  /** @internal The hold whose `run` callback is in its synchronous beginning. */
  declare ambient: Acquisition | undefined
  /** @internal */
  readonly clock: Clock
  readonly #open: () => Ports
  #ports: Ports | undefined

  /**
   * @param open finds the mechanism; throws `UnsupportedError` where there is none
   * @internal
   */
  constructor(open: () => Ports, clock: Clock = systemClock) {
    this.#open = open
    this.clock = clock
  }

  /** @internal On whose behalf is asked for what was said to be for nobody. */
  get owner(): Owner | undefined {
    return this.ambient?.owner
  }

  /** @internal */
  get ports(): Ports {
    this.#ports ??= this.#open()
    return this.#ports
  }

  /** @internal For an acquisition that was asked for on nobody's behalf. */
  newOwner(): Owner {
    return { holds: new Set() }
  }
}
