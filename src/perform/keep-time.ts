/**
 * How late the machine is while a run goes on, from a worker that plays no part in it: timers,
 * and a lock that nobody else wants. The threads' own timers do not tell it all, for a thread
 * that waits for the lock has none; and the lock itself is handed on by the browser, which a
 * busy machine holds up as well.
 */

import type { Hold } from '../locks'
import type { ThreadLateness } from './play-thread'
import type { Waiting } from './punctual'

export interface TimekeeperPart {
  /** Takes a lock that is always free. */
  readonly acquire: () => Promise<Hold>
  readonly waiting: Pick<Waiting, 'now' | 'sleep'>
  /** Ends the measuring; what has been measured is the answer. */
  readonly end: AbortSignal
}

/** In ms between two measurements: often enough to meet what holds a section up. */
const period = 10

/** What a calm machine needs for a timer, or for a lock and back, in ms. */
const ordinary = 2

export async function keepTime(part: TimekeeperPart): Promise<ThreadLateness> {
  const { acquire, waiting, end } = part
  let latest = 0
  let late = 0
  const note = (by: number) => {
    latest = Math.max(latest, by)
    if (by > ordinary) late += by
  }
  while (!end.aborted) {
    const before = waiting.now()
    await waiting.sleep(period, end).catch(() => {})
    // Interrupted or not: a sleep that is over on time was not late.
    const between = waiting.now()
    note(between - before - period)
    const hold = await acquire()
    note(waiting.now() - between)
    hold.release()
  }
  return { latest, late }
}
