/** Tries every way to copy a lock, with a worker that is there for nothing else. */

import { createLocks } from '../../../locks'
import {
  type CopyOutcome,
  type CopyWay,
  claimStage,
  copyWays,
  openWorkerActor,
  tryCopy,
} from '../../../perform/tabs'
import { firstSettings } from '../settings'

/** Rejects with `signal.reason`, and when there is no worker. */
export async function tryAll(
  signal: AbortSignal,
  tell: (way: CopyWay, outcome: CopyOutcome) => void,
): Promise<void> {
  const claim = await claimStage(createLocks())
  const { name: stage, release } = claim
  try {
    const setup = { name: 'Worker', stage, mechanism: firstSettings.over }
    const worker = await openWorkerActor(setup, () => {}, signal)
    try {
      for (const { id } of copyWays) {
        signal.throwIfAborted()
        tell(id, await tryCopy(id, worker, stage))
      }
    } finally {
      worker.terminate()
    }
  } finally {
    release()
  }
}
