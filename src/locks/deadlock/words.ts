/** Says in words who waits for whom. */

import type { DeadlockParty } from '../events'
import { show } from '../show'

/** @param own what the one that says it is called: in each of its lock spaces it is an agent */
export function describeCycle(cycle: readonly DeadlockParty[], own: ReadonlySet<string>): string {
  const waits = cycle.map(({ lock, reach, mode, behind, site, ...party }, index) => {
    const next = cycle[(index + 1) % cycle.length] ?? party
    const asked = site === undefined ? '' : `, asked at ${site}`
    const how = behind === 'holder' ? 'held by' : 'for which waits before it'
    const what = reach === undefined ? show(lock) : `${show(lock)} of reach ${show(reach)}`
    return `${who(party, own)} waits for ${what} (${mode}${asked}), ${how} ${who(next, own)}`
  })
  return `deadlock: ${waits.join('; ')}`
}

type Who = Pick<DeadlockParty, 'agent' | 'task' | 'blocked'>

function who({ agent, task, blocked }: Who, own: ReadonlySet<string>): string {
  if (own.has(agent)) return `task ${show(task)}`
  return `${blocked ? task : `task ${show(task)}`} in agent ${agent}`
}
