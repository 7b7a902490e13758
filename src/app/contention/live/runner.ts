/** Performs one workload, or one after the other: what is compared must not disturb each other. */

import type {
  PerformWorkloadOptions,
  WorkloadOutcome,
  WorkloadProgress,
  WorkloadTabs,
} from '../../../perform/workload'
import type { Workload } from '../../../scenario'
import { wasCancelled } from '../../deadlocks/explore/background'
import { participantNames, type Side } from '../names'
import { countFrames } from './frames'
import { LiveRun } from './live-run'
import { ticker } from './tick'

export type Running =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'running'
      readonly side: Side
      readonly progress: WorkloadProgress | undefined
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly why: string }

export interface Piece {
  readonly side: Side
  readonly workload: Workload
}

/** What a run needs from outside. */
export interface RunnerWorld {
  readonly perform: (
    workload: Workload,
    options: PerformWorkloadOptions,
  ) => Promise<WorkloadOutcome>
  readonly openTabs: (count: number, options: { readonly signal: AbortSignal }) => WorkloadTabs
}

export interface RunnerNews {
  readonly running: (running: Running) => void
  readonly began: (side: Side, run: LiveRun) => void
  /** The run that goes on has changed. */
  readonly ticked: () => void
}

export interface Runner {
  /** To be called by the handler of a click: tabs are opened before anything is awaited. */
  readonly run: (pieces: readonly Piece[]) => void
  readonly cancel: () => void
}

/** ms between two drawings: fast enough to seem alive, seldom enough to leave the cores alone. */
const pace = 120

export function runner({ perform, openTabs }: RunnerWorld, news: RunnerNews): Runner {
  let own: AbortController | undefined
  const one = async (
    { side, workload }: Piece,
    tabs: WorkloadTabs | undefined,
    signal: AbortSignal,
  ) => {
    const run = new LiveRun(workload, participantNames(workload))
    news.began(side, run)
    let progress: WorkloadProgress | undefined
    const tell = () => {
      if (!signal.aborted) news.running({ kind: 'running', side, progress })
      news.ticked()
    }
    const ticks = ticker(tell, pace, {
      now: () => performance.now(),
      setTimeout: (then, ms) => window.setTimeout(then, ms),
      clearTimeout: (id) => window.clearTimeout(id),
    })
    const stopFrames = countFrames(
      {
        request: (frame) => requestAnimationFrame(frame),
        cancel: (id) => cancelAnimationFrame(id),
      },
      (frames) => {
        run.frames = frames
      },
    )
    tell()
    try {
      run.outcome = await perform(workload, {
        signal,
        ...(tabs ? { tabs } : {}),
        onBatch: (events) => {
          run.take(events)
          ticks.note()
        },
        onProgress: (at) => {
          progress = at
          if (at.kind === 'running') {
            run.begin(at.startedAt)
            run.counts = at
            run.pace.note(performance.timeOrigin + performance.now() - at.startedAt, at.done)
          }
          ticks.note()
        },
      })
      run.counts = run.outcome
    } finally {
      stopFrames()
      run.end(run.outcome?.agents)
      ticks.stop()
      news.ticked()
    }
  }
  const all = async (
    pieces: readonly Piece[],
    tabs: WorkloadTabs | undefined,
    signal: AbortSignal,
  ) => {
    try {
      for (const piece of pieces) await one(piece, tabs, signal)
    } finally {
      await tabs?.close()
    }
  }
  return {
    run: (pieces) => {
      own?.abort()
      const mine = new AbortController()
      own = mine
      const { signal } = mine
      const count = Math.max(0, ...pieces.map(({ workload }) => workload.tabs))
      const tabs = count > 0 ? openTabs(count, { signal }) : undefined
      const end = (running: Running) => {
        if (own !== mine) return
        own = undefined
        news.running(running)
      }
      all(pieces, tabs, signal).then(
        () => end({ kind: 'done' }),
        (error: unknown) =>
          end(
            signal.aborted || wasCancelled(error)
              ? { kind: 'cancelled' }
              : { kind: 'failed', why: error instanceof Error ? error.message : String(error) },
          ),
      )
    },
    cancel: () => {
      if (!own) return
      own.abort()
      own = undefined
      news.running({ kind: 'cancelled' })
    },
  }
}
