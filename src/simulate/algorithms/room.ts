/**
 * The room that readers-first and writers-first share: counts of who is inside and who waits,
 * and two semaphores. The counts are one word: a step looks at all of them and changes them
 * at once. Whoever leaves hands the room over, so that nobody slips in between. The policies
 * differ in two places only: whether a reader may enter, and whom a leaving writer prefers.
 */

import type { Algorithm, Effect, Line } from '../algorithm'
import { acquireSemaphore, releaseSemaphore, type Semaphore, semaphore } from '../queues'
import type { ThreadId } from '../types'
import * as tell from './room-words'

export interface RoomMemory {
  readonly readers: number
  readonly writing: boolean
  readonly readersWaiting: number
  readonly writersWaiting: number
  readonly readerSem: Semaphore
  readonly writerSem: Semaphore
}

export const emptyRoom: RoomMemory = {
  readers: 0,
  writing: false,
  readersWaiting: 0,
  writersWaiting: 0,
  readerSem: semaphore,
  writerSem: semaphore,
}

/** What an operation keeps for its later lines. */
const mustWait = 1
const writerNext = -1

type Run = Line<RoomMemory>['run']

const line = (text: string, run: Run, say: Line<RoomMemory>['say'], indent = 0, note?: string) => ({
  text,
  indent,
  local: false,
  run,
  say,
  ...(note !== undefined && { note }),
})

const test = (...given: Parameters<typeof line>) => ({ ...line(...given), local: true })

export function park(queue: 'readerSem' | 'writerSem'): Run {
  return (memory, thread: ThreadId) => {
    const { semaphore, parks } = acquireSemaphore(memory[queue], thread)
    return { memory: { ...memory, [queue]: semaphore }, ...(parks && { park: queue }) }
  }
}

export function release(memory: RoomMemory, queue: 'readerSem' | 'writerSem') {
  const { semaphore, wake } = releaseSemaphore(memory[queue])
  return { memory: { ...memory, [queue]: semaphore }, wake }
}

export const readersIn = (memory: RoomMemory): Effect<RoomMemory> => ({
  memory: { ...memory, writing: false, readers: memory.readersWaiting, readersWaiting: 0 },
  local: memory.readersWaiting,
})

export const writerIn = (memory: RoomMemory): Effect<RoomMemory> => ({
  memory: { ...memory, writing: true, writersWaiting: memory.writersWaiting - 1 },
  local: writerNext,
})

/** A policy as far as it differs from the other one. */
export interface RoomPolicy {
  readonly mayRead: (memory: RoomMemory) => boolean
  /** Such as `writing`; completes `if …: readersWaiting += 1`. */
  readonly mayNotRead: string
  readonly handOver: string
  readonly afterWriter: (memory: RoomMemory) => Effect<RoomMemory>
}

export function operations({
  mayRead,
  mayNotRead,
  handOver,
  afterWriter,
}: RoomPolicy): Algorithm<RoomMemory>['operations'] {
  const empty = ({ readers, writing }: RoomMemory) => readers === 0 && !writing
  const read = (memory: RoomMemory) => ({ memory: { ...memory, readers: memory.readers + 1 } })
  const write = (memory: RoomMemory) => ({ memory: { ...memory, writing: true } })
  const acquire = (queue: 'readerSem' | 'writerSem', enter: Line<RoomMemory>) => [
    enter,
    test('if it waits', (_, __, waits) => ({ go: waits ? 2 : 3 }), tell.testsWait),
    line(`park on ${queue}`, park(queue), tell.parks(queue), 1),
  ]
  const readHeld = test('', () => ({ end: 'granted' }), tell.readHeld, 0, 'the read lock is held')
  const writeHeld = test(
    '',
    () => ({ end: 'granted' }),
    tell.writeHeld,
    0,
    'the write lock is held',
  )
  const refused = test('', () => ({ end: 'refused' }), tell.isRefused, 1, 'refused')
  return {
    RLock: [
      ...acquire(
        'readerSem',
        line(
          `if ${mayNotRead}: readersWaiting += 1, else readers += 1`,
          (memory) =>
            mayRead(memory)
              ? read(memory)
              : {
                  memory: { ...memory, readersWaiting: memory.readersWaiting + 1 },
                  local: mustWait,
                },
          tell.readerEnters,
        ),
      ),
      readHeld,
    ],
    RUnlock: [
      line(
        'readers −= 1; the last makes a waiting writer the one that writes',
        (memory) => {
          const after = { ...memory, readers: memory.readers - 1 }
          return after.readers === 0 && after.writersWaiting > 0
            ? writerIn(after)
            : { memory: after }
        },
        tell.readerLeaves,
      ),
      test(
        'if a writer is next',
        (_, __, next) => (next === writerNext ? {} : { end: 'released' }),
        tell.testsNext,
      ),
      line(
        'release writerSem',
        (memory) => ({ ...release(memory, 'writerSem'), end: 'released' }),
        tell.releases('writerSem'),
        1,
      ),
    ],
    Lock: [
      ...acquire(
        'writerSem',
        line(
          'if anyone is inside: writersWaiting += 1, else writing = true',
          (memory) =>
            empty(memory)
              ? write(memory)
              : {
                  memory: { ...memory, writersWaiting: memory.writersWaiting + 1 },
                  local: mustWait,
                },
          tell.writerEnters,
        ),
      ),
      writeHeld,
    ],
    Unlock: [
      line(handOver, afterWriter, tell.writerLeaves),
      test(
        'for each reader let in',
        (_, __, left) =>
          left > 0 ? { go: 2 } : left === writerNext ? { go: 3 } : { end: 'released' },
        tell.testsLetIn,
      ),
      line(
        'release readerSem',
        (memory, _, left) => ({ ...release(memory, 'readerSem'), local: left - 1, go: 1 }),
        tell.releases('readerSem'),
        1,
      ),
      line(
        'or, for the writer: release writerSem',
        (memory) => ({ ...release(memory, 'writerSem'), end: 'released' }),
        tell.releases('writerSem'),
      ),
    ],
    TryRLock: [
      line(
        `unless ${mayNotRead}: readers += 1`,
        (memory) => (mayRead(memory) ? { ...read(memory), go: 2 } : { go: 1 }),
        tell.tries,
      ),
      refused,
      readHeld,
    ],
    TryLock: [
      line(
        'unless anyone is inside: writing = true',
        (memory) => (empty(memory) ? { ...write(memory), go: 2 } : { go: 1 }),
        tell.tries,
      ),
      refused,
      writeHeld,
    ],
  }
}
