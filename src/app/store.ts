/**
 * The one store. What can be computed from it (runs, positions, sentences) is computed where
 * it is shown and never kept beside it.
 */

import { create } from 'zustand'
import { type ContentionSlice, contentionSlice } from './contention/slice'
import { type DeadlocksSlice, deadlocksSlice } from './deadlocks/slice'
import { type LabSlice, labSlice } from './seven-seconds/lab-slice'
import { type RealRunSlice, realRunSlice } from './seven-seconds/real/real-run-slice'
import { type ShellSlice, shellSlice } from './shell/shell-slice'
import { type TabsSlice, tabsSlice } from './tabs/slice'

export type State = ShellSlice &
  LabSlice &
  RealRunSlice &
  DeadlocksSlice &
  ContentionSlice &
  TabsSlice

export const useStore = create<State>()((...args) => ({
  ...shellSlice(...args),
  ...labSlice(...args),
  ...realRunSlice(...args),
  ...deadlocksSlice(...args),
  ...contentionSlice(...args),
  ...tabsSlice(...args),
}))

export type Store = Pick<typeof useStore, 'getState' | 'setState' | 'subscribe'>
