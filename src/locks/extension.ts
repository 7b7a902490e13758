/** What may be passed to `createLocks` for what only some want: see `latchkey/deadlock`. */

import { refuse } from './arguments'
import type { Space } from './space'

export interface Extension<Kind extends string> {
  readonly extends: Kind
  /** @internal */
  install(space: Space): void
}

const makers = { deadlock: 'detectDeadlocks()', order: 'checkOrder()' } as const

export function checkExtension(kind: keyof typeof makers, value: Extension<string> | undefined) {
  // `null` is none either.
  if (value !== undefined && value?.extends !== kind) {
    refuse(kind, `be what ${makers[kind]} answers`, value)
  }
}
