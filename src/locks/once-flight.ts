/** One run of a function in this agent, and who waits for its result. */

import type { Site } from './call-site'
import type { Clock } from './clock'
import type { Hold } from './hold'
import { inside } from './inside'
import type { Outcome } from './once-outcome'
import type { TaskHold } from './task-hold'

/** One call of `once`. */
export interface Caller {
  readonly id: string
  readonly fn: (hold: Hold) => unknown
  readonly site: Site | undefined
  readonly settle: (outcome: Outcome) => void
  /** The flight of another agent that it is on board of. */
  joined: string | undefined
}

/** Whoever waits for something to become so looks again whenever it may have. */
export class News {
  tell = () => {}

  /** @param most ms, after which it is not waited for any more */
  until(clock: Clock, isSo: () => boolean, most: number): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = clock.after(most, resolve)
      this.tell = () => {
        if (!isSo()) return
        stopTimer()
        resolve()
      }
      this.tell()
    })
  }
}

export class Flight {
  /** Callers in other agents, with their agents. */
  readonly callers = new Map<string, string>()
  /** Agents that have said who waits there, since they were called last. */
  readonly answered = new Set<string>()
  /** Agents to which the result has come. */
  readonly heard = new Set<string>()
  readonly news = new News()

  constructor(
    readonly id: string,
    /** Callers in this agent. */
    readonly own: Set<Caller>,
  ) {}

  get agents(): ReadonlySet<string> {
    return new Set(this.callers.values())
  }

  async run(hold: TaskHold, fn: Caller['fn']): Promise<Outcome> {
    try {
      return { value: await inside(hold, fn) }
    } catch (error) {
      return { error }
    }
  }
}
