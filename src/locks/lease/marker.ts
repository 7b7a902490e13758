/**
 * A lease is told to others by a lock beside the lock: a name that says whose lease it is and for
 * how long, which its agent holds for as long as the lease lasts, and changes to renew it.
 *
 * So leases need no store of their own. Whoever may see the locks of a mechanism sees its leases; a
 * lease ends with its agent, however that ends; and the mechanism's own list says in one piece who
 * holds a lock and under which leases. A record elsewhere could be left behind by the dead, or
 * refused by a full disk, and would have to be compared with a list that is older or newer.
 */

import type { PortSnapshot } from '../ports/port'

/** What is known of a lease. */
export interface Marker {
  /** Of the lock: an RW lock's writer gate has leases of its own. */
  readonly lock: string
  readonly id: string
  /** Whether its agent knows that the lock was granted. */
  readonly state: 'asked' | 'held'
  /** In ms. */
  readonly ttl: number
  /** When it runs out, by the wall clock: ms since the epoch. */
  readonly until: number
}

export function markerName({ lock, id, state, ttl, until }: Marker): string {
  return `${lock}!l:${state}:${id}:${ttl}:${until}`
}

const markerForm = /^([\s\S]+)!l:(asked|held):([^:!]+):(\d+):(\d+)$/

export function readMarker(name: string): Marker | undefined {
  const [, lock, state, id, ttl, until] = markerForm.exec(name) ?? []
  if (lock === undefined || id === undefined) return undefined
  return { lock, id, state: state as Marker['state'], ttl: Number(ttl), until: Number(until) }
}

/** Who robs a lock, or might cross a theft, takes turns on this one. */
export function turnName(lock: string): string {
  return `${lock}!t`
}

/** Whether a name stands for no lock of the user's, but for what leases need beside theirs. */
export function isBeside(name: string): boolean {
  return name.endsWith('!t') || readMarker(name) !== undefined
}

/** Under which leases a lock is held. */
export interface Leases {
  /** All of them; where it is not known which ones were granted, also those that may have been. */
  readonly all: readonly Marker[]
  /** The ids of as many as there are holds. */
  readonly ids: ReadonlySet<string>
}

/**
 * The leases that all holders of a lock hold it by; `undefined` if nobody holds it, or somebody does
 * without a lease. The mechanism tells agents apart, not their requests:
 * - who knows of as many grants as the agent has holds has granted leases alone;
 * - else, an agent all of whose requests have leases has no other hold: one that was granted the
 *   lock while its event loop stood still does not know of it.
 */
export function leasesOf({ held, pending }: PortSnapshot, lock: string): Leases | undefined {
  const holds = countByClient(held, lock)
  if (holds.size === 0) return undefined
  const waits = countByClient(pending, lock)
  const markers = markersOf(held, lock)
  const all: Marker[] = []
  const ids = new Set<string>()
  for (const [clientId, count] of holds) {
    const own = [...(markers.get(clientId)?.values() ?? [])]
    const granted = own.filter(({ state }) => state === 'held')
    const knows = granted.length >= count
    if (!knows && own.length < count + (waits.get(clientId) ?? 0)) return undefined
    all.push(...(knows ? granted : own))
    for (const { id } of knows ? granted : own.slice(0, count)) ids.add(id)
  }
  return { all, ids }
}

/** Of each agent, the last one of each lease. */
function markersOf(
  held: PortSnapshot['held'],
  lock: string,
): ReadonlyMap<string, ReadonlyMap<string, Marker>> {
  const markers = new Map<string, Map<string, Marker>>()
  for (const { name, clientId } of held) {
    const marker = name.startsWith(lock) ? readMarker(name) : undefined
    if (marker?.lock !== lock) continue
    const own = markers.get(clientId) ?? new Map<string, Marker>()
    markers.set(clientId, own)
    const known = own.get(marker.id)
    if (known === undefined || known.until <= marker.until) own.set(marker.id, marker)
  }
  return markers
}

function countByClient(list: PortSnapshot['held'], lock: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { name, clientId } of list) {
    if (name === lock) counts.set(clientId, (counts.get(clientId) ?? 0) + 1)
  }
  return counts
}
