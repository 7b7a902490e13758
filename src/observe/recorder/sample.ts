/** What is noted of single acquisitions: of some when they were granted, of the sampled ones everything. */

import type { LockEvent, LockEventType } from '../../locks'
import type { TaskHold } from '../../locks/task-hold'
import type { Standing } from '../blame'

/** What is noted of an acquisition that is timed, sampled or waits. Times are its clock's; -1: none. */
export class Note {
  asked = -1
  granted = -1
  waits = false
  /** It blocks its thread, and may not have had to. */
  blocks = false
  /** Nobody was known to stand in its way when it began to wait. */
  alone = false

  /** @param by who made it: what another one noted means nothing */
  constructor(readonly by: object) {}
}

/** When the event loop turned for the next time, if it did: shared by all who wait for that. */
export interface Turn {
  at: number
}

/** One thing that happened to it. */
export interface Step {
  readonly type: LockEventType
  /** On the clock of whoever looks on. */
  readonly time: number
  /** What came first of two at one time: clocks are coarse. */
  readonly place: number
  readonly details?: object | undefined
}

export class Sample extends Note {
  askedPlace = -1
  grantedPlace = -1
  turn: Turn | undefined
  /** Who had held for how long when its wait began. */
  standing: Standing | undefined
  /** What is told of it besides. */
  others: Step[] | undefined

  constructor(
    by: object,
    readonly hold: TaskHold,
  ) {
    super(by)
  }

  /** ms for which it ran before the event loop turned; -1 if it did not. */
  get ran(): number {
    const at = this.turn?.at ?? -1
    return at < 0 ? -1 : Math.max(0, at - this.granted)
  }

  steps(): readonly Step[] {
    const { asked, askedPlace, granted, grantedPlace, others = [] } = this
    return [
      { type: 'request', time: asked, place: askedPlace },
      ...(grantedPlace < 0 ? [] : [{ type: 'grant', time: granted, place: grantedPlace } as const]),
      ...others,
    ]
  }
}

export interface Happened {
  readonly hold: TaskHold
  readonly steps: readonly Step[]
}

/** All of many acquisitions, by time. @param origin the time at which their clock shows 0 */
export function eventsOf(
  happened: Iterable<Happened>,
  agent: string,
  origin: number,
): readonly LockEvent[] {
  const placed: { readonly place: number; readonly event: LockEvent }[] = []
  for (const { hold, steps } of happened) {
    // What costs something to find out is found out now, if at all.
    const { name, mode, id, site, task } = hold
    const base = { agent, task: task.name, lock: name, mode, request: id }
    const where = site === undefined ? {} : { site }
    for (const { type, time, place, details } of steps) {
      const event = { type, time: origin + time, ...base, ...where, ...details } as LockEvent
      placed.push({ place, event })
    }
  }
  placed.sort((a, b) => a.event.time - b.event.time || a.place - b.place)
  return placed.map(({ event }) => event)
}
