/** One acquisition that is timed, and the events that it becomes if it is recorded whole. */

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

  /** @param by who made it: what another one noted means nothing */
  constructor(readonly by: object) {}
}

/** When the event loop turned for the next time, if it did: shared by all who wait for that. */
export interface Turn {
  at: number
}

/** What came first of two at one time: clocks are coarse. */
interface Step {
  readonly type: LockEventType
  readonly time: number
  readonly place: number
  readonly details?: object | undefined
}

/** Flat, because there may be one for each acquisition. */
export class Sample extends Note {
  askedPlace = -1
  grantedPlace = -1
  turn: Turn | undefined
  /** Who had held for how long when its wait began. */
  standing: Standing | undefined
  /** How it ended, and what else is told of it. */
  steps: Step[] | undefined
  ended = false
  /** Others have taken its place. */
  dropped = false

  constructor(
    by: object,
    readonly hold: TaskHold,
  ) {
    super(by)
  }

  step(type: LockEventType, time: number, place: number, details?: object): void {
    this.steps ??= []
    this.steps.push({ type, time, place, details })
  }

  /** How many events it is by now. */
  get size(): number {
    const { askedPlace, grantedPlace, steps } = this
    return Number(askedPlace >= 0) + Number(grantedPlace >= 0) + (steps?.length ?? 0)
  }

  /** ms for which it ran before the event loop turned; `undefined` if it did not. */
  get ran(): number | undefined {
    const at = this.turn?.at ?? -1
    return at < 0 ? undefined : Math.max(0, at - this.granted)
  }

  /** @param origin the time at which its clock shows 0 */
  events(agent: string, origin: number): readonly Placed[] {
    // What costs something to find out is found out now, if at all.
    const { name, mode, id, site, task } = this.hold
    const base = { agent, task: task.name, lock: name, mode, request: id }
    const where = site === undefined ? {} : { site }
    return this.#allSteps().map(({ type, time, place, details }) => ({
      place,
      event: { type, time: origin + time, ...base, ...where, ...details } as LockEvent,
    }))
  }

  #allSteps(): readonly Step[] {
    const { asked, askedPlace, granted, grantedPlace, steps = [] } = this
    return [
      ...(askedPlace < 0 ? [] : [{ type: 'request', time: asked, place: askedPlace } as const]),
      ...(grantedPlace < 0 ? [] : [{ type: 'grant', time: granted, place: grantedPlace } as const]),
      ...steps,
    ]
  }
}

interface Placed {
  readonly place: number
  readonly event: LockEvent
}

/** Of many samples, by time. */
export function eventsOf(
  samples: Iterable<Sample>,
  agent: string,
  origin: number,
): readonly LockEvent[] {
  const placed: Placed[] = []
  for (const sample of samples) placed.push(...sample.events(agent, origin))
  placed.sort((a, b) => a.event.time - b.event.time || a.place - b.place)
  return placed.map(({ event }) => event)
}
