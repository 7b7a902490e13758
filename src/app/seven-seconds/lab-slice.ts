/** The state of the page "Seven seconds": what is shown, and where in it we are. */

import type { StateCreator } from 'zustand'
import {
  type PolicyId,
  parseScenario,
  printScenario,
  type Scenario,
  sevenSeconds,
} from '../../scenario'
import type { Moment, Simulation } from '../../simulate'
import { settle, start, toStart } from './moments'
import { runOf } from './runs'

export const speeds = [0.25, 0.5, 1, 2, 4] as const
export type Speed = (typeof speeds)[number]

/** One picture, four small ones under every policy, or the same in words. */
export type View = 'lanes' | 'policies' | 'table'

export interface Shown {
  readonly scenario: Scenario
  readonly policy: PolicyId
  readonly moment?: Moment
}

export interface LabSlice {
  /** The last valid one: what is shown. */
  readonly scenario: Scenario
  /** The one that was chosen or linked, which editing began from. */
  readonly base: Scenario
  readonly policy: PolicyId
  readonly moment: Moment
  readonly playing: boolean
  readonly speed: Speed
  readonly view: View
  readonly editing: boolean
  /** The text in the editor, as typed; `undefined`: as the scenario prints. */
  readonly draft: string | undefined

  /** Another scenario, from its beginning unless a moment is given. */
  readonly show: (what: Shown) => void
  readonly choosePolicy: (policy: PolicyId) => void
  readonly type: (draft: string) => void
  readonly edit: (editing: boolean) => void
  readonly setView: (view: View) => void
  readonly setSpeed: (speed: Speed) => void
  readonly goTo: (moment: Moment) => void
  /** A move by hand: it ends playing. */
  readonly move: (to: (run: Simulation, moment: Moment) => Moment) => void
  readonly play: (playing: boolean) => void
}

export const labSlice: StateCreator<LabSlice> = (set, get) => {
  const run = () => runOf(get().scenario, get().policy)
  return {
    scenario: sevenSeconds.scenario,
    base: sevenSeconds.scenario,
    policy: sevenSeconds.policy,
    moment: start,
    playing: false,
    speed: 1,
    view: 'lanes',
    editing: false,
    draft: undefined,

    show: ({ scenario, policy, moment }) => {
      set({
        scenario,
        base: scenario,
        policy,
        moment: settle(runOf(scenario, policy), moment ?? start),
        playing: false,
        draft: undefined,
      })
    },
    choosePolicy: (policy) => {
      set(({ scenario, moment }) => ({ policy, moment: settle(runOf(scenario, policy), moment) }))
    },
    type: (draft) => {
      const parsed = parseScenario(draft)
      if (parsed.kind === 'broken') return set({ draft })
      set(({ policy, moment }) => ({
        draft,
        scenario: parsed.scenario,
        moment: settle(runOf(parsed.scenario, policy), moment),
      }))
    },
    edit: (editing) => set({ editing }),
    setView: (view) => set({ view }),
    setSpeed: (speed) => set({ speed }),
    goTo: (moment) => set({ moment: settle(run(), moment), playing: false }),
    move: (to) => set({ moment: to(run(), get().moment), playing: false }),
    play: (playing) => {
      // At the end, playing means from the start.
      const over = playing && get().moment.time >= run().duration
      set({ playing, ...(over ? { moment: toStart(run()) } : {}) })
    },
  }
}

/** What the editor holds. */
export const draftOf = ({ draft, scenario }: LabSlice) => draft ?? printScenario(scenario)
