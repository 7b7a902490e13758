/** Takes the stage's one door by hand, to read or to write, and keeps it until told otherwise. */

import type { Actor } from '../actor'

export interface Hands {
  readonly mode: 'read' | 'write'
}

/** Rejects when the participant holds the door already, or waits for it. */
export async function hold(actor: Actor, { mode }: Hands): Promise<{ fence: number | undefined }> {
  const { hand } = actor
  if (hand.hold !== undefined || hand.waiting !== undefined) {
    throw new Error(`${actor.name} ${hand.hold ? 'holds' : 'waits for'} the lock already`)
  }
  const waiting = new AbortController()
  hand.waiting = waiting
  const door = actor.task.rwLock(`${actor.stage} door`, { fair: 'strict' })
  const { signal } = waiting
  try {
    const held =
      mode === 'read'
        ? await door.acquireRead({ signal })
        : await door.acquireWrite({ signal, fence: true })
    hand.hold = held
    held.signal.addEventListener('abort', () => letGo(actor, held), { once: true })
    return { fence: held.fence }
  } finally {
    hand.waiting = undefined
  }
}

function letGo({ hand }: Actor, held: Actor['hand']['hold']): void {
  if (hand.hold === held) hand.hold = undefined
}

/** Gives the door back, or leaves its queue. */
export async function release({ hand }: Actor): Promise<undefined> {
  const { hold: held, waiting } = hand
  hand.hold = undefined
  held?.[Symbol.dispose]()
  waiting?.abort(new DOMException('left the queue', 'AbortError'))
  return undefined
}
