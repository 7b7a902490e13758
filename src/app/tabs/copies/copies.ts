/** The scene "Copying a lock": every way to copy one, and a run with copies beside one with the lock. */

import type { CopyOutcome, CopyWay, Counted } from '../../../perform/tabs'
import type { Background } from '../../deadlocks/explore/background'
import type { Track } from '../lanes/track'

export const profileGuards = ['copy', 'run'] as const
export type ProfileGuard = (typeof profileGuards)[number]

export interface ProfileRun {
  readonly guard: ProfileGuard
  readonly tracks: readonly { readonly name: string; readonly track: Track }[]
  /** Once it is over. */
  readonly counted?: Counted
}

export interface Copies {
  readonly trying: Background<undefined, undefined>
  readonly outcomes: { readonly [Way in CopyWay]?: CopyOutcome }
  readonly profiling: Background<undefined, undefined>
  readonly profiles: { readonly [Guard in ProfileGuard]?: ProfileRun }
}

export const noCopies: Copies = {
  trying: { kind: 'none' },
  outcomes: {},
  profiling: { kind: 'none' },
  profiles: {},
}
