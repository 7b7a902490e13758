/** Where one looks on the lanes, and what is chosen there: moves of the page's state. */

import type { State } from '../../store'
import { sides } from '../names'
import { type Contention, shownRun } from '../slice'
import type { Lanes } from './lanes'
import { beside, nearest, type Selection, spanOf } from './selection'
import { around, type Bounds, isWhole, type View, zoomed } from './view'

export const lanesOf = ({ contention }: State): Lanes | undefined => shownRun(contention)?.lanes

/** All there is to see: of both runs, which are seen through one window. */
export function boundsOf({ runs }: Contention): Bounds {
  const all = sides.flatMap((side) => runs[side]?.lanes ?? [])
  const from = all.length === 0 ? 0 : Math.min(...all.map(({ knownFrom }) => knownFrom))
  return { from, to: Math.max(from + 1, ...all.map(({ end }) => end)) }
}

export const viewOf = (contention: Contention): View => contention.view ?? boundsOf(contention)

export const look =
  (next: (view: View, bounds: Bounds) => View) =>
  ({ contention }: State) => {
    const bounds = boundsOf(contention)
    const to = next(viewOf(contention), bounds)
    contention.setView(isWhole(to, bounds) ? undefined : to)
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
  const view = viewOf(contention)
  const seen = span.from >= view.from && span.to <= view.to
  const wide = (span.to - span.from) / (view.to - view.from) > 0.004
  if (!seen || !wide) contention.setView(around(view, boundsOf(contention), span.from, span.to))
}

const chosen = (state: State): Selection | undefined => {
  const lanes = lanesOf(state)
  if (!lanes) return undefined
  return state.contention.selection ?? nearest(lanes, 0, viewOf(state.contention).from)
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
