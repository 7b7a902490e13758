/** What the page and the workers of a real run of a program say to each other. */

import type { RWPolicy } from '../../locks'
import type { Statement } from '../../scenario'
import type { SharedWith } from '../run-locks'
import type { Mark, ThreadEnd } from './types'

export interface PlayOrder {
  readonly type: 'prepare'
  readonly thread: number
  readonly name: string
  readonly statements: readonly Statement[]
  readonly prefix: string
  readonly policy: RWPolicy
  readonly memory: SharedWith
  /** When its own steps may begin, in ms since the common start; later ones at once. */
  readonly turns: readonly number[]
  /** How long a wait may last before detection looks into it, in ms. */
  readonly after: number
}

/** `at`: the common start, in ms since the epoch. */
export type ToThread = PlayOrder | { readonly type: 'start'; readonly at: number }

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'mark'; readonly mark: Mark }
  | { readonly type: 'end'; readonly end: ThreadEnd }
  | { readonly type: 'failed'; readonly message: string }
