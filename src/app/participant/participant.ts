/** What a participant shows: its own doings, from what its worker tells. Pure. */

import type { LockEvent, LockMode, LocksView } from '../../locks'
import type { FromActor, Increment } from '../../perform/tabs'

/** What it has of one lock, or waits for. */
export interface Own {
  readonly request: string
  readonly lock: string
  readonly mode: LockMode
  readonly held: boolean
  /** Epoch ms. */
  readonly since: number
}

export type ParticipantShown =
  | { readonly kind: 'greeting' }
  | { readonly kind: 'alone' }
  | {
      readonly kind: 'starting' | 'here' | 'crashed'
      readonly name: string
      readonly own: readonly Own[]
      /** All who hold or wait, by lock. */
      readonly all: LocksView | undefined
      /** Its last hit of the counter, until it does something else. */
      readonly hit: Increment | undefined
      /** What went wrong last. */
      readonly trouble: string | undefined
    }

export const greeting: ParticipantShown = { kind: 'greeting' }
export const alone: ParticipantShown = { kind: 'alone' }

export function hired(name: string): ParticipantShown {
  return { kind: 'starting', name, own: [], all: undefined, hit: undefined, trouble: undefined }
}

export function crashed(shown: ParticipantShown): ParticipantShown {
  return 'name' in shown
    ? { ...shown, kind: 'crashed', own: [], all: undefined, hit: undefined }
    : shown
}

export function told(shown: ParticipantShown, message: FromActor): ParticipantShown {
  if (!('name' in shown)) return shown
  switch (message.type) {
    case 'ready':
      return { ...shown, kind: 'here' }
    case 'events':
      return { ...shown, own: message.events.reduce(after, shown.own), trouble: undefined }
    case 'view':
      return { ...shown, all: message.view }
    case 'increment':
      return { ...shown, hit: message.increment }
    case 'did':
      return { ...shown, hit: undefined }
    case 'refused':
      // Who leaves the queue wanted to.
      return message.name === 'AbortError' ? shown : { ...shown, trouble: message.why }
    case 'failed':
      return { ...shown, trouble: message.why }
    default:
      return shown
  }
}

function after(
  own: readonly Own[],
  { type, request, lock, mode, time }: LockEvent,
): readonly Own[] {
  const others = own.filter((each) => each.request !== request)
  switch (type) {
    case 'request':
      return [...others, { request, lock, mode, held: false, since: time }]
    case 'grant':
      return [...others, { request, lock, mode, held: true, since: time }]
    case 'release':
    case 'abort':
    case 'timeout':
    case 'refuse':
    case 'lost':
      return others
    default:
      return own
  }
}
