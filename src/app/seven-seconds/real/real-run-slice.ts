/** A run on real workers: under way, done, or given up. */

import type { StateCreator } from 'zustand'
import type { LockEvent, Mechanism } from '../../../locks'
import {
  type Carrier,
  carriers,
  perform,
  type RealProgress,
  type RealReach,
  type RealRun as RealResult,
  type RealSpeed,
  supportsRealRun,
} from '../../../perform'
import type { PolicyId, Scenario } from '../../../scenario'
import { type Comparison, compareRuns } from '../../../simulate'
import type { LabSlice } from '../lab-slice'
import { runOf } from '../runs'

/** What was played; a measurement is shown only over the run that it is of. */
interface Of {
  readonly scenario: Scenario
  readonly policy: PolicyId
  readonly speed: RealSpeed
  /** What carries the lock. */
  readonly mechanism: Mechanism
  /** What has arrived so far, by time. */
  readonly events: readonly LockEvent[]
}

export type RealRun =
  | { readonly kind: 'none' }
  | (Of & {
      readonly kind: 'running'
      readonly progress: RealProgress | undefined
      readonly expected: number
      readonly abort: AbortController
    })
  | (Of & {
      readonly kind: 'done'
      readonly comparison: Comparison
      readonly lateness: RealResult['lateness']
    })
  | (Of & { readonly kind: 'cancelled' })
  | (Of & { readonly kind: 'failed'; readonly why: string })

export interface RealRunSlice {
  readonly realSpeed: RealSpeed
  /** How far the lock of the next run reaches: by default, whatever comes first here. */
  readonly realReach: RealReach | undefined
  readonly realRun: RealRun
  readonly setRealSpeed: (speed: RealSpeed) => void
  readonly setRealReach: (reach: RealReach) => void
  /** Settles when the run has ended, in whichever way. */
  readonly startRealRun: () => Promise<void>
  readonly cancelRealRun: () => void
}

/** What will carry the next run, as chosen; else what comes first. */
export function carrierOf(reach: RealReach | undefined): Carrier | undefined {
  const here = carriers()
  return here.find((each) => each.reach === reach) ?? here[0]
}

export const realRunSlice: StateCreator<RealRunSlice & LabSlice, [], [], RealRunSlice> = (
  set,
  get,
) => ({
  realSpeed: 1,
  realReach: undefined,
  realRun: { kind: 'none' },
  setRealSpeed: (realSpeed) => set({ realSpeed }),
  setRealReach: (realReach) => set({ realReach }),
  startRealRun: async () => {
    const { scenario, policy, realSpeed: speed, realReach, realRun } = get()
    const carrier = carrierOf(realReach)
    if (realRun.kind === 'running' || !supportsRealRun(policy) || carrier === undefined) return
    const { reach, mechanism } = carrier
    const simulated = runOf(scenario, policy).events
    const abort = new AbortController()
    let events: readonly LockEvent[] = []
    let progress: RealProgress | undefined
    const of = () => ({ scenario, policy, speed, mechanism, events })
    const tell = () => {
      const expected = simulated.length
      set({ realRun: { ...of(), kind: 'running', progress, expected, abort } })
    }
    tell()
    try {
      const result = await perform(scenario, {
        policy,
        speed,
        reach,
        signal: abort.signal,
        onEvent: (event) => {
          events = [...events, event]
          tell()
        },
        onProgress: (now) => {
          progress = now
          tell()
        },
      })
      events = result.events
      const comparison = compareRuns(simulated, events, result)
      set({ realRun: { ...of(), kind: 'done', comparison, lateness: result.lateness } })
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      set({
        realRun: abort.signal.aborted
          ? { ...of(), kind: 'cancelled' }
          : { ...of(), kind: 'failed', why },
      })
    }
  },
  cancelRealRun: () => {
    const { realRun } = get()
    if (realRun.kind === 'running') realRun.abort.abort()
  },
})
