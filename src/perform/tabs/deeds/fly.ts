/** Asks for what takes long to make: one participant makes it, all get it. */

import type { Actor } from '../actor'

export interface Flight {
  /** How long making it takes, in ms. */
  readonly takes: number
}

export interface Landed {
  /** Who made it. */
  readonly by: string
  /** What was made: nobody else could have made the same. */
  readonly made: number
}

export async function fly(actor: Actor, { takes }: Flight): Promise<Landed> {
  const { locks, name, stage, stopped } = actor
  const make = async (): Promise<Landed> => {
    await actor.pause(takes)
    return { by: name, made: Math.floor(Math.random() * 1_000_000) }
  }
  return locks.once(`${stage} flight`, make, { signal: stopped })
}
