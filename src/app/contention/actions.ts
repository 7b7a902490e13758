/** What one can do on the page "Contention". */

import { ChevronLeft, ChevronRight, Maximize2, Minus, Play, Plus, Square } from 'lucide-react'
import type { Action } from '../action'
import type { State } from '../store'
import type { Lanes } from './lanes/lanes'
import { beside, longestWait, nearest, type Selection, spanOf } from './lanes/selection'
import { around, type Bounds, panned, type View, zoomed } from './lanes/view'
import { shownRun } from './slice'

const shown = ({ page }: State) => page === 'contention'
const runs = ({ contention }: State) => contention.running.kind === 'running'
const lanesOf = ({ contention }: State): Lanes | undefined => shownRun(contention)?.lanes
const drawn = (state: State) => (lanesOf(state)?.spanCount ?? 0) > 0

/** What was typed can be performed. */
const ready = ({ contention: { drafts } }: State) => !drafts.a && !drafts.b

/** All there is to see. */
export function boundsOf(lanes: Lanes | undefined): Bounds {
  const from = lanes?.knownFrom ?? 0
  return { from, to: Math.max(lanes?.end ?? 0, from + 1) }
}

export const viewOf = (view: View | undefined, lanes: Lanes | undefined): View =>
  view ?? boundsOf(lanes)

const look = (next: (view: View, bounds: Bounds) => View) => (state: State) => {
  const lanes = lanesOf(state)
  const { view, setView } = state.contention
  setView(next(viewOf(view, lanes), boundsOf(lanes)))
}

/** About what is chosen, if that is in sight. */
const zoom = (factor: number) => (state: State) => {
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

const step = (by: 1 | -1) => (state: State) => {
  const lanes = lanesOf(state)
  const from = chosen(state)
  if (!lanes || !from) return
  showSpan(state, state.contention.selection ? (beside(lanes, from, by) ?? from) : from)
}

const otherLane = (by: 1 | -1) => (state: State) => {
  const lanes = lanesOf(state)
  const from = chosen(state)
  const span = lanes && from && spanOf(lanes, from)
  if (!lanes || !span) return
  const order = lanes.agents.flatMap((_, agent) => lanes.trackIndicesOf(agent))
  const track = order[order.indexOf(span.track) + by]
  if (track !== undefined) showSpan(state, nearest(lanes, track, (span.from + span.to) / 2))
}

const climbs = ({ contention }: State) => contention.cliff.kind === 'running'
const tables = ({ contention }: State) => contention.cases.kind === 'running'

const moves = [
  {
    id: 'run',
    name: 'Run on real workers',
    label: (state) =>
      runs(state) ? 'Cancel' : state.contention.b ? 'Run A, then B' : 'Run on real workers',
    icon: (state) => (runs(state) ? Square : Play),
    keys: [{ key: 'r', cap: 'r' }],
    enabled: (state) => runs(state) || ready(state),
    perform: (state) => (runs(state) ? state.contention.cancel() : state.contention.run()),
  },
  {
    id: 'compare',
    name: 'Compare with a second workload',
    label: ({ contention }) => (contention.b ? 'Drop B' : 'Compare with B'),
    keys: [{ key: 'b', cap: 'b' }],
    enabled: (state) => !runs(state),
    perform: ({ contention }) => contention.compare(!contention.b),
  },
  {
    id: 'zoom-in',
    name: 'Zoom in',
    icon: () => Plus,
    keys: [
      { key: '+', cap: '+' },
      { key: '=', cap: '=' },
    ],
    enabled: drawn,
    perform: zoom(2),
  },
  {
    id: 'zoom-out',
    name: 'Zoom out',
    icon: () => Minus,
    keys: [{ key: '-', cap: '-' }],
    enabled: (state) => drawn(state) && state.contention.view !== undefined,
    perform: zoom(0.5),
  },
  {
    id: 'left',
    name: 'Earlier',
    icon: () => ChevronLeft,
    keys: [{ key: 'ArrowLeft', cap: '←' }],
    enabled: drawn,
    perform: look((view, bounds) => panned(view, bounds, -0.2)),
  },
  {
    id: 'right',
    name: 'Later',
    icon: () => ChevronRight,
    keys: [{ key: 'ArrowRight', cap: '→' }],
    enabled: drawn,
    perform: look((view, bounds) => panned(view, bounds, 0.2)),
  },
  {
    id: 'whole',
    name: 'Show the whole run',
    icon: () => Maximize2,
    keys: [{ key: '0', cap: '0' }],
    enabled: ({ contention }) => contention.view !== undefined,
    perform: ({ contention }) => contention.setView(undefined),
  },
  {
    id: 'longest',
    name: 'Go to the longest wait in sight',
    label: () => 'Longest wait',
    keys: [{ key: 'w', cap: 'w' }],
    enabled: drawn,
    perform: (state) => {
      const lanes = lanesOf(state)
      if (!lanes) return
      const { from, to } = viewOf(state.contention.view, lanes)
      showSpan(state, longestWait(lanes, from, to))
    },
  },
  {
    id: 'previous',
    name: 'The bar before, on the same lane',
    keys: [{ key: ',', cap: ',' }],
    enabled: drawn,
    perform: step(-1),
  },
  {
    id: 'next',
    name: 'The bar after, on the same lane',
    keys: [{ key: '.', cap: '.' }],
    enabled: drawn,
    perform: step(1),
  },
  {
    id: 'above',
    name: 'The lane above',
    keys: [{ key: '<', cap: '<' }],
    enabled: drawn,
    perform: otherLane(-1),
  },
  {
    id: 'below',
    name: 'The lane below',
    keys: [{ key: '>', cap: '>' }],
    enabled: drawn,
    perform: otherLane(1),
  },
  {
    id: 'cliff',
    name: 'Find the cliff',
    label: (state) => (climbs(state) ? 'Cancel the search' : 'Find the cliff'),
    keys: [{ key: 'f', cap: 'f' }],
    enabled: ready,
    perform: ({ contention }) =>
      contention.cliff.kind === 'running' ? contention.stopMeasuring() : contention.findCliff(),
  },
  {
    id: 'cases',
    name: 'Run mapmutex’s table',
    label: (state) => (tables(state) ? 'Cancel the table' : 'Run the table'),
    keys: [{ key: 'm', cap: 'm' }],
    perform: ({ contention }) =>
      contention.cases.kind === 'running' ? contention.stopMeasuring() : contention.runCases(),
  },
] as const satisfies readonly Action[]

export const contentionKeys: readonly Action[] = moves.map((action) => ({
  ...action,
  id: `contention:${action.id}`,
  present: shown,
}))

export type ContentionActionId = (typeof moves)[number]['id']

export function contentionAction(id: ContentionActionId): Action {
  const action = moves.find((each) => each.id === id)
  if (!action) throw new Error(`No action is called ${id}`)
  return action
}
