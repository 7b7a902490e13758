/**
 * What agents of one table tell each other. The table decides; a message only says that it is
 * worth a look, or what the look showed. One that is lost costs time, not the exclusion.
 */

import type { Bus } from '../bus'
import type { Front, Row } from './rows'

/** `latchkey` is the version of the wire: messages of another one are ignored. */
interface Versioned {
  readonly latchkey: 1
}

/** A queue has moved up: whoever holds the lock now finds his row in it. */
interface FrontMessage extends Versioned {
  readonly type: 'front'
  readonly name: string
  readonly front: Front
}

/** These held a lock that was stolen. */
interface RobbedMessage extends Versioned {
  readonly type: 'robbed'
  readonly robbed: readonly Row[]
}

/** Are these there? */
interface RollCallMessage extends Versioned {
  readonly type: 'roll call'
  readonly agents: readonly string[]
}

interface HereMessage extends Versioned {
  readonly type: 'here'
  readonly agent: string
}

export type Message = FrontMessage | RobbedMessage | RollCallMessage | HereMessage

/** @returns what stops it */
export function listen(bus: Bus, hear: (message: Message) => void): () => void {
  return bus.listen((data) => {
    if ((data as Message | null)?.latchkey === 1) hear(data as Message)
  })
}

export function post(bus: Bus, message: Message): void {
  bus.post(message)
}
