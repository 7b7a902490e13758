/** Says in words who waits for whom. */

import type { DeadlockParty } from '../events'
import { show } from '../show'
import type { Link } from './protocol'
import type { TableWait } from './table-waits'

/** How the task of another agent's blocked thread is called: nobody can ask for its name. */
const someThread = 'a blocked thread'

/** @param own the agent that says it */
export function describeCycle(cycle: readonly DeadlockParty[], own: string): string {
  const waits = cycle.map(({ lock, mode, behind, site, ...party }, index) => {
    const next = cycle[(index + 1) % cycle.length] ?? party
    const asked = site === undefined ? '' : `, asked at ${site}`
    const how = behind === 'holder' ? 'held by' : 'for which waits before it'
    return `${who(party, own)} waits for ${show(lock)} (${mode}${asked}), ${how} ${who(next, own)}`
  })
  return `deadlock: ${waits.join('; ')}`
}

/**
 * A wait that only the table knows: that of a thread, or one that stands ahead of others.
 * @param since when it was seen, if not before, in ms since the epoch
 */
export function threadLink(wait: TableWait, hold: string | undefined, since: number): Link {
  const { id, client, blocks, lock, mode } = wait
  const name = blocks ? someThread : 'unknown'
  const link = { agent: client, task: client, name, born: 0, wait: id, lock, mode, since, hold }
  return blocks ? { ...link, blocked: true } : link
}

type Who = Pick<DeadlockParty, 'agent' | 'task' | 'blocked'>

function who({ agent, task, blocked }: Who, own: string): string {
  if (agent === own) return `task ${show(task)}`
  return `${blocked ? task : `task ${show(task)}`} in agent ${agent}`
}
