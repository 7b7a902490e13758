/**
 * Who holds a name, asked of all agents over the bus. Each agent answers for itself: whom it
 * knows by task, and how many entries of the mechanism's own list these stand behind, so that
 * what nobody answers for can be counted and called unknown.
 */

import { agentEntries } from './agent-entries'
import { writerGateSuffix } from './arguments'
import type { LockParty } from './errors'
import type { RequestInfo } from './ports/port'
import type { Question } from './questions'
import { type Part, partOf } from './semaphore/names'
import type { Space } from './space'

export interface Parties {
  readonly holders: readonly LockParty[]
  readonly waiters: readonly LockParty[]
  /** Entries of the mechanism's snapshot that belong to this agent. */
  readonly heldEntries: number
  readonly pendingEntries: number
}

interface Reply {
  readonly latchkey: 1
  readonly type: 'parties'
  readonly id: string
  readonly parties: Parties
}

export function partyOf(space: Space, info: RequestInfo): LockParty {
  const { task, mode, since, site, permits, fence } = info
  const party = { agent: space.agent, task, mode, for: space.clock.coarse() - since }
  return {
    ...party,
    ...(site === undefined ? {} : { site }),
    ...(permits === undefined ? {} : { permits }),
    ...(fence === undefined ? {} : { fence }),
  }
}

/**
 * Whether who queues for `entry` queues for the lock: for itself, or as a writer or for permits at
 * its gate.
 */
export function queuesFor(lock: string, entry: string): boolean {
  return entry === lock || entry === lock + writerGateSuffix || isPart(lock, entry, 'gate')
}

/** Whether who holds `entry` holds the lock, or a permit of it. */
export function holds(lock: string, entry: string): boolean {
  return entry === lock || isPart(lock, entry, 'slot')
}

function isPart(lock: string, entry: string, part: Part['part']): boolean {
  const found = partOf(entry)
  return found?.semaphore === lock && found.part === part
}

/** What this agent knows of a name, now or when `entries` were taken. */
export function localParties(
  space: Space,
  wanted: string,
  entries: Iterable<RequestInfo> = agentEntries(space),
): Parties {
  const holders: LockParty[] = []
  const waiters: LockParty[] = []
  for (const info of entries) {
    if (info.name === wanted) (info.held ? holders : waiters).push(partyOf(space, info))
  }
  let heldEntries = 0
  let pendingEntries = 0
  for (const request of space.ports.strict.live()) {
    if (request.grantedAt >= 0) heldEntries += Number(holds(wanted, request.name))
    else pendingEntries += Number(queuesFor(wanted, request.name))
  }
  return { holders, waiters, heldEntries, pendingEntries }
}

/** Tells whoever asked what this agent knows. */
export function answer(space: Space, { id, name }: Question): void {
  const parties = localParties(space, name)
  space.ports.strict.bus.post({ latchkey: 1, type: 'parties', id, parties } satisfies Reply)
}

/**
 * Asks the other agents, until `enough` says so or the deadline has passed.
 * @param deadline in ms
 */
export function askOthers(
  space: Space,
  name: string,
  enough: (answers: readonly Parties[]) => boolean,
  deadline: number,
): Promise<readonly Parties[]> {
  const { bus } = space.ports.strict
  const id = space.nextId()
  const answers: Parties[] = []
  return new Promise((resolve) => {
    const finish = () => {
      stopTimer()
      stopListening()
      resolve(answers)
    }
    const stopTimer = space.clock.after(deadline, finish)
    const stopListening = bus.listen((data) => {
      const message = data as Reply
      if (message?.latchkey !== 1 || message.type !== 'parties' || message.id !== id) return
      answers.push(message.parties)
      if (enough(answers)) finish()
    })
    bus.post({ latchkey: 1, type: 'who', id, name } satisfies Question)
  })
}
