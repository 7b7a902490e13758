/** One thread of a scenario, played against a real lock. */

import type { Hold, RWLock, RWLockOptions, Task } from '../locks'
import type { Section } from '../scenario'
import { type Waiting, waitUntil } from './punctual'

export interface Part {
  readonly lock: Pick<RWLock, 'acquireRead' | 'acquireWrite'>
  readonly sections: readonly Section[]
  /** When the scenario's time is 0, and how many of its ms pass in one, on `waiting`'s clock. */
  readonly start: number
  readonly speed: number
  /** When the lock was granted last: a section lasts from there, not from when we heard of it. */
  readonly grantedAt: () => number
  readonly waiting: Waiting
  readonly signal: AbortSignal
}

/** How late the thread's own timers came, in ms: the most, and all together. */
export interface ThreadLateness {
  readonly latest: number
  readonly late: number
}

/**
 * Rejects with `signal.reason`, and with `LockLostError` if the lock is taken away; either way
 * nothing is held any more.
 */
export async function playThread(part: Part): Promise<ThreadLateness> {
  const { sections, start, speed, waiting, signal } = part
  const giveUp = new AbortController()
  const follow = (other: AbortSignal) => {
    if (other.aborted) giveUp.abort(other.reason)
    other.addEventListener('abort', () => giveUp.abort(other.reason), { once: true })
  }
  follow(signal)
  let latest = 0
  let late = 0
  const until = async (moment: number) => {
    const by = await waitUntil(moment, waiting, giveUp.signal)
    latest = Math.max(latest, by)
    late += by
  }
  let free = start
  for (const section of sections) {
    await until(Math.max(start + section.at / speed, free))
    const hold = await acquire(part, section)
    try {
      follow(hold.signal)
      await until(part.grantedAt() + section.hold / speed)
    } finally {
      free = waiting.now()
      hold[Symbol.dispose]()
    }
  }
  return { latest, late }
}

function acquire({ lock, signal }: Part, { mode }: Section): Promise<Hold> {
  return mode === 'read' ? lock.acquireRead({ signal }) : lock.acquireWrite({ signal })
}

/**
 * Takes a lock of its own once in each way: the first time costs milliseconds, which would count
 * as lateness, and an environment that cannot lock says so before anybody waits for it.
 */
export async function warmUp(task: Task, name: string, options: RWLockOptions): Promise<void> {
  const lock = task.rwLock(name, options)
  const reading = await lock.acquireRead()
  reading.release()
  const writing = await lock.acquireWrite()
  writing.release()
}
