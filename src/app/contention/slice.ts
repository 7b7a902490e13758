/** The state of the page "Contention": one workload or two, their runs, and what is looked at. */

import type { StateCreator } from 'zustand'
import { type MapMutexResult, openWorkloadTabs, performWorkload } from '../../perform/workload'
import {
  firstWorkload,
  type MapMutexId,
  mapMutexCases,
  problemsOf,
  type Workload,
} from '../../scenario'
import { background } from '../deadlocks/explore/background'
import { cliffOf, type FindingCliff } from './cliff/cliff'
import type { Selection } from './lanes/selection'
import type { View } from './lanes/view'
import type { LiveRun } from './live/live-run'
import { type Running, runner } from './live/runner'
import type { Side } from './names'
import { casesRun, type RunningCases } from './table/cases'

/** The picture, or the same in words. */
export type LanesLook = 'lanes' | 'table'
export type Charged = 'releaser' | 'waiter'
export type TopBy = 'lock' | 'site'
export type TopOrder = 'delay' | 'contentions' | 'name'

export type Runs = { readonly [Which in Side]?: LiveRun }

export interface Contention {
  /** Always one that can be performed. */
  readonly a: Workload
  /** What it is compared with, on the same seed. */
  readonly b: Workload | undefined
  /** As typed, while that cannot be performed. */
  readonly drafts: { readonly [Which in Side]?: Workload | undefined }
  /** Whose form and lanes are shown. */
  readonly side: Side
  readonly running: Running
  readonly runs: Runs
  /** Grows as runs do: they are changed in place. */
  readonly tick: number
  /** `undefined`: all there is. */
  readonly view: View | undefined
  readonly selection: Selection | undefined
  readonly look: LanesLook
  readonly charged: Charged
  readonly by: TopBy
  readonly order: TopOrder
  readonly cliff: FindingCliff
  readonly cases: RunningCases
  readonly caseResults: { readonly [Id in MapMutexId]?: MapMutexResult }

  readonly show: (workloads: { readonly a: Workload; readonly b?: Workload | undefined }) => void
  /** What a form holds now: taken over when it can be performed. */
  readonly type: (side: Side, workload: Workload) => void
  readonly compare: (comparing: boolean) => void
  readonly setSide: (side: Side) => void
  readonly run: () => void
  readonly cancel: () => void
  readonly setView: (view: View | undefined) => void
  readonly select: (selection: Selection | undefined) => void
  readonly setLook: (look: LanesLook) => void
  readonly setTop: (top: Partial<Pick<Contention, 'charged' | 'by' | 'order'>>) => void
  readonly findCliff: () => void
  readonly runCases: () => void
  /** Whatever is measured now. */
  readonly stopMeasuring: () => void
  readonly leave: () => void
}

export interface ContentionSlice {
  readonly contention: Contention
}

export const contentionSlice: StateCreator<ContentionSlice> = (set, get) => {
  const change = (part: Partial<Contention>) =>
    set(({ contention }) => ({ contention: { ...contention, ...part } }))
  const stage = runner(
    { perform: performWorkload, openTabs: openWorkloadTabs },
    {
      running: (running) => change({ running }),
      began: (side, run) => {
        const { runs } = get().contention
        change({ runs: { ...runs, [side]: run }, side, view: undefined, selection: undefined })
      },
      ticked: () => change({ tick: get().contention.tick + 1 }),
    },
  )
  const climber = background((cliff: FindingCliff) => change({ cliff }))
  const tabler = background((cases: RunningCases) => change({ cases }))
  /** One thing at a time: what is measured beside something else is measured wrongly. */
  const stopAll = () => {
    stage.cancel()
    climber.cancel()
    tabler.cancel()
  }
  /** What was measured of another workload is not this one's. */
  const forget = () => {
    stage.cancel()
    climber.cancel()
    const nothing = { kind: 'none' } as const
    return { runs: {}, running: nothing, cliff: nothing, view: undefined, selection: undefined }
  }
  return {
    contention: {
      a: firstWorkload,
      b: undefined,
      drafts: {},
      side: 'a',
      running: { kind: 'none' },
      runs: {},
      tick: 0,
      view: undefined,
      selection: undefined,
      look: 'lanes',
      charged: 'releaser',
      by: 'lock',
      order: 'delay',
      cliff: { kind: 'none' },
      cases: { kind: 'none' },
      caseResults: {},

      show: ({ a, b }) => change({ ...forget(), a, b, drafts: {}, side: 'a' }),
      type: (side, workload) => {
        const { a, b, drafts } = get().contention
        if (problemsOf(workload).length > 0) {
          change({ drafts: { ...drafts, [side]: workload } })
          return
        }
        const { seed } = workload
        const next =
          side === 'a'
            ? { a: workload, b: b && { ...b, seed } }
            : { a: { ...a, seed }, b: workload }
        change({ ...forget(), ...next, drafts: { ...drafts, [side]: undefined } })
      },
      compare: (comparing) => {
        const { a, drafts } = get().contention
        const b = comparing ? { ...a, title: beside(a.title) } : undefined
        change({ ...forget(), b, drafts: { ...drafts, b: undefined }, side: comparing ? 'b' : 'a' })
      },
      setSide: (side) => {
        if (side !== get().contention.side) change({ side, selection: undefined })
      },
      run: () => {
        const { a, b, drafts } = get().contention
        if (drafts.a || drafts.b) return
        stopAll()
        change({ runs: {} })
        stage.run([{ side: 'a', workload: a }, ...(b ? [{ side: 'b' as const, workload: b }] : [])])
      },
      cancel: () => stage.cancel(),
      setView: (view) => change({ view }),
      select: (selection) => change({ selection }),
      setLook: (look) => change({ look }),
      setTop: (top) => change(top),
      findCliff: () => {
        const { a, b, side, drafts } = get().contention
        if (drafts.a || drafts.b) return
        stopAll()
        climber.begin(cliffOf((side === 'b' ? b : undefined) ?? a))
      },
      runCases: () => {
        stopAll()
        const tell = (result: MapMutexResult) =>
          change({ caseResults: { ...get().contention.caseResults, [result.id]: result } })
        tabler.begin(
          casesRun(
            mapMutexCases.map(({ id }) => id),
            tell,
          ),
        )
      },
      stopMeasuring: stopAll,
      leave: stopAll,
    },
  }
}

/** The titles must differ for who reads them; the longest is kept within its limit. */
function beside(title: string): string {
  const name = title.slice(0, 60)
  return name.endsWith('(B)') ? name : `${name} (B)`
}

export const shownRun = ({ runs, side }: Contention): LiveRun | undefined => runs[side]
