/**
 * The wire of single flight. `latchkey` is its version: messages of another one are ignored, as is
 * whatever is not of these forms. A flight is one run of a function; a caller is one call of `once`
 * that waits for a result. Both have ids that are unique in the lock space.
 */

import type { PackedOutcome } from './once-outcome'

interface About {
  readonly latchkey: 1
  /** The name that `once` was called with. */
  readonly name: string
}

export type OnceMessage =
  /** These wait for a result: whoever flies takes them on board. */
  | (About & {
      readonly type: 'once join'
      readonly callers: readonly string[]
      readonly agent: string
    })
  /** They are on board: its result will be theirs. */
  | (About & {
      readonly type: 'once joined'
      readonly callers: readonly string[]
      readonly flight: string
    })
  /** A flight has begun, or is about to end: whoever waits says so again. */
  | (About & { readonly type: 'once flying'; readonly flight: string })
  /** Its result, for these. */
  | (About & {
      readonly type: 'once landed'
      readonly callers: readonly string[]
      readonly flight: string
      readonly outcome: PackedOutcome
    })
  /** The result has come to this agent. */
  | (About & { readonly type: 'once heard'; readonly flight: string; readonly agent: string })
  /** They were on board, the flight must be over, and they have heard nothing. */
  | (About & {
      readonly type: 'once asked'
      readonly callers: readonly string[]
      readonly flight: string
    })
  /** The answer to that of an agent that has nothing for them. */
  | (About & { readonly type: 'once forgotten'; readonly flight: string })

/** What else a message of each type must have, besides its name. */
const forms: Readonly<Record<OnceMessage['type'], readonly Part[]>> = {
  'once join': ['callers', 'agent'],
  'once joined': ['callers', 'flight'],
  'once flying': ['flight'],
  'once landed': ['callers', 'flight', 'outcome'],
  'once heard': ['flight', 'agent'],
  'once asked': ['callers', 'flight'],
  'once forgotten': ['flight'],
}

type Part = 'callers' | 'agent' | 'flight' | 'outcome'

const isText = (value: unknown) => typeof value === 'string'
const checks: Readonly<Record<Part, (value: unknown) => boolean>> = {
  callers: (value) => Array.isArray(value) && value.every(isText),
  agent: isText,
  flight: isText,
  outcome: (value) => {
    const { kind, reason } = (value ?? {}) as { readonly kind?: unknown; readonly reason?: unknown }
    return kind === 'value' || kind === 'error' || (kind === 'kept' && isText(reason))
  },
}

export function readOnceMessage(message: unknown): OnceMessage | undefined {
  const known = message as (OnceMessage & Partial<Record<Part, unknown>>) | null | undefined
  if (known?.latchkey !== 1 || !isText(known.name)) return undefined
  const parts = Object.hasOwn(forms, known.type) ? forms[known.type] : undefined
  return parts?.every((part) => checks[part](known[part])) ? known : undefined
}
