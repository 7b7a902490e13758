/**
 * Go's `sync.RWMutex`: a mutex `w` among writers, and a count of readers that a writer turns
 * negative to announce itself. A writer that waits stops later readers, and lets all of them
 * in when it leaves, before the next writer: phase-fair.
 *
 * An `if` tests the value that the line before it produced (in Go the two are one expression),
 * so it touches nothing shared. `w` is handed on in the order of arrival: Go's own mutex lets
 * a running goroutine overtake for up to 1 ms, which is invisible at rest. Misuse, such as
 * RUnlock without RLock, is fatal in Go and impossible in a scenario; it is not modelled.
 */

import type { Algorithm } from '../algorithm'
import {
  acquireSemaphore,
  lockMutex,
  type Mutex,
  mutex,
  releaseSemaphore,
  type Semaphore,
  semaphore,
  unlockMutex,
} from '../queues'
import type { ThreadId } from '../types'
import { registers, wait } from './go-rwmutex-view'
import * as tell from './go-rwmutex-words'

export interface GoMemory {
  /** Readers inside or waiting; less 2³⁰ while a writer is pending or inside. */
  readonly readerCount: number
  /** Readers that the pending writer still waits for. */
  readonly readerWait: number
  readonly writerSem: Semaphore
  readonly readerSem: Semaphore
  readonly w: Mutex
}

/** What a writer takes off: more than there can be readers. */
export const maxReaders = 2 ** 30

const tested = { indent: 0, local: true } as const
const shared = { indent: 0, local: false } as const

function addReaders(memory: GoMemory, amount: number): GoMemory {
  return { ...memory, readerCount: memory.readerCount + amount }
}

function parkOn(queue: 'readerSem' | 'writerSem', memory: GoMemory, thread: ThreadId) {
  const { semaphore, parks } = acquireSemaphore(memory[queue], thread)
  return { memory: { ...memory, [queue]: semaphore }, ...(parks && { park: queue }) }
}

function release(queue: 'readerSem' | 'writerSem', memory: GoMemory) {
  const { semaphore, wake } = releaseSemaphore(memory[queue])
  return { memory: { ...memory, [queue]: semaphore }, wake }
}

function unlockW(memory: GoMemory) {
  const { mutex, wake } = unlockMutex(memory.w)
  return { memory: { ...memory, w: mutex }, wake }
}

