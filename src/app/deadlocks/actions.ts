/** What one can do on the page "Deadlocks". */

import {
  Gamepad2,
  Gauge,
  Pause,
  Pencil,
  Play,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
} from 'lucide-react'
import { programLimits } from '../../scenario'
import type { Action } from '../action'
import type { State } from '../store'
import { frameOf } from './run'
import { rates } from './slice'

const shown = ({ page }: State) => page === 'deadlocks'
const begun = ({ deadlocks }: State) => deadlocks.position > 0
const unfinished = ({ deadlocks }: State) => deadlocks.position < deadlocks.schedule.length

function changeRate(by: 1 | -1): Pick<Action, 'enabled' | 'perform'> {
  const next = ({ deadlocks }: State) => rates[rates.indexOf(deadlocks.rate) + by]
  return {
    enabled: (state) => next(state) !== undefined,
    perform: (state) => state.deadlocks.setRate(next(state) ?? state.deadlocks.rate),
  }
}

const moves = [
  {
    id: 'play',
    name: 'Play or pause',
    label: ({ deadlocks }) => (deadlocks.playing ? 'Pause' : 'Play'),
    icon: ({ deadlocks }) => (deadlocks.playing ? Pause : Play),
    keys: [{ key: ' ', cap: 'Space' }],
    enabled: ({ deadlocks }) => deadlocks.schedule.length > 0,
    perform: ({ deadlocks }) => deadlocks.play(!deadlocks.playing),
  },
  {
    id: 'back',
    name: 'One step back',
    icon: () => StepBack,
    keys: [{ key: 'ArrowLeft', cap: '←' }],
    enabled: begun,
    perform: ({ deadlocks }) => deadlocks.goTo(deadlocks.position - 1),
  },
  {
    id: 'forward',
    name: 'One step forward',
    icon: () => StepForward,
    keys: [{ key: 'ArrowRight', cap: '→' }],
    enabled: unfinished,
    perform: ({ deadlocks }) => deadlocks.goTo(deadlocks.position + 1),
  },
  {
    id: 'first',
    name: 'Jump to the start',
    icon: () => SkipBack,
    keys: [{ key: 'Home', cap: 'Home' }],
    enabled: begun,
    perform: ({ deadlocks }) => deadlocks.goTo(0),
  },
  {
    id: 'last',
    name: 'Jump to the end',
    icon: () => SkipForward,
    keys: [{ key: 'End', cap: 'End' }],
    enabled: unfinished,
    perform: ({ deadlocks }) => deadlocks.goTo(deadlocks.schedule.length),
  },
  {
    id: 'faster',
    name: 'Faster',
    icon: () => Gauge,
    keys: [
      { key: '+', cap: '+' },
      { key: '=', cap: '=' },
    ],
    ...changeRate(1),
  },
  {
    id: 'slower',
    name: 'Slower',
    icon: () => Gauge,
    keys: [{ key: '-', cap: '-' }],
    ...changeRate(-1),
  },
  {
    id: 'choose',
    name: 'You are the scheduler',
    label: ({ deadlocks }) =>
      deadlocks.choosing ? 'Give the schedule back' : 'You are the scheduler',
    icon: () => Gamepad2,
    keys: [{ key: 's', cap: 's' }],
    perform: ({ deadlocks }) => deadlocks.takeOver(!deadlocks.choosing),
  },
  {
    id: 'explore',
    name: 'Explore all interleavings',
    keys: [{ key: 'x', cap: 'x' }],
    enabled: ({ deadlocks }) => deadlocks.exploration.kind !== 'running',
    perform: ({ deadlocks }) => deadlocks.explore(),
  },
  {
    id: 'edit-program',
    name: 'Edit the program',
    label: ({ deadlocks }) => (deadlocks.editing ? 'Close the editor' : 'Edit program'),
    icon: () => Pencil,
    keys: [{ key: 'e', cap: 'e' }],
    perform: ({ deadlocks }) => deadlocks.edit(!deadlocks.editing),
  },
] as const satisfies readonly Action[]

/** While one is the scheduler, the number keys are the threads'. */
const choices: readonly Action[] = Array.from({ length: programLimits.threads }, (_, thread) => ({
  id: `step-${thread + 1}`,
  name: `Let thread ${thread + 1} step`,
  label: () => `Step ${thread + 1}`,
  keys: [{ key: String(thread + 1), cap: String(thread + 1) }],
  present: (state) =>
    shown(state) && state.deadlocks.choosing && thread < state.deadlocks.program.threads.length,
  enabled: ({ deadlocks }) => frameOf(deadlocks).enabled.includes(thread),
  perform: ({ deadlocks }) => deadlocks.choose(thread),
}))

export const deadlocksKeys: readonly Action[] = [
  ...moves.map((action) => ({ ...action, id: `deadlocks:${action.id}`, present: shown })),
  ...choices,
]

export type DeadlocksActionId = (typeof moves)[number]['id']

export function deadlocksAction(id: DeadlocksActionId): Action {
  const action = moves.find((each) => each.id === id)
  if (!action) throw new Error(`No action is called ${id}`)
  return action
}

export function choiceOf(thread: number): Action {
  const action = choices[thread]
  if (!action) throw new RangeError(`thread must be from 0 to 7, got ${thread}`)
  return action
}
