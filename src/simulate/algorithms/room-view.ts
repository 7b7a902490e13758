/** The room from inside, and what the parked wait for. */

import type { Holder, Wait } from '../algorithm'
import { heldBy, numberView, threadsView, waitingChips } from '../registers'
import { count } from '../sentence'
import type { RegisterView, ThreadId } from '../types'
import type { RoomMemory } from './room'

export function registers(memory: RoomMemory, holders: readonly Holder[]): RegisterView[] {
  const { readers, readersWaiting, writersWaiting, readerSem, writerSem, writing } = memory
  return [
    numberView('readers', readers, writing ? 'a writer is inside' : 'readers inside'),
    numberView('readersWaiting', readersWaiting, 'readers to be let in later'),
    numberView('writersWaiting', writersWaiting, 'writers to be let in later'),
    threadsView('readerSem', waitingChips(readerSem.parked)),
    threadsView('writerSem', waitingChips(writerSem.parked)),
    heldBy(holders),
  ]
}

const inside = (holders: readonly Holder[]) => [...new Set(holders.map(({ thread }) => thread))]

/** Writers queue behind one another; the first waits for everyone inside. */
export function writerWait(
  { writerSem }: RoomMemory,
  thread: ThreadId,
  holders: readonly Holder[],
): Wait {
  const before = writerSem.parked[writerSem.parked.indexOf(thread) - 1]
  if (before !== undefined) return { for: [before], label: `queued behind ${before}` }
  const writer = holders.find(({ mode }) => mode === 'write')
  const label = writer
    ? `waiting for ${writer.thread}`
    : `waiting for ${count(holders.length, 'reader')}`
  return { for: inside(holders), label }
}

/** `behindWriters`: every waiting writer goes before a reader, and not only the one inside. */
export function readerWait(
  { writerSem }: RoomMemory,
  holders: readonly Holder[],
  behindWriters: boolean,
): Wait {
  const last = behindWriters ? writerSem.parked.at(-1) : undefined
  const writers = holders.filter(({ mode }) => mode === 'write')
  return { for: last === undefined ? inside(writers) : [last], label: 'parked on readerSem' }
}
