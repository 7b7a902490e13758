/**
 * Readers first (the first problem of Courtois, Heymans and Parnas, 1971): no reader waits
 * unless somebody writes, and a leaving writer lets readers in before any other writer. A
 * stream of overlapping readers starves the writers.
 */

import type { Algorithm } from '../algorithm'
import { emptyRoom, operations, type RoomMemory, readersIn, writerIn } from './room'
import { readerWait, registers, writerWait } from './room-view'

export const readersFirst: Algorithm<RoomMemory> = {
  id: 'readers-first',
  title: 'Readers first',
  about:
    'A reader waits only while somebody writes: reading never stops for a writer that waits, and a stream of readers starves the writers.',
  memory: emptyRoom,
  registers,
  wait: (memory, thread, on, holders) =>
    on === 'writerSem' ? writerWait(memory, thread, holders) : readerWait(memory, holders, false),
  operations: operations({
    mayRead: ({ writing }) => !writing,
    mayNotRead: 'writing',
    handOver: 'let every waiting reader in, else make a waiting writer write',
    afterWriter: (memory) =>
      memory.readersWaiting === 0 && memory.writersWaiting > 0
        ? writerIn(memory)
        : readersIn(memory),
  }),
}
