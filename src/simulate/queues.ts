/** What threads park on: a counting semaphore and a mutex, both first come, first served. */

import type { ThreadId } from './types'

export interface Semaphore {
  /** Releases that nobody has used yet. */
  readonly tokens: number
  readonly parked: readonly ThreadId[]
}

export const semaphore: Semaphore = { tokens: 0, parked: [] }

/** Takes a token, or else joins the parked: then `parks` is true. */
export function acquireSemaphore(
  { tokens, parked }: Semaphore,
  thread: ThreadId,
): { readonly semaphore: Semaphore; readonly parks: boolean } {
  if (tokens > 0) return { semaphore: { tokens: tokens - 1, parked }, parks: false }
  return { semaphore: { tokens, parked: [...parked, thread] }, parks: true }
}

/** Hands a token to the first of the parked, or keeps it for whoever comes. */
export function releaseSemaphore({ tokens, parked }: Semaphore): {
  readonly semaphore: Semaphore
  readonly wake: readonly ThreadId[]
} {
  const [first, ...rest] = parked
  if (first === undefined) return { semaphore: { tokens: tokens + 1, parked }, wake: [] }
  return { semaphore: { tokens, parked: rest }, wake: [first] }
}

/** Handed from its holder to the first of the parked: nobody comes between. */
export interface Mutex {
  readonly holder: ThreadId | null
  readonly parked: readonly ThreadId[]
}

export const mutex: Mutex = { holder: null, parked: [] }

/** Takes it, or else joins the parked: then `parks` is true. */
export function lockMutex(
  { holder, parked }: Mutex,
  thread: ThreadId,
): { readonly mutex: Mutex; readonly parks: boolean } {
  if (holder === null) return { mutex: { holder: thread, parked }, parks: false }
  return { mutex: { holder, parked: [...parked, thread] }, parks: true }
}

export function unlockMutex({ parked }: Mutex): {
  readonly mutex: Mutex
  readonly wake: readonly ThreadId[]
} {
  const [first, ...rest] = parked
  if (first === undefined) return { mutex, wake: [] }
  return { mutex: { holder: first, parked: rest }, wake: [first] }
}
