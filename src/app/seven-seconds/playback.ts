/**
 * Moves the moment while the store says "playing", one animation frame at a time, and stops at
 * the end of the axis. Whoever asked for reduced motion sees the same pace from event to
 * event, with nothing moving in between.
 */

import type { Moment, Simulation } from '../../simulate'
import type { Store } from '../store'
import { momentAt, toEnd, toNextInstant } from './moments'
import { runOf } from './runs'

export interface Frames {
  readonly request: (frame: (now: number) => void) => number
  readonly cancel: (id: number) => void
  readonly reducedMotion: () => boolean
}

/** A tab that was hidden comes back with a long frame; it must not jump over seconds. */
const longestFrame = 250

export function playback(store: Store, frames: Frames): () => void {
  let frame: number | undefined
  let last: number | undefined
  /** The time that has come, also while reduced motion still shows the event before it. */
  let due = 0

  const advance = (now: number) => {
    const { scenario, policy, moment, speed } = store.getState()
    const run = runOf(scenario, policy)
    // The first frame only says when we started.
    due += Math.min(now - (last ?? now), longestFrame) * speed
    last = now
    const next = frames.reducedMotion() ? eventAt(run, moment, due) : momentAt(run, due)
    // One event at a time, also where a slow machine's frame spans several.
    if (next.step < momentAt(run, due).step) due = next.time
    const over = due >= run.duration
    byHand = false
    store.setState(over ? { moment: toEnd(run), playing: false } : { moment: next })
    byHand = true
    frame = over ? undefined : frames.request(advance)
  }
  let byHand = true

  const unsubscribe = store.subscribe((state, before) => {
    // Somebody moved it while it played: go on from there.
    if (byHand && state.moment !== before.moment) due = state.moment.time
    if (state.playing === before.playing) return
    if (frame !== undefined) frames.cancel(frame)
    frame = undefined
    last = undefined
    if (!state.playing) return
    due = state.moment.time
    frame = frames.request(advance)
  })
  return () => {
    unsubscribe()
    if (frame !== undefined) frames.cancel(frame)
  }
}

/** The moment to show while only events may move it: the same, or the next event's. */
function eventAt(run: Simulation, moment: Moment, due: number): Moment {
  return momentAt(run, due).step > moment.step ? toNextInstant(run, moment) : moment
}
