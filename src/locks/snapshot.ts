/** Who holds what, as far as the reach goes. */

import { agentEntries } from './agent-entries'
import type { LockParty } from './errors'
import { clientIdOf } from './ports/client-id'
import type { PortLockInfo } from './ports/port'
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
  const others = (list: readonly PortLockInfo[]) => list.filter((x) => x.clientId !== self)
  const held: LockEntry[] = []
  const pending: LockEntry[] = []
  for (const info of agentEntries(space)) {
    const entry = { name: info.name, ...partyOf(space, info) }
    if (info.held) held.push(entry)
    else pending.push(entry)
  }
  return { held: [...held, ...others(all.held)], pending: [...pending, ...others(all.pending)] }
}
