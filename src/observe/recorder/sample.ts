/** One acquisition that is recorded whole, and the events that it becomes. */

import type { LockEvent, LockEventType } from '../../locks'
import type { TaskHold } from '../../locks/task-hold'
import type { Standing } from '../blame'

interface Step {
  readonly type: LockEventType
  /** On the recorder's clock. */
  readonly time: number
  /** Clocks are coarse: what came first of two at one time. */
  readonly place: number
  readonly details?: object | undefined
}

export class Sample {
  readonly #steps: Step[] = []
  /** When the event loop turned for the first time while it was held. */
  turned = -1
  /** Who stood in its way when its wait began. */
  standing: Standing | undefined

  constructor(readonly hold: TaskHold) {}

  get size(): number {
    return this.#steps.length
  }

  step(type: LockEventType, time: number, place: number, details?: object): void {
    this.#steps.push({ type, time, place, details })
  }

  /** @param origin what a time of the recorder's clock begins at */
  events(agent: string, origin: number): readonly Placed[] {
    // What costs something to find out is found out now, if at all.
    const { name, mode, id, site, task } = this.hold
    const base = { agent, task: task.name, lock: name, mode, request: id }
    const where = site === undefined ? {} : { site }
    return this.#steps.map(({ type, time, place, details }) => ({
      place,
      event: { type, time: origin + time, ...base, ...where, ...details } as LockEvent,
    }))
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
