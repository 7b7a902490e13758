/** Tasks that deadlock, and how long it takes until one of them is told. */

import { createLocks, DeadlockError, type Hold } from '../../src/locks'
import { detectDeadlocks } from '../../src/locks/deadlock'
import { now } from './time'

/** Turns detection on for everything that this page locks. @param after in ms */
export function detect(after: number): void {
  createLocks({ deadlock: detectDeadlocks({ after }) })
}

let held: Hold | undefined

/** Takes a lock for a new task. */
export async function holdFirst(lock: string): Promise<void> {
  held = await createLocks().task().mutex(lock).acquire()
}

/**
 * The same task asks for another lock, and releases both in the end.
 * @returns how long it waited, in ms, and whether it fell
 */
export async function askSecond(lock: string): Promise<{ waited: number; fell: boolean }> {
  if (held === undefined) throw new Error('nothing is held first')
  const since = now()
  let fell = false
  let second: Hold | undefined
  try {
    second = await held.mutex(lock).acquire()
  } catch (error) {
    if (!(error instanceof DeadlockError)) throw error
    fell = true
  }
  const waited = now() - since
  second?.release()
  held.release()
  return { waited, fell }
}
