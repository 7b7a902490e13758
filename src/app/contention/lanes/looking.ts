/** Where one looks on the lanes, and what is chosen there: moves of the page's state. */

import type { State } from '../../store'
import { shownRun } from '../slice'
import type { Lanes } from './lanes'
import { beside, nearest, type Selection, spanOf } from './selection'
import { around, type Bounds, isWhole, type View, zoomed } from './view'

export const lanesOf = ({ contention }: State): Lanes | undefined => shownRun(contention)?.lanes

/** All there is to see. */
export function boundsOf(lanes: Lanes | undefined): Bounds {
  const from = lanes?.knownFrom ?? 0
  return { from, to: Math.max(lanes?.end ?? 0, from + 1) }
}

export const viewOf = (view: View | undefined, lanes: Lanes | undefined): View =>
  view ?? boundsOf(lanes)

export const look = (next: (view: View, bounds: Bounds) => View) => (state: State) => {
  const lanes = lanesOf(state)
  const { view, setView } = state.contention
  const bounds = boundsOf(lanes)
  const to = next(viewOf(view, lanes), bounds)
  setView(isWhole(to, bounds) ? undefined : to)
}

/** Nearer by `factor`: about what is chosen, if that is in sight. */
export const zoom = (factor: number) => (state: State) => {
  const lanes = lanesOf(state)
  const { selection } = state.contention
  const span = lanes && selection && spanOf(lanes, selection)
  look((view, bounds) => {
    const middle = span ? ((span.from + span.to) / 2 - view.from) / (view.to - view.from) : 0.5
    return zoomed(view, bounds, factor, middle >= 0 && middle <= 1 ? middle : 0.5)
  })(state)
}

/** Chooses a span, and moves the view where it can be seen. */
export function showSpan({ contention }: State, selection: Selection | undefined): void {
  const lanes = shownRun(contention)?.lanes
  const span = lanes && selection && spanOf(lanes, selection)
  if (!lanes || !span) return
  contention.select(selection)
  const view = viewOf(contention.view, lanes)
  const seen = span.from >= view.from && span.to <= view.to
  const wide = (span.to - span.from) / (view.to - view.from) > 0.004
  if (!seen || !wide) contention.setView(around(view, boundsOf(lanes), span.from, span.to))
}

const chosen = (state: State): Selection | undefined => {
  const lanes = lanesOf(state)
  const { selection, view } = state.contention
  if (!lanes) return undefined
  return selection ?? nearest(lanes, 0, viewOf(view, lanes).from)
}

/** To the bar before or after. */
export const step = (by: 1 | -1) => (state: State) => {
  const lanes = lanesOf(state)
  const from = chosen(state)
  if (!lanes || !from) return
  showSpan(state, state.contention.selection ? (beside(lanes, from, by) ?? from) : from)
}

export const otherLane = (by: 1 | -1) => (state: State) => {
  const lanes = lanesOf(state)
  const from = chosen(state)
  const span = lanes && from && spanOf(lanes, from)
  if (!lanes || !span) return
  const order = lanes.agents.flatMap((_, agent) => lanes.trackIndicesOf(agent))
  const track = order[order.indexOf(span.track) + by]
  if (track !== undefined) showSpan(state, nearest(lanes, track, (span.from + span.to) / 2))
}
