/** mapmutex's table, run here: one case after the other. */

import { type MapMutexResult, runMapMutexCase } from '../../../perform/workload'
import type { MapMutexId } from '../../../scenario'
import type { Background, Job } from '../../deadlocks/explore/background'

export interface CaseProgress {
  readonly id: MapMutexId
  readonly done: number
  readonly of: number
}

export type RunningCases = Background<CaseProgress, true>

/** @param tell of each case as it has ended */
export const casesRun =
  (ids: readonly MapMutexId[], tell: (result: MapMutexResult) => void) =>
  async ({ signal, onProgress }: Job<CaseProgress>): Promise<true> => {
    for (const id of ids) {
      onProgress({ id, done: 0, of: 1 })
      const result = await runMapMutexCase(id, {
        signal,
        onProgress: (done, of) => onProgress({ id, done, of }),
      })
      signal.throwIfAborted()
      tell(result)
    }
    return true
  }
