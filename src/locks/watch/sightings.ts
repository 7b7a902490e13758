/** Since when things have been seen that nobody dates: entries of the mechanism's list. */

import type { LockMode } from '../events'

/** A hold or wait of which only the mechanism tells. */
export interface Found {
  readonly name: string
  readonly held: boolean
  readonly mode: LockMode
  /** Whose it is: an agent, or a client of the mechanism. */
  readonly agent: string
  readonly own: boolean
  /** '' where that is not known. */
  readonly task: string
  /** In ms since the epoch. */
  readonly since: number
}

interface Sighting {
  readonly since: number
  /** How many times in a row. */
  readonly times: number
}

export class Sightings {
  #seen = new Map<string, Sighting>()

  /** What is there now, all of it: what is not among it any more is forgotten. */
  see<F extends Omit<Found, 'since'> & { readonly since: number | undefined }>(
    now: number,
    entries: readonly F[],
  ): readonly (F & Sighting)[] {
    const before = this.#seen
    const seen = new Map<string, Sighting>()
    const dated = entries.map((entry) => {
      const key = keyOf(entry, seen)
      const { since, times } = before.get(key) ?? { since: entry.since ?? now, times: 0 }
      const sighting = { since, times: times + 1 }
      seen.set(key, sighting)
      return { ...entry, ...sighting }
    })
    this.#seen = seen
    return dated
  }
}

/** Those that look alike are told apart by their order. */
function keyOf(
  { agent, name, held, mode }: Omit<Found, 'since'>,
  taken: ReadonlyMap<string, unknown>,
): string {
  for (let nth = 0; ; nth++) {
    const key = JSON.stringify([agent, name, held, mode, nth])
    if (!taken.has(key)) return key
  }
}
