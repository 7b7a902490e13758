/** What one can do on the page "Contention". */

import { ChevronLeft, ChevronRight, Maximize2, Minus, Play, Plus, Square } from 'lucide-react'
import type { Action } from '../action'
import type { State } from '../store'
import { lanesOf, look, otherLane, showSpan, step, viewOf, zoom } from './lanes/looking'
import { longestWait } from './lanes/selection'
import { panned } from './lanes/view'

const shown = ({ page }: State) => page === 'contention'
const runs = ({ contention }: State) => contention.running.kind === 'running'
const drawn = (state: State) => (lanesOf(state)?.spanCount ?? 0) > 0

/** What was typed can be performed. */
const ready = ({ contention: { drafts } }: State) => !drafts.a && !drafts.b

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
      const { from, to } = viewOf(state.contention)
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
