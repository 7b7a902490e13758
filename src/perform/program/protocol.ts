/** What the page says to the workers of a real run of a program, and to the tab that some of them are in. */

import type { RWPolicy } from '../../locks'
import type { Statement } from '../../scenario'
import type { SharedWith } from '../run-locks'
import type { SharedVariables } from './shared-variables'
import type { Mark, ThreadEnd } from './types'

export interface PlayOrder {
  readonly type: 'prepare'
  readonly thread: number
  readonly name: string
  readonly statements: readonly Statement[]
  readonly prefix: string
  readonly policy: RWPolicy
  readonly memory: SharedWith
  readonly variables: SharedVariables | undefined
  /** When its own steps may begin, in ms since the common start; later ones at once. */
  readonly turns: readonly number[]
  /** How long a wait may last before detection looks into it, in ms. */
  readonly after: number
}

export type ToThread =
  | PlayOrder
  /** Answered by `pong` at once. */
  | { readonly type: 'ping' }
  /** `at`: the common start, in ms since the epoch, on the worker's own clock. */
  | { readonly type: 'start'; readonly at: number }

export type FromThread =
  | { readonly type: 'ready' }
  /** What the worker's clock shows, in ms since the epoch. */
  | { readonly type: 'pong'; readonly time: number }
  | { readonly type: 'mark'; readonly mark: Mark }
  /** A step's timer came so many ms late, which is more than any of this thread before. */
  | { readonly type: 'late'; readonly by: number }
  | { readonly type: 'end'; readonly end: ThreadEnd }
  | { readonly type: 'failed'; readonly message: string }

/** To a second tab: some threads are to be played there. A port for each comes with it. */
export interface HostOrder {
  readonly type: 'host'
  /** Of the program. */
  readonly title: string
  /** Their names. */
  readonly threads: readonly string[]
}
