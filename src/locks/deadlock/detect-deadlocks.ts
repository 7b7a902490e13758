/** Deadlock detection, as `createLocks` takes it. */

import { checkNumber, checkOptions, refuse } from '../arguments'
import type { DeadlockError } from '../errors'
import type { Extension } from '../extension'
import type { Space } from '../space'
import { Detector } from './detector'

export interface DeadlockOptions {
  /** How long a wait may last before it is looked into, in ms. Default 1,000, as PostgreSQL. */
  readonly after?: number | undefined
  /**
   * What becomes of the youngest task of a cycle whose release others wait for: its wait rejects
   * with `DeadlockError` (default), or goes on and is only reported: by the event `deadlock`, and to
   * a function if one is given. All agents should say the same: the victim's own decides.
   */
  readonly onDeadlock?: 'reject' | 'report' | ((error: DeadlockError) => void) | undefined
}

/**
 * Finds tasks that wait for each other in a circle, in this agent and across all agents of the lock
 * space that detect as well. Costs nothing while nobody waits for long.
 *
 * A task is one line of work: while it waits it releases nothing. Work that goes on side by side
 * wants tasks of its own. One that spans lock spaces (`locks.task(task)`) is followed through all of them
 * that detect: pass this to each. A task that waits for nobody but itself (`reentrant: 'wait'`) is no
 * deadlock: somebody else is said to release what it holds.
 *
 * A thread that blocks (`acquireSync`) is followed through the shared memory. It is the victim only
 * of a cycle that consists of such threads: then the one that began to wait last, of those that detect,
 * gets the error, or only reports it. A function is called at once there, by the blocked thread. What
 * such a thread holds in other lock spaces nobody knows of.
 *
 * @throws TypeError, RangeError for bad options
 * @example
 * const locks = createLocks({ deadlock: detectDeadlocks({ after: 500 }) })
 */
export function detectDeadlocks(options: DeadlockOptions = {}): Extension<'deadlock'> {
  checkOptions(options)
  const { after = 1_000, onDeadlock = 'reject' } = options
  checkNumber('after', after, 1, 2 ** 31 - 1)
  if (typeof onDeadlock !== 'function' && onDeadlock !== 'reject' && onDeadlock !== 'report') {
    refuse('onDeadlock', "be 'reject', 'report' or a function", onDeadlock)
  }
  const settings = { after, onDeadlock }
  return {
    extends: 'deadlock',
    install(space: Space) {
      // One for all of this realm's locks of a reach: the latest settings count.
      if (space.detector === undefined) space.detector = new Detector(space, settings)
      else space.detector.settings = settings
    },
  }
}
