/**
 * A thread that holds a lock and blocks for another one when a test says so: for what only real threads
 * can show.
 */

import { createLocks, type Locks } from '../create-locks'
import { type DeadlockOptions, detectDeadlocks } from '../deadlock'
import { DeadlockError } from '../errors'
import type { LockEvent } from '../events'

export interface BlockerData {
  readonly memory: SharedArrayBuffer
  /** 0 until it may ask for what it wants. */
  readonly steps: Int32Array<SharedArrayBuffer>
  readonly task: string
  readonly holds: string
  readonly wants: string
  /** In ms. */
  readonly timeout?: number
  /** Absent: it does not detect. */
  readonly detects?: DeadlockOptions | undefined
  /** Where it says what it did. */
  post(report: Report): void
}

export type Report =
  | { readonly did: 'hold' }
  | { readonly did: 'end'; readonly end: string; readonly reported: number }

/** First it holds a lock, then it asks for another one, then it lets go of both. */
export async function blocker(data: BlockerData): Promise<void> {
  const { memory, steps, task, holds, wants, detects, timeout = 60_000, post } = data
  const locks = locksOf(memory, detects)
  let reported = 0
  locks.subscribe((event: LockEvent) => {
    if (event.type === 'deadlock' && event.goesOn) reported++
  })
  await locks.ready()
  const held = locks.task(task).mutex(holds).acquireSync({ timeout })
  post({ did: 'hold' })
  Atomics.wait(steps, 0, 0)
  let end = 'done'
  try {
    held.mutex(wants).acquireSync({ timeout }).release()
  } catch (error) {
    end = endOf(error)
  }
  held.release()
  post({ did: 'end', end, reported })
}

export function locksOf(memory: SharedArrayBuffer, detects?: DeadlockOptions): Locks {
  if (detects === undefined) return createLocks({ reach: 'cluster', memory })
  return createLocks({ reach: 'cluster', memory, deadlock: detectDeadlocks(detects) })
}

/** The tasks of the cycle that it fell for, or the error's name. */
export function endOf(error: unknown): string {
  if (error instanceof DeadlockError) return error.cycle.map(({ task }) => task).join(' > ')
  return (error as Error).name
}
