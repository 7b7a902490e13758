/**
 * Who uses the bare mechanism, `navigator.locks` itself. Of others' pages and workers all that is
 * listed and that nobody has told of is; of one's own it takes a closer look, for the mechanism lists
 * both under one client.
 */

import type { LockPort, PortLockInfo, PortSnapshot } from '../ports/port'
import type { Space } from '../space'
import { lockOf } from './names'
import { mostRaw, type RawParty } from './protocol'

/** Whether the mechanism has users besides this library; its own tables have none. */
function hasRawUsers(port: LockPort): boolean {
  return 'locks' in port
}

/** An entry of the mechanism's list and what can be said of it. */
export interface Listed extends RawParty {
  readonly client: string
  readonly since: number | undefined
  readonly task: string | undefined
}

/** What stands in the list that is a lock of a user's. */
export function listed({ held, pending }: PortSnapshot): readonly Listed[] {
  const read = (infos: readonly PortLockInfo[], isHeld: boolean) =>
    infos.flatMap(({ name, mode, clientId, since, task }): Listed[] => {
      const lock = lockOf(name)
      if (lock === undefined) return []
      return [{ name: lock, held: isHeld, mode, client: clientId, since, task }]
    })
  return [...read(held, true), ...read(pending, false)]
}

export interface Survey {
  /** What all have. */
  readonly listed: readonly Listed[]
  /** What this very page or worker has of the bare mechanism. */
  readonly raw: readonly RawParty[]
}

/**
 * Of locks that moved while the list was made nobody can tell whose they are: they are as they were.
 *
 * @param client what the mechanism calls this agent
 * @param before what was raw the last time
 */
export async function survey(
  space: Space,
  client: string,
  before: readonly RawParty[],
): Promise<Survey> {
  const { strict } = space.ports
  if (!hasRawUsers(strict)) return { listed: listed(await strict.query()), raw: [] }
  const moved = new Set<string>()
  const stop = space.note(moved)
  try {
    const earlier = ownCounts(strict)
    const all = listed(await strict.query())
    const later = ownCounts(strict)
    const isSure = (name: string) =>
      !moved.has(name) && keysOf(name).every((key) => earlier.get(key) === later.get(key))
    const mine = all.filter((each) => each.client === client)
    const found = beyond(later, mine).filter(({ name }) => isSure(name))
    const kept = before.filter(({ name }) => !isSure(name))
    return { listed: all, raw: [...kept, ...found].slice(0, mostRaw) }
  } finally {
    stop()
  }
}

function keyOf(name: string, held: boolean): string {
  return `${held ? 'held' : 'pending'} ${name}`
}

function keysOf(name: string): readonly string[] {
  return [keyOf(name, true), keyOf(name, false)]
}

/** How many requests of this agent the mechanism should list. */
function ownCounts(strict: LockPort): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { name, grantedAt } of strict.live()) {
    const key = keyOf(lockOf(name) ?? '', grantedAt >= 0)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** What is listed more often than there are requests. */
function beyond(own: ReadonlyMap<string, number>, mine: readonly Listed[]): readonly RawParty[] {
  const left = new Map(own)
  // Of several of one kind it does not show which are whose: the later ones are said to be raw.
  return mine.flatMap(({ name, held, mode }): RawParty[] => {
    const key = keyOf(name, held)
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count > 0 ? [] : [{ name, held, mode }]
  })
}
