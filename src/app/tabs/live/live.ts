/** The scenes in which the participants go on by themselves, and the visitor disturbs them. */

import type { LockEvent } from '../../../locks'
import type { Landed, Wrote } from '../../../perform/tabs'
import type { Background } from '../../deadlocks/explore/background'
import type { SceneId } from '../scenes'

export const liveScenes = ['faults', 'leader', 'semaphore', 'flight'] as const
export type LiveSceneId = (typeof liveScenes)[number]

export const isLive = (scene: SceneId): scene is LiveSceneId =>
  liveScenes.some((each) => each === scene)

/** What can be done to a participant. */
export type Blow = 'freeze' | 'crash' | 'close' | 'reload' | 'resign'

/** One that had the lock was disturbed, and somebody else came by it. */
export interface Disturbance {
  readonly name: string
  readonly participant: number
  readonly blow: Blow
  /** Epoch ms. */
  readonly at: number
  readonly lock: string
  /** Who had it next, and how many ms later. */
  readonly next?: { readonly name: string; readonly after: number }
}

export interface WroteBy extends Wrote {
  readonly participant: number
}

export interface LandedAt extends Landed {
  readonly participant: number
}

export interface Live {
  readonly doing: Background<undefined, undefined>
  readonly permits: number
  /** The newest last. */
  readonly disturbances: readonly Disturbance[]
  readonly writes: readonly WroteBy[]
  readonly landed: readonly LandedAt[]
}

export const noLive: Live = {
  doing: { kind: 'none' },
  permits: 2,
  disturbances: [],
  writes: [],
  landed: [],
}

/** In ms: of the leases of the scenes, and for how long a participant is frozen. */
export const ttl = 1_500
export const frozenFor = 5_000
/** Of the scene “Semaphore”. */
export const jobs = { jobs: 6, each: 700 } as const
/** Of the scene “Single flight”: how long the work takes, in ms. */
export const takes = 2_000
/** Of the scene “Kill and freeze”. */
export const serving = { ttl, writes: 6, every: 250 } as const

const suffixes: Readonly<Record<LiveSceneId, RegExp>> = {
  faults: / log$/,
  leader: / leader$/,
  semaphore: / permits \d+$/,
  flight: / flight!once$/,
}

export const lockOfScene = (scene: LiveSceneId) => (lock: string) => suffixes[scene].test(lock)

/** Two clocks of one machine may disagree by so many ms. */
const disagreement = 2

/** Whom the lock went to is told by the first grant after the blow. */
export function answered(
  disturbances: readonly Disturbance[],
  participant: number,
  name: string,
  event: LockEvent,
): readonly Disturbance[] {
  if (event.type !== 'grant') return disturbances
  return disturbances.map((each) =>
    each.next === undefined &&
    each.lock === event.lock &&
    each.participant !== participant &&
    event.time > each.at - disagreement
      ? { ...each, next: { name, after: Math.max(0, event.time - each.at) } }
      : each,
  )
}

/** Writes that came after a later holder's. */
export function late(writes: readonly WroteBy[]): { accepted: number; refused: number } {
  return {
    accepted: writes.filter(({ fence, before }) => fence < before).length,
    refused: writes.filter(({ refused }) => refused !== undefined).length,
  }
}