export const goRwmutex: Algorithm<GoMemory> = {
  id: 'go',
  title: 'Go · phase-fair',
  about:
    'A waiting writer stops the readers that come after it, and its release lets all of them in before the next writer: neither side can starve.',
  referenceTitle: 'line in Go 1.8.1',
  memory: { readerCount: 0, readerWait: 0, writerSem: semaphore, readerSem: semaphore, w: mutex },
  registers,
  wait,
  operations: {
    RLock: [
      {
        ...shared,
        text: 'readerCount += 1',
        reference: 41,
        run(memory) {
          const after = addReaders(memory, 1)
          return { memory: after, local: after.readerCount }
        },
        say: tell.readerAdds,
      },
      {
        ...tested,
        text: 'if readerCount < 0',
        note: 'a writer is pending',
        run: (_, __, sum) => ({ go: sum < 0 ? 2 : 3 }),
        say: tell.readerTests,
      },
      {
        ...shared,
        text: 'park on readerSem',
        indent: 1,
        reference: 43,
        run: (memory, thread) => parkOn('readerSem', memory, thread),
        say: tell.readerParks,
      },
      { ...tested, text: '', note: 'the read lock is held', run: granted, say: tell.readHeld },
    ],
    RUnlock: [
      {
        ...shared,
        text: 'readerCount -= 1',
        reference: 61,
        run(memory) {
          const after = addReaders(memory, -1)
          return { memory: after, local: after.readerCount }
        },
        say: tell.readerLeaves,
      },
      {
        ...tested,
        text: 'if readerCount < 0',
        note: 'a writer is pending',
        run: (_, __, rest) => (rest < 0 ? {} : { end: 'released' }),
        say: tell.leaverTests,
      },
      {
        ...shared,
        text: 'readerWait -= 1',
        indent: 1,
        run(memory) {
          const readerWait = memory.readerWait - 1
          return { memory: { ...memory, readerWait }, local: readerWait }
        },
        say: tell.waitDrops,
      },
      {
        ...tested,
        text: 'if readerWait = 0',
        note: 'the last one it waited for',
        indent: 1,
        run: (_, __, waits) => (waits === 0 ? {} : { end: 'released' }),
        say: tell.lastTests,
      },
      {
        ...shared,
        text: 'release writerSem',
        indent: 2,
        run: (memory) => ({ ...release('writerSem', memory), end: 'released' }),
        say: tell.releasesWriter,
      },
    ],
    Lock: [
      {
        ...shared,
        text: 'lock w',
        note: 'one writer at a time',
        run(memory, thread) {
          const { mutex, parks } = lockMutex(memory.w, thread)
          return { memory: { ...memory, w: mutex }, ...(parks && { park: 'w' }) }
        },
        say: tell.locksW,
      },
      {
        ...shared,
        text: 'readerCount -= 2³⁰',
        note: 'announced to readers',
        reference: 85,
        run: (memory) => ({
          memory: addReaders(memory, -maxReaders),
          local: memory.readerCount,
        }),
        say: tell.announces,
      },
      {
        ...tested,
        text: 'if it was not 0',
        note: 'readers are inside',
        run: (_, __, inside) => ({ go: inside === 0 ? 6 : 3 }),
        say: tell.testsInside,
      },
      {
        ...shared,
        text: 'readerWait += their number',
        indent: 1,
        run(memory, _, inside) {
          const readerWait = memory.readerWait + inside
          return { memory: { ...memory, readerWait }, local: readerWait }
        },
        say: tell.waitRises,
      },
      {
        ...tested,
        text: 'if readerWait ≠ 0',
        note: 'not all have left since',
        indent: 1,
        run: (_, __, waits) => ({ go: waits === 0 ? 6 : 5 }),
        say: tell.testsWait,
      },
      {
        ...shared,
        text: 'park on writerSem',
        indent: 2,
        run: (memory, thread) => parkOn('writerSem', memory, thread),
        say: tell.writerParks,
      },
      { ...tested, text: '', note: 'the write lock is held', run: granted, say: tell.writeHeld },
    ],
    Unlock: [
      {
        ...shared,
        text: 'readerCount += 2³⁰',
        reference: 114,
        run(memory) {
          const after = addReaders(memory, maxReaders)
          return { memory: after, local: after.readerCount }
        },
        say: tell.writerLeaves,
      },
      {
        ...tested,
        text: 'for each reader that waits',
        run: (_, __, left) => ({ go: left > 0 ? 2 : 3 }),
        say: tell.testsWaiting,
      },
      {
        ...shared,
        text: 'release readerSem',
        indent: 1,
        run: (memory, _, left) => ({ ...release('readerSem', memory), local: left - 1, go: 1 }),
        say: tell.releasesReader,
      },
      {
        ...shared,
        text: 'unlock w',
        run: (memory) => ({ ...unlockW(memory), end: 'released' }),
        say: tell.unlocksW,
      },
    ],
    TryRLock: [
      {
        ...shared,
        text: 'seen = readerCount',
        run: (memory) => ({ local: memory.readerCount }),
        say: tell.looks,
      },
      {
        ...tested,
        text: 'if seen < 0',
        note: 'a writer is pending',
        run: (_, __, seen) => ({ go: seen < 0 ? 2 : 3 }),
        say: tell.testsSeen,
      },
      { ...tested, text: '', note: 'refused', indent: 1, run: refused, say: tell.isRefused },
      {
        ...shared,
        text: 'if readerCount = seen: += 1, else again',
        note: 'one swap',
        run: (memory, _, seen) =>
          memory.readerCount === seen ? { memory: addReaders(memory, 1) } : { go: 0 },
        say: tell.swaps,
      },
      { ...tested, text: '', note: 'the read lock is held', run: granted, say: tell.readHeld },
    ],
    TryLock: [
      {
        ...shared,
        text: 'try to lock w',
        run(memory, thread) {
          if (memory.w.holder !== null) return { go: 1 }
          return { memory: { ...memory, w: lockMutex(memory.w, thread).mutex }, go: 2 }
        },
        say: tell.triesW,
      },
      {
        ...tested,
        text: '',
        note: 'refused: another writer has w',
        indent: 1,
        run: refused,
        say: tell.isRefused,
      },
      {
        ...shared,
        text: 'if readerCount = 0: −= 2³⁰',
        note: 'one swap',
        run: (memory) =>
          memory.readerCount === 0 ? { memory: addReaders(memory, -maxReaders), go: 5 } : { go: 3 },
        say: tell.swapsAll,
      },
      { ...shared, text: 'else unlock w', run: unlockW, say: tell.unlocksW },
      {
        ...tested,
        text: '',
        note: 'refused: readers are inside',
        indent: 1,
        run: refused,
        say: tell.isRefused,
      },
      { ...tested, text: '', note: 'the write lock is held', run: granted, say: tell.writeHeld },
    ],
  },
}

function granted() {
  return { end: 'granted' } as const
}

function refused() {
  return { end: 'refused' } as const
}
