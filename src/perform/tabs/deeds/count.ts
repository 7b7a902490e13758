/** Raises the counter of all participants as a careless program does, under a lock or under none. */

import { createLocks, type Locks, type Mutex, type MutexDescriptor } from '../../../locks'
import { record } from '../../../observe'
import { type OpenCounters, openCounters } from '../../workload/counters'
import type { Actor } from '../actor'
import { epochNow } from '../protocol'

/** What is around the three lines that read, work and write. */
export type Guard = 'none' | 'run' | 'using' | 'bare' | 'copy'

export interface Counting {
  readonly guard: Guard
  readonly database: string
  readonly hits: number
  /** What each hit does between reading and writing, in ms. */
  readonly work: number
  /** Of the lock, which all share; a copy only takes its name. */
  readonly lock: MutexDescriptor
}

/** One hit: what it saw, what stood there when it wrote, and what it wrote. */
export interface Increment {
  /** Epoch ms. */
  readonly at: number
  readonly seen: number
  readonly before: number
  readonly wrote: number
}

export interface CountRound {
  readonly hits: number
  /** Others' hits that were written over, less those that came back when somebody was late. */
  readonly lost: number
  /** How often it waited for the lock, as its recorder (`latchkey/observe`) has it. */
  readonly contended: number
}

type Hit = () => Promise<void>
type Guarded = (hit: Hit) => Promise<void>

/** Rejects when the participant is told to stop. */
export async function count(actor: Actor, counting: Counting): Promise<CountRound> {
  const counters = await openCounters(
    { kind: 'stored', database: counting.database },
    counting.hits,
  )
  try {
    return await countIn(counters, actor, counting)
  } finally {
    counters.close()
  }
}

async function countIn(
  counters: OpenCounters,
  actor: Actor,
  { guard, hits, work, lock }: Counting,
): Promise<CountRound> {
  const locks = guard === 'copy' ? copied(actor) : actor.locks
  const guarded = guards[guard](locks.mutex(lock.name, { fair: lock.fair }))
  const recorder = record(locks)
  let lost = 0
  const hit = async () => {
    const seen = await counters.read(0)
    await actor.pause(work)
    const before = await counters.write(0, seen + 1)
    lost += before - seen
    actor.tell({ type: 'increment', increment: { at: epochNow(), seen, before, wrote: seen + 1 } })
  }
  try {
    for (let done = 0; done < hits; done++) {
      actor.stopped.throwIfAborted()
      await guarded(hit)
    }
  } finally {
    recorder.stop()
  }
  const own = recorder.recording().locks.filter((each) => each.lock === lock.name)
  return { hits, lost, contended: own.reduce((sum, each) => sum + each.contended, 0) }
}

/** What a lock is after its name was copied by hand: the same words, in each realm on its own. */
function copied(actor: Actor): Locks {
  const locks = createLocks({ reach: 'realm' })
  actor.watch(locks)
  return locks
}

/** As the page shows them. */
const guards: Readonly<Record<Guard, (mutex: Mutex) => Guarded>> = {
  none: () => (hit) => hit(),
  run: (mutex) => (hit) => mutex.run(hit),
  copy: (mutex) => (hit) => mutex.run(hit),
  using: (mutex) => async (hit) => {
    await using _hold = await mutex.acquire()
    await hit()
  },
  bare: (mutex) => async (hit) => {
    const hold = await mutex.acquire()
    await hit()
    hold.release()
  },
}
