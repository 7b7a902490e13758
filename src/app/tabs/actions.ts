/** What one can do on the page "Tabs". */

import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { Action } from '../action'
import type { State } from '../store'
import { isLive } from './live/live'
import { type SceneId, scenes } from './scenes'

const shown = ({ page }: State) => page === 'tabs'

const isOpen = ({ tabs: { stage } }: State) => stage.kind === 'open' || stage.kind === 'opening'
const places = { frames: 'frames', tabs: 'tabs' } as const

/** The running piece of the scene that is shown. */
function running({ tabs }: State): boolean {
  const { counter, copies, live } = tabs
  return [counter.doing, copies.trying, copies.profiling, live.doing].some(
    ({ kind }) => kind === 'running',
  )
}

const runNames: Readonly<Record<SceneId, string>> = {
  door: '',
  counter: 'Count',
  copies: 'Try them all',
  faults: 'Start',
  leader: 'Start the campaign',
  semaphore: 'Start',
  flight: 'All ask at once',
}

const toScene = (by: 1 | -1) => (state: State) => {
  const { scene } = state.tabs.settings
  const at = scenes.findIndex(({ id }) => id === scene)
  const next = scenes[(at + by + scenes.length) % scenes.length]
  if (next) state.tabs.setScene(next.id)
}

const moves = [
  {
    id: 'open',
    name: 'Open or close the participants',
    label: (state) => {
      const { count, where } = state.tabs.settings
      const what = count === 1 ? places[where].slice(0, -1) : places[where]
      if (isOpen(state)) return count === 1 ? `Close the ${what}` : `Close the ${what}`
      return `Open ${count} ${what}`
    },
    keys: [{ key: 'o', cap: 'o' }],
    present: ({ tabs }) => tabs.settings.scene !== 'copies',
    perform: (state) => (isOpen(state) ? state.tabs.close() : state.tabs.open()),
  },
  {
    id: 'run',
    name: 'Run the scene',
    label: (state) => {
      const { scene } = state.tabs.settings
      if (running(state)) return isLive(scene) ? 'Stop' : 'Cancel'
      return runNames[scene]
    },
    keys: [{ key: 'r', cap: 'r' }],
    present: ({ tabs }) => tabs.settings.scene !== 'door',
    perform: (state) => {
      const { tabs } = state
      if (running(state)) tabs.cancel()
      else if (tabs.settings.scene === 'counter') tabs.count()
      else if (tabs.settings.scene === 'copies') tabs.tryCopies()
      else tabs.start()
    },
  },
  {
    id: 'profile',
    name: 'Run two workers with copies, then with the lock',
    label: ({ tabs }) => (tabs.copies.profiling.kind === 'running' ? 'Cancel' : 'Run both'),
    keys: [{ key: 'b', cap: 'b' }],
    present: ({ tabs }) => tabs.settings.scene === 'copies',
    perform: ({ tabs }) =>
      tabs.copies.profiling.kind === 'running' ? tabs.cancel() : tabs.profileCopies(),
  },
  {
    id: 'previous',
    name: 'The scene before',
    icon: () => ChevronLeft,
    keys: [{ key: ',', cap: ',' }],
    perform: toScene(-1),
  },
  {
    id: 'next',
    name: 'The scene after',
    icon: () => ChevronRight,
    keys: [{ key: '.', cap: '.' }],
    perform: toScene(1),
  },
] as const satisfies readonly Action[]

export const tabsKeys: readonly Action[] = moves.map((action) => ({
  ...action,
  id: `tabs:${action.id}`,
  present: (state: State) => shown(state) && ('present' in action ? action.present(state) : true),
}))

export type TabsActionId = (typeof moves)[number]['id']

export function tabsAction(id: TabsActionId): Action {
  const action = moves.find((each) => each.id === id)
  if (!action) throw new Error(`No action is called ${id}`)
  return action
}
