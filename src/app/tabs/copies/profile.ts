/** Two workers count with copies of a lock, or with the lock; how often they waited beside what was lost. */

import type { LockEvent } from '../../../locks'
import { createLocks } from '../../../locks'
import {
  claimStage,
  countTogether,
  type FromActor,
  openWorkerActor,
  type WorkerActor,
} from '../../../perform/tabs'
import { hitsEach, workEach } from '../counter/counter'
import { Track } from '../lanes/track'
import { firstSettings } from '../settings'
import type { ProfileGuard, ProfileRun } from './copies'

const names = ['Worker 1', 'Worker 2'] as const

/** @param tell after each piece of news; the tracks are changed in place */
export async function profile(
  guard: ProfileGuard,
  signal: AbortSignal,
  tell: (run: ProfileRun) => void,
): Promise<ProfileRun> {
  const claim = await claimStage(createLocks())
  const tracks = names.map((name) => ({ name, track: new Track() }))
  const begun: ProfileRun = { guard, tracks }
  const workers: WorkerActor[] = []
  tell(begun)
  try {
    for (const [at, name] of names.entries()) {
      const hear = (message: FromActor) => {
        if (message.type !== 'events') return
        for (const told of message.events) {
          tracks[at]?.track.add(guard === 'copy' ? ofItsRealm(told, name) : told)
        }
        tell({ ...begun })
      }
      const setup = { name, stage: claim.name, mechanism: firstSettings.over }
      workers.push(await openWorkerActor(setup, hear, signal))
    }
    const options = { guard, hits: hitsEach, work: workEach, stage: claim.name, signal }
    const counted = await countTogether(workers, options)
    return { ...begun, counted }
  } finally {
    for (const worker of workers) worker.terminate()
    claim.release()
  }
}

/**
 * Each worker's realm is one of its own: nobody outside of it knows its locks, and no other realm's numbers
 * have to differ from its own.
 */
function ofItsRealm(event: LockEvent, worker: string): LockEvent {
  const { lock, request } = event
  return {
    ...event,
    agent: worker,
    lock: `${lock}, as ${worker} has it`,
    request: `${worker} ${request}`,
  }
}
