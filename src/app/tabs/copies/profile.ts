/** Two workers count with copies of a lock, or with the lock; the profile of their events beside what was lost. */

import type { LockEvent } from '../../../locks'
import { createLocks } from '../../../locks'
import { Account, top } from '../../../observe'
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
  const events: LockEvent[] = []
  const workers: WorkerActor[] = []
  tell(begun)
  try {
    for (const [at, name] of names.entries()) {
      const hear = (message: FromActor) => {
        if (message.type !== 'events') return
        for (const told of message.events) {
          const event = guard === 'copy' ? ofItsRealm(told, name) : told
          tracks[at]?.track.add(event)
          events.push(event)
        }
        tell({ ...begun })
      }
      const setup = { name, stage: claim.name, mechanism: firstSettings.over }
      workers.push(await openWorkerActor(setup, hear, signal))
    }
    const options = { guard, hits: hitsEach, work: workEach, stage: claim.name, signal }
    const counted = await countTogether(workers, options)
    return { ...begun, counted, ...contentionOf(events) }
  } finally {
    for (const worker of workers) worker.terminate()
    claim.release()
  }
}

/**
 * Each worker's realm is one of its own: nobody outside of it knows its locks, and no other realm's numbers
 * have to differ from its own.
 */
export function ofItsRealm(event: LockEvent, worker: string): LockEvent {
  const { lock, request } = event
  return {
    ...event,
    agent: worker,
    lock: `${lock}, as ${worker} has it`,
    request: `${worker} ${request}`,
  }
}

/** What the contention profile says of those events. */
export function contentionOf(events: readonly LockEvent[]) {
  const account = new Account()
  for (const event of events.toSorted((one, other) => one.time - other.time)) account.add(event)
  const rows = top(account.recording([]), { charged: 'waiter' })
  const sum = (of: 'contentions' | 'delay') => rows.reduce((all, row) => all + row[of], 0)
  return { contentions: sum('contentions'), delay: sum('delay') }
}
