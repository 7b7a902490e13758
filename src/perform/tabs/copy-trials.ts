/** Every way one might copy a lock, tried for real: on this page, and with a worker of it. */

import { createLocks, type Mutex } from '../../locks'
import type { WorkerActor } from './worker-actor'

export const copyWays = [
  { id: 'clone', code: 'structuredClone(lock)' },
  { id: 'post', code: 'worker.postMessage(lock)' },
  { id: 'spread', code: 'const copy = { ...lock }; copy.run(work)' },
  { id: 'json', code: 'const copy = JSON.parse(JSON.stringify(lock)); copy.run(work)' },
  { id: 'name', code: "createLocks({ reach: 'realm' }).mutex(lock.name)   // in a worker" },
  { id: 'descriptor', code: 'worker: locks.from(descriptor)   // = lock.descriptor()' },
] as const

export type CopyWay = (typeof copyWays)[number]['id']

export type CopyOutcome =
  /** It threw, and said why. */
  | { readonly kind: 'refused'; readonly said: string }
  /** What came out is no lock any more. */
  | { readonly kind: 'no lock'; readonly said: string }
  /** Both held it at once. */
  | { readonly kind: 'two locks' }
  /** While one held it, the other did not get it; then it did. */
  | { readonly kind: 'one lock' }
  /** Nobody threw, and nothing was found out. */
  | { readonly kind: 'unclear'; readonly said: string }

/** Rejects with an `OrderError` when the worker goes. */
export async function tryCopy(
  way: CopyWay,
  worker: WorkerActor,
  stage: string,
): Promise<CopyOutcome> {
  const name = `${stage} copied`
  switch (way) {
    case 'clone':
      return thrown(() => structuredClone(origin(name)))
    case 'post':
      return thrown(() => worker.post(origin(name)))
    case 'spread':
      return noLock(() => ({ ...origin(name) }).run(() => {}))
    case 'json':
      return noLock(() => (JSON.parse(JSON.stringify(origin(name))) as Mutex).run(() => {}))
    case 'name':
      return held(createLocks({ reach: 'realm' }).mutex(name), worker, 'realm')
    case 'descriptor':
      return held(origin(name), worker, 'origin')
  }
}

/** For how long a lock that was given back may seem to be held, in ms. */
const patience = 5_000

const origin = (name: string) => createLocks().mutex(name, { fair: 'strict' })

async function thrown(copy: () => unknown): Promise<CopyOutcome> {
  try {
    await copy()
    return { kind: 'unclear', said: 'it did not throw' }
  } catch (error) {
    return { kind: 'refused', said: String(error) }
  }
}

async function noLock(use: () => unknown): Promise<CopyOutcome> {
  const outcome = await thrown(use)
  const isUseless = outcome.kind === 'refused' && outcome.said.includes('is not a function')
  return isUseless ? { kind: 'no lock', said: outcome.said } : outcome
}

/** This page holds the lock, and the worker tries to; then this page gives it back, and the worker tries again. */
async function held(
  lock: Mutex,
  worker: WorkerActor,
  reach: 'realm' | 'origin',
): Promise<CopyOutcome> {
  const trying = { lock: lock.descriptor(), reach }
  const hold = await lock.acquire()
  let during: boolean
  try {
    during = (await worker.order('try', trying)).got
  } finally {
    hold.release()
  }
  if (during) return { kind: 'two locks' }
  // The browser may hear of the release after the worker has asked.
  const end = performance.now() + patience
  do {
    if ((await worker.order('try', trying)).got) return { kind: 'one lock' }
  } while (performance.now() < end)
  return { kind: 'unclear', said: 'somebody else holds it' }
}
