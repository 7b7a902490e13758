/**
 * Writers first (the second problem of Courtois, Heymans and Parnas, 1971): no reader goes in
 * while a writer waits, and a leaving writer lets the next writer in before any reader. A
 * stream of writers starves the readers.
 */

import type { Algorithm } from '../algorithm'
import { emptyRoom, operations, type RoomMemory, readersIn, writerIn } from './room'
import { readerWait, registers, writerWait } from './room-view'

export const writersFirst: Algorithm<RoomMemory> = {
  id: 'writers-first',
  title: 'Writers first',
  about:
    'A reader waits as long as any writer writes or waits: what is read is fresh, and a stream of writers starves the readers.',
  memory: emptyRoom,
  registers,
  wait: (memory, thread, on, holders) =>
    on === 'writerSem' ? writerWait(memory, thread, holders) : readerWait(memory, holders, true),
  operations: operations({
    mayRead: ({ writing, writersWaiting }) => !writing && writersWaiting === 0,
    mayNotRead: 'writing or writersWaiting > 0',
    handOver: 'make a waiting writer write, else let every waiting reader in',
    afterWriter: (memory) => (memory.writersWaiting > 0 ? writerIn(memory) : readersIn(memory)),
  }),
}
