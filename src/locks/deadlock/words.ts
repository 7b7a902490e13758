/** Says in words who waits for whom. */

import type { DeadlockParty } from '../events'
import { show } from '../show'

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

function who({ agent, task }: Pick<DeadlockParty, 'agent' | 'task'>, own: string): string {
  return `task ${show(task)}${agent === own ? '' : ` in agent ${agent}`}`
}
