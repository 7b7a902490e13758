/**
 * A thread that takes one lock again and again, checks by itself that it is alone, and may be
 * terminated at any moment. What it finds it writes down in memory that has nothing to do with
 * locks.
 */

import { createLocks } from '../create-locks'
import { SharedMemoryPort } from '../ports/shared-memory/shared-memory'
import { threadPresence } from '../presence/thread-presence'
import { Probe } from './probe'

/** Words of the tally. Each contender's passes stand at `passes` + its number. */
export const tally = {
  stop: 0,
  /** Who is inside, by his number: 0 if nobody. */
  inside: 1,
  /** Counted without atomics: exclusion alone keeps it right. */
  count: 2,
  violations: 3,
  /** Found the last one dead inside, and was told so. */
  told: 4,
  passes: 8,
} as const

export interface ContenderData {
  readonly memory: SharedArrayBuffer
  readonly tally: Int32Array<SharedArrayBuffer>
  /** From 1. */
  readonly number: number
  readonly how: 'blocking' | 'async' | 'both'
}

export async function contend({ memory, tally: words, number, how }: ContenderData): Promise<void> {
  const port = new SharedMemoryPort(memory, { presence: threadPresence })
  await port.ready
  for (let i = 0; Atomics.load(words, tally.stop) === 0; i++) {
    const blocking = how === 'blocking' || (how === 'both' && i % 2 === 0)
    const hold = blocking ? block(port) : await wait(port)
    enter(words, number, hold.abandoned === true)
    words[tally.count] = (words[tally.count] ?? 0) + 1
    // Some work, so that it is terminated in here, too.
    for (let rest = 1000; rest > 0; rest--) Atomics.load(words, tally.stop)
    Atomics.add(words, tally.passes + number, 1)
    if (Atomics.compareExchange(words, tally.inside, number, 0) !== number) {
      Atomics.add(words, tally.violations, 1)
    }
    port.release(hold)
  }
}

function enter(words: Int32Array<SharedArrayBuffer>, number: number, abandoned: boolean): void {
  const inside = Atomics.exchange(words, tally.inside, number)
  if (inside === 0) return
  Atomics.add(words, abandoned ? tally.told : tally.violations, 1)
}

const name = 'contended'

function block(port: SharedMemoryPort): Probe {
  const probe = new Probe(port, '', { name })
  if (!port.acquireBlocking(probe, 60_000)) throw new Error('blocked for a minute')
  return probe
}

function wait(port: SharedMemoryPort): Promise<Probe> {
  return new Promise((resolve) => {
    const hears = (what: string, probe: Probe) => {
      if (what === 'granted') resolve(probe)
    }
    new Probe(port, '', { name, hears }).ask()
  })
}

/** Waits for a lock that is held, and has nothing else to do, before or after. */
export async function waitOnce(memory: SharedArrayBuffer): Promise<void> {
  const port = new SharedMemoryPort(memory, { presence: threadPresence })
  await new Promise<void>((resolve) => {
    const hears = (what: string) => {
      if (what === 'granted') resolve()
    }
    new Probe(port, '', { hears }).ask()
  })
}

/** Takes locks as users do, and lets go of them. */
export async function lockOnce(memory: SharedArrayBuffer): Promise<void> {
  const locks = createLocks({ reach: 'cluster', memory })
  const mutex = locks.mutex('once')
  await mutex.run(() => locks.query())
  mutex.runSync(() => {}, { timeout: 10_000 })
}
