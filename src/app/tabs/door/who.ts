/** Who has the door and who waits for it, from the tracks of all participants. Pure. */

import type { Span } from '../lanes/track'
import type { ActorShown } from '../stage/staging'

export interface Party {
  readonly name: string
  readonly mode: 'read' | 'write'
  /** Epoch ms. */
  readonly since: number
  readonly fence: number | undefined
}

export interface Door {
  readonly holders: readonly Party[]
  /** In the order in which they asked. */
  readonly waiters: readonly Party[]
}

export const isDoor = (lock: string) => lock.endsWith(' door')

export function doorOf(actors: readonly ActorShown[]): Door {
  const all = actors.flatMap(({ name, track }) =>
    [...track.open].filter(({ lock }) => isDoor(lock)).map((span) => ({ name, span })),
  )
  const sorted = all.toSorted((one, other) => one.span.from - other.span.from)
  const parties = (wanted: (span: Span) => boolean) =>
    sorted.filter(({ span }) => wanted(span)).map(({ name, span }) => partyOf(name, span))
  return {
    holders: parties(({ kind }) => kind !== 'wait'),
    waiters: parties(({ kind }) => kind === 'wait'),
  }
}

function partyOf(name: string, { mode, from, fence }: Span): Party {
  return { name, mode: mode === 'shared' ? 'read' : 'write', since: from, fence }
}
