/** Many keys, each locked and released once: what is left of them? */

import { Mutex as AsyncMutex } from 'async-mutex'
import type { Mechanism } from '../../src/locks'
import { CohortPort } from '../../src/locks/ports/cohort'
import { usageOf } from '../../src/locks/ports/shared-memory/usage'
import { AtomicWords } from '../../src/locks/ports/shared-memory/words'
import { lockMemory, locksOver } from './mechanisms'

export interface KeysOrder {
  readonly mechanism: Mechanism
  /** The first key, and how many. */
  readonly from: number
  readonly count: number
  /** How many are locked at a time. */
  readonly together: number
}

/** Each of our locks is one of a keyed mutex. */
export async function lockKeys({ mechanism, from, count, together }: KeysOrder): Promise<void> {
  const users = locksOver(mechanism).keyedMutex('idle keys')
  await forEach(from, count, together, (key) => users.run(key, async () => {}))
}

const usual = new Map<number, AsyncMutex>()

/** As it is done without a keyed mutex: a mutex for each key, in a map that nobody empties. */
export async function lockMapOfMutexes(from: number, count: number): Promise<void> {
  await forEach(from, count, 1, (key) => {
    const mutex = usual.get(key) ?? new AsyncMutex()
    usual.set(key, mutex)
    return mutex.runExclusive(async () => {})
  })
}

async function forEach(
  from: number,
  count: number,
  together: number,
  act: (key: number) => Promise<unknown>,
): Promise<void> {
  let next = from
  const task = async () => {
    while (next < from + count) await act(next++)
  }
  await Promise.all(Array.from({ length: together }, task))
}

/** Everything that is left in the agent, its ports and what they share with others. */
export async function leftOver(mechanism: Mechanism): Promise<readonly string[]> {
  const locks = locksOver(mechanism)
  const { holds, waits, names } = locks.stats()
  const { bounded, strict } = locks.space.ports
  const { held, pending } = await strict.query()
  const found: Readonly<Record<string, number>> = {
    holds,
    waits,
    names,
    held: held.length,
    waiting: pending.length,
    'requests of the port': [...bounded.live()].length + [...strict.live()].length,
    'names of the cohort': bounded instanceof CohortPort ? bounded.names.size : 0,
    ...(mechanism === 'shared-memory' ? inMemory() : {}),
  }
  return Object.entries(found).flatMap(([what, count]) => (count === 0 ? [] : `${count} ${what}`))
}

function inMemory(): Readonly<Record<string, number>> {
  const words = new AtomicWords(lockMemory())
  const { cells, free, names } = usageOf(words)
  return { 'cells in use': cells - free, 'names in the table': names.length }
}
