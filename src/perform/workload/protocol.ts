/**
 * What the page and the participants of a workload say to each other: over a worker of the page, or over
 * a port to a worker in another tab. All times are epoch ms of the participant's own clock.
 */

import type { Workload } from '../../scenario'
import type { CountedIn } from './counters'
import type { Tally } from './participant'
import type { WorkloadCounts } from './types'

/** To the page in another tab. */
export type ToTab =
  /** With a port: a worker there is to take part in that run over it. */
  | { readonly type: 'take part'; readonly run: string; readonly title: string }
  /** Whoever took part in that run has ended, one way or the other. */
  | { readonly type: 'over'; readonly run: string }

/** From that page. */
export interface TabFailure {
  readonly type: 'worker failed'
  readonly run: string
  readonly message: string
}

/** To a worker in another tab, from its own page, with the port: who it talks to from then on. */
export const talkOver = 'talk over this port'

export type ToParticipant =
  | {
      readonly type: 'setup'
      readonly workload: Workload
      readonly participant: number
      /** Of the run: all locks' names begin with it. */
      readonly name: string
      /** Where the locks are; `undefined` unless their reach is `cluster`. */
      readonly memory: SharedArrayBuffer | undefined
      readonly countedIn: CountedIn
    }
  /** Answered by `pong` at once. */
  | { readonly type: 'ping' }
  | { readonly type: 'start'; readonly at: number }
  /** Let go of everything. Answered by `stopped`, the last that is heard of it. */
  | { readonly type: 'stop' }

export type ParticipantFailure = 'unsupported' | 'worker-failed' | 'lock-lost'

export type FromParticipant =
  /** `resolution`: of its clock, in ms. */
  | { readonly type: 'ready'; readonly resolution: number }
  | { readonly type: 'pong'; readonly time: number }
  /** See `readBatch`. The counts are those of everything up to now. */
  | {
      readonly type: 'batch'
      readonly rows: Float64Array<ArrayBuffer>
      readonly counts: WorkloadCounts
    }
  /** After its last batch. `at`: when its last section ended. */
  | { readonly type: 'finished'; readonly at: number; readonly tally: Tally }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly code: ParticipantFailure; readonly message: string }

const fromTypes: readonly unknown[] = [
  'ready',
  'pong',
  'batch',
  'finished',
  'stopped',
  'failed',
] satisfies FromParticipant['type'][]

/**
 * Throws a `TypeError` for whatever is not a message of this protocol: a page that was open during an upload
 * of a new version may load a worker of that one.
 */
export function readFromParticipant(value: unknown): FromParticipant {
  const type = typeof value === 'object' && value !== null && 'type' in value && value.type
  if (fromTypes.includes(type)) return value as FromParticipant
  throw new TypeError(`not a message of a participant: ${JSON.stringify(value)?.slice(0, 200)}`)
}
