/** What one can do on the page "Seven seconds". */

import {
  Gauge,
  Pause,
  Pencil,
  Play,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
} from 'lucide-react'
import type { Action } from '../action'
import type { State } from '../store'
import { speeds } from './lab-slice'
import { back, bySeconds, forward, toEnd, toStart } from './moments'
import { runOf } from './runs'

const begun = ({ moment }: State) => moment.time > 0 || moment.step > 0
const unfinished = ({ moment, scenario, policy }: State) =>
  moment.time < runOf(scenario, policy).duration

function changeSpeed(by: 1 | -1): Pick<Action, 'enabled' | 'perform'> {
  const next = ({ speed }: State) => speeds[speeds.indexOf(speed) + by]
  return {
    enabled: (state) => next(state) !== undefined,
    perform: (state) => state.setSpeed(next(state) ?? state.speed),
  }
}

export const labActions = [
  {
    id: 'play',
    name: 'Play or pause',
    label: ({ playing }) => (playing ? 'Pause' : 'Play'),
    icon: ({ playing }) => (playing ? Pause : Play),
    keys: [{ key: ' ', cap: 'Space' }],
    perform: (state) => state.play(!state.playing),
  },
  {
    id: 'back',
    name: 'One step back',
    icon: () => StepBack,
    keys: [{ key: 'ArrowLeft', cap: '←' }],
    enabled: begun,
    perform: (state) => state.move(back),
  },
  {
    id: 'forward',
    name: 'One step forward',
    icon: () => StepForward,
    keys: [{ key: 'ArrowRight', cap: '→' }],
    enabled: unfinished,
    perform: (state) => state.move(forward),
  },
  {
    id: 'second-back',
    name: 'One second back',
    keys: [{ key: 'ArrowLeft', shift: true, cap: 'Shift ←' }],
    enabled: begun,
    perform: (state) => state.move((run, moment) => bySeconds(run, moment, -1)),
  },
  {
    id: 'second-forward',
    name: 'One second forward',
    keys: [{ key: 'ArrowRight', shift: true, cap: 'Shift →' }],
    enabled: unfinished,
    perform: (state) => state.move((run, moment) => bySeconds(run, moment, 1)),
  },
  {
    id: 'start',
    name: 'Jump to the start',
    icon: () => SkipBack,
    keys: [{ key: 'Home', cap: 'Home' }],
    enabled: begun,
    perform: (state) => state.move(toStart),
  },
  {
    id: 'end',
    name: 'Jump to the end',
    icon: () => SkipForward,
    keys: [{ key: 'End', cap: 'End' }],
    enabled: unfinished,
    perform: (state) => state.move(toEnd),
  },
  {
    id: 'faster',
    name: 'Faster',
    icon: () => Gauge,
    keys: [
      { key: '+', cap: '+' },
      { key: '=', cap: '=' },
    ],
    ...changeSpeed(1),
  },
  {
    id: 'slower',
    name: 'Slower',
    icon: () => Gauge,
    keys: [{ key: '-', cap: '-' }],
    ...changeSpeed(-1),
  },
  {
    id: 'edit',
    name: 'Edit the scenario',
    label: ({ editing }) => (editing ? 'Close the editor' : 'Edit scenario'),
    icon: () => Pencil,
    keys: [],
    perform: (state) => state.edit(!state.editing),
  },
] as const satisfies readonly Action[]

/** The same, for the keys: they are this page's only while it is shown. */
export const labKeys: readonly Action[] = labActions.map((action) => ({
  ...action,
  present: ({ page }) => page === 'seven-seconds',
}))

export type LabActionId = (typeof labActions)[number]['id']

export function labAction(id: LabActionId): Action {
  const action = labActions.find((each) => each.id === id)
  if (!action) throw new Error(`No action is called ${id}`)
  return action
}
