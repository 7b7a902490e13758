/** How a wait stands in a chain of waits. */

import type { TaskHold } from '../task-hold'
import type { Link } from './protocol'
import type { TableWait } from './table-waits'

/** How the task of another agent's blocked thread is called: nobody can ask for its name. */
const someThread = 'a blocked thread'

/** @param hold the id of its task's hold that the one before waits for */
export function linkOf(wait: TaskHold, hold?: string): Link {
  const { id, name, mode, site, task, more, space } = wait
  const since = more.waitsSince ?? space.clock.coarse()
  return {
    agent: space.agent,
    task: task.id,
    name: task.name,
    // An anonymous task is made when somebody wants to know: it has been there for its wait.
    born: Math.min(task.since, since),
    wait: id,
    lock: name,
    reach: space.reach,
    mode,
    since,
    ...(site === undefined ? {} : { site }),
    hold,
  }
}

/**
 * A wait that only the table knows: that of a thread, or one that stands ahead of others.
 * @param since when it was seen, if not before, in ms since the epoch
 */
export function threadLink(wait: TableWait, hold: string | undefined, since: number): Link {
  const { id, client, blocks, lock, mode } = wait
  const name = blocks ? someThread : 'unknown'
  const party = { agent: client, task: client, name, born: 0 }
  const link = { ...party, wait: id, lock, reach: 'cluster', mode, since, hold } as const
  return blocks ? { ...link, blocked: true } : link
}
