/** What a workload on real workers and tabs is asked for, and what it gives. */

import type { LockEvent, Mechanism } from '../../locks'
import type { AgentRecord, HistogramData } from '../../observe'
import type { Workload } from '../../scenario'
import type { WorkloadTabs } from './workload-tabs'

export interface PerformWorkloadOptions {
  /**
   * Gives the run up: the promise rejects with `signal.reason`, once no lock, no worker and no tab
   * of the run is left.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * What one worker saw since its last batch, some ten times a second: whole acquisitions, each in its
   * order, on the page's clock (epoch ms). Batches of different workers overlap in time.
   */
  readonly onBatch?: ((events: readonly LockEvent[]) => void) | undefined
  readonly onProgress?: ((progress: WorkloadProgress) => void) | undefined
  /**
   * Tabs that are open already, as many as the workload has at least; they stay open. Without them the
   * run opens its own, which a browser allows in the handler of a click only, and closes them.
   */
  readonly tabs?: WorkloadTabs | undefined
}

/** What has been done, exactly, whether its events were sent or not. */
export interface WorkloadCounts {
  /** Sections that came to their end. */
  readonly done: number
  /** How many of them wrote. */
  readonly writes: number
  /** Updates that another write has overwritten without having seen them: 0 under a lock. */
  readonly lost: number
  /** Acquisitions of which no event was sent, because there were too many to be drawn. */
  readonly dropped: number
}

export type WorkloadProgress =
  /** Tabs and workers are being opened; `ready` of `participants` are. */
  | { readonly kind: 'starting'; readonly ready: number; readonly participants: number }
  | (WorkloadCounts & {
      readonly kind: 'running'
      /** When it began, on the page's clock (epoch ms). */
      readonly startedAt: number
      /** From 0 to 1: of the time, or of the actions. */
      readonly share: number
    })

/** What stood before the sections: a port of the library, or something else. */
export type WorkloadMechanism = Mechanism | 'navigator-locks' | 'async-mutex' | 'none'

export interface WorkloadOutcome extends WorkloadCounts {
  readonly workload: Workload
  readonly mechanism: WorkloadMechanism
  /** On the page's clock (epoch ms). */
  readonly startedAt: number
  /** From the common start to the end of the last section. */
  readonly seconds: number
  /** Waits that were given up because the time was over. */
  readonly aborted: number
  /** From request to grant, and from grant to release, of every acquisition: exact. */
  readonly wait: HistogramData
  readonly hold: HistogramData
  /** This page and the workers, as recordings name them: where they are, how well their clocks are known. */
  readonly agents: readonly AgentRecord[]
  /** ms: the coarsest of the clocks that measured. */
  readonly resolution: number
}
