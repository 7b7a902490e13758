/** Who holds what, as far as the reach goes. */

import { agentEntries } from './agent-entries'
import type { LockParty } from './errors'
import { isBeside } from './lease/marker'
import { clientIdOf } from './ports/client-id'
import type { PortLockInfo } from './ports/port'
import { type Part, partOf } from './semaphore/names'
import type { Space } from './space'
import { partyOf } from './who-holds'

/** A hold or wait of this agent. */
export interface AgentEntry extends LockParty {
  readonly name: string
}

/** One hold or wait: of this agent, or of another one as the mechanism lists it. */
export type LockEntry = AgentEntry | PortLockInfo

export interface LocksSnapshot {
  readonly held: readonly LockEntry[]
  readonly pending: readonly LockEntry[]
}

/** This agent's by task; the others' as the mechanism lists them. */
export async function snapshot(space: Space): Promise<LocksSnapshot> {
  const { strict } = space.ports
  const [all, self] = await Promise.all([strict.query(), clientIdOf(strict)])
  const others = (list: readonly PortLockInfo[]) => {
    return list.filter(({ clientId, name }) => clientId !== self && !isBeside(name))
  }
  const held: LockEntry[] = []
  const pending: LockEntry[] = []
  for (const info of agentEntries(space)) {
    const entry = { name: info.name, ...partyOf(space, info) }
    if (info.held) held.push(entry)
    else pending.push(entry)
  }
  for (const info of others(all.held)) {
    const part = partOf(info.name)
    // Who has the gate of a semaphore is first of those who wait for permits.
    if (part?.part === 'gate') pending.push(permitOf(info, part))
    else held.push(part === undefined ? info : permitOf(info, part))
  }
  for (const info of others(all.pending)) {
    const part = partOf(info.name)
    if (part?.part !== 'slot') pending.push(part === undefined ? info : permitOf(info, part))
  }
  return { held, pending }
}

/** A lock that a semaphore is made of, by what it is to its users. */
function permitOf(info: PortLockInfo, { semaphore }: Part): PortLockInfo {
  return { ...info, name: semaphore, mode: 'shared' }
}
