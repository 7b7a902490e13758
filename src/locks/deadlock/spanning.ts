/** The detectors of one realm: where chains of waits go on that lead through several lock spaces. */

import { faceIn } from '../faces'
import type { Space, TaskRecord } from '../space'
import type { TaskHold } from '../task-hold'
import type { Detector } from './detector'

/** None where nobody detects, or nothing was ever acquired: there nobody waits. */
export function detectorOf(space: Space): Detector | undefined {
  // Nobody else makes one.
  return space.opened ? (space.detector as Detector | undefined) : undefined
}

/** All of its realm, this one first. */
export function detectorsAround(detector: Detector): readonly Detector[] {
  const found = new Set([detector])
  for (const each of detector.space.neighbours ?? []) {
    const space = each.deref()
    const other = space && detectorOf(space)
    if (other !== undefined) found.add(other)
  }
  return [...found]
}

/** Whose callback of another lock space is in its synchronous beginning: the same task asks here. */
export function ambientElsewhere(space: Space): TaskRecord | undefined {
  // Asked of everything that nobody was named for: as a rule there is one space, or none detects.
  if (space.neighbours === undefined || space.neighbours.length < 2) return undefined
  for (const each of space.neighbours) {
    const other = each.deref()
    const hold = other?.ambient as TaskHold | undefined
    if (hold !== undefined && hold.space !== space && hold.space.detector !== undefined) {
      return faceIn(space, hold.task)
    }
  }
  return undefined
}
