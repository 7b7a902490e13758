/**
 * The wire of `locks.watch`. `latchkey` is its version: messages of another one are ignored, as is
 * whatever is not of these forms. Who watches asks again and again; who is asked tells all it holds
 * and waits for, at once and whenever that has changed, until he was not asked for a while.
 */

import type { LockMode } from '../events'

/** Somebody watches, or still does: also the question whether one is there. */
export interface Watch {
  readonly latchkey: 1
  readonly type: 'watch'
  readonly watcher: string
  /** Tell no more often than once in so many ms. */
  readonly every: number
  /** Tell even if nothing has changed. */
  readonly fresh: boolean
}

export interface Unwatch {
  readonly latchkey: 1
  readonly type: 'unwatch'
  readonly watcher: string
}

/** A hold or wait of the one who tells. */
export interface Party {
  readonly name: string
  readonly held: boolean
  readonly mode: LockMode
  readonly task: string
  readonly since: number
  readonly fence?: number
  readonly permits?: number
  readonly site?: string
}

/** What somebody else in the same page or worker has of the bare mechanism. */
export interface RawParty {
  readonly name: string
  readonly held: boolean
  readonly mode: LockMode
}

export interface Told {
  readonly latchkey: 1
  readonly type: 'told'
  readonly agent: string
  /** What `query()` calls it; '' while that is not known. */
  readonly client: string
  readonly title: string
  /** One more for each change. */
  readonly revision: number
  readonly parties: readonly Party[]
  readonly raw: readonly RawParty[]
  /** How many more there are. */
  readonly omitted: number
}

/** Nothing has changed since that revision. */
export interface Here {
  readonly latchkey: 1
  readonly type: 'here'
  readonly agent: string
  readonly revision: number
}

/** What one agent tells at most. */
export const mostParties = 1000
export const mostRaw = 100
export const longestName = 500
export const longestText = 100

/** How often a watch is renewed, and when it is forgotten if it is not, in ms. */
export const renewal = 1000
export const forgotten = 5 * renewal

/** In ms: less is no gain, more is no view. */
export const leastEvery = 16
export const mostEvery = 1000

/** Texts beyond their limit are cut, at both ends alike, so that they still meet. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

/** To who is watched. */
export function readQuestion(message: unknown): Watch | Unwatch | undefined {
  const known = message as Watch | Unwatch | null | undefined
  if (known?.latchkey !== 1) return undefined
  if (known.type !== 'watch' && known.type !== 'unwatch') return undefined
  if (!isText(known.watcher, longestText)) return undefined
  if (known.type === 'unwatch') return known
  return isCount(known.every) && typeof known.fresh === 'boolean' ? known : undefined
}

/** To who watches. */
export function readTold(message: unknown): Told | Here | undefined {
  const known = message as Told | Here | null | undefined
  if (known?.latchkey !== 1) return undefined
  if (known.type !== 'told' && known.type !== 'here') return undefined
  if (!isText(known.agent, longestText) || !isCount(known.revision)) return undefined
  if (known.type === 'here') return known
  const { client, title, parties, raw, omitted } = known
  const whole =
    isText(client, longestText) &&
    isText(title, longestText) &&
    isCount(omitted) &&
    isList(parties, mostParties, isParty) &&
    isList(raw, mostRaw, isRaw)
  return whole ? known : undefined
}

function isParty(party: Party): boolean {
  if (!isRaw(party)) return false
  const { task, since, fence, permits, site } = party
  return (
    isText(task, longestText) &&
    isCount(since) &&
    (fence === undefined || isCount(fence)) &&
    (permits === undefined || isCount(permits)) &&
    (site === undefined || isText(site, longestName))
  )
}

function isRaw(party: RawParty): boolean {
  if (typeof party !== 'object' || party === null) return false
  const { name, held, mode } = party
  const known = mode === 'exclusive' || mode === 'shared'
  return isText(name, longestName) && typeof held === 'boolean' && known
}

function isList<T>(value: readonly T[], most: number, is: (each: T) => boolean): boolean {
  return Array.isArray(value) && value.length <= most && value.every(is)
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length <= most
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
}
