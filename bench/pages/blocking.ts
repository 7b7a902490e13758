/** Loops that block, for workers: ours over shared memory, and the least that a mutex can be. */

import type { Locks } from '../../src/locks'

export type BlockingContender = 'ours' | 'futex'

export interface BlockingOrder {
  readonly contender: BlockingContender
  readonly name: string
  readonly ms: number
}

/** Pairs between two looks at the clock. */
const batch = 500

/** @returns pairs a second */
export function blockingRate(order: BlockingOrder, locks: Locks, words: Int32Array): number {
  const { contender, name, ms } = order
  const loop = contender === 'ours' ? ourLoop(locks, name) : futexLoop(words)
  const start = performance.now()
  let done = 0
  let spent = 0
  while (spent < ms) {
    loop(batch)
    done += batch
    spent = performance.now() - start
  }
  return (done / spent) * 1000
}

/** Increments a shared word, neither read nor written atomically, under the lock. */
export function blockingIncrement(
  order: { readonly contender: BlockingContender; readonly name: string; readonly times: number },
  locks: Locks,
  words: Int32Array,
  counter: Int32Array,
): void {
  const { contender, name, times } = order
  const mutex = locks.mutex(name)
  for (let i = 0; i < times; i++) {
    if (contender === 'ours') {
      const hold = mutex.acquireSync()
      counter[0] = (counter[0] ?? 0) + 1
      hold.release()
    } else {
      lock(words)
      counter[0] = (counter[0] ?? 0) + 1
      unlock(words)
    }
  }
}

function ourLoop(locks: Locks, name: string): (times: number) => void {
  const mutex = locks.mutex(name)
  return (times) => {
    for (let i = 0; i < times; i++) mutex.acquireSync().release()
  }
}

function futexLoop(words: Int32Array): (times: number) => void {
  return (times) => {
    for (let i = 0; i < times; i++) {
      lock(words)
      unlock(words)
    }
  }
}

/** Drepper's third mutex ("Futexes Are Tricky"): 0 is free, 1 is held, 2 is held and waited for. */
function lock(words: Int32Array): void {
  if (Atomics.compareExchange(words, 0, 0, 1) === 0) return
  while (Atomics.exchange(words, 0, 2) !== 0) Atomics.wait(words, 0, 2)
}

function unlock(words: Int32Array): void {
  if (Atomics.exchange(words, 0, 0) === 2) Atomics.notify(words, 0, 1)
}
