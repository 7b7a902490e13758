/** Acquisition by trying again, with the pauses of Go's mapmutex. */

import { checkNumber, checkOptions, checkWait, refuse } from './arguments'
import type { Site } from './call-site'
import type { Entrance } from './entrance'
import type { Space } from './space'
import type { TaskHold } from './task-hold'

export interface RetrySettings {
  /** How often to try. Default 200. */
  readonly attempts?: number | undefined
  /** The first pause, in ms. Default 1e-5 (10 ns: as short as the engine can). */
  readonly baseDelay?: number | undefined
  /** The longest pause before jitter, in ms. Default 100. */
  readonly maxDelay?: number | undefined
  /** How much longer each pause is than the one before. Default 1.1. */
  readonly factor?: number | undefined
  /** The share of a pause by which it varies, up or down. Default 0.2. */
  readonly jitter?: number | undefined
  /** Ends the attempts when it aborts. */
  readonly signal?: AbortSignal | undefined
}

interface Pauses {
  readonly baseDelay: number
  readonly maxDelay: number
  readonly factor: number
  readonly jitter: number
}

/** The pause after a failed attempt, counted from 0, in ms. `random` is from [0, 1). */
export function pauseAfter(
  attempt: number,
  { baseDelay, maxDelay, factor, jitter }: Pauses,
  random: number,
): number {
  // No pause at all stays none, however large the power: 0 * Infinity is NaN.
  const pause = Math.min(maxDelay, baseDelay * Math.min(factor ** attempt, Number.MAX_VALUE))
  return attempt === 0 ? pause : Math.max(0, pause * (1 + jitter * (2 * random - 1)))
}

export async function retryAcquire(
  space: Space,
  entrance: Entrance<TaskHold>,
  site: Site | undefined,
  settings: RetrySettings = {},
): Promise<TaskHold | null> {
  checkOptions(settings)
  const {
    attempts = 200,
    baseDelay = 1e-5,
    maxDelay = 100,
    factor = 1.1,
    jitter = 0.2,
    signal,
  } = settings
  checkNumber('attempts', attempts, 1, Number.MAX_SAFE_INTEGER)
  if (!Number.isInteger(attempts)) refuse('attempts', 'be a whole number', attempts, RangeError)
  checkNumber('baseDelay', baseDelay, 0, Number.MAX_VALUE)
  checkNumber('maxDelay', maxDelay, 0, Number.MAX_VALUE)
  checkNumber('factor', factor, 1, Number.MAX_VALUE)
  checkNumber('jitter', jitter, 0, 1)
  checkWait({ signal })
  const pauses = { baseDelay, maxDelay, factor, jitter }
  signal?.throwIfAborted()
  for (let attempt = 0; attempt < attempts; attempt++) {
    const hold = await space.tracedTo(site, () => entrance.tryAcquire())
    if (signal?.aborted) hold?.end()
    else if (hold !== null) return hold
    else await pause(space, pauseAfter(attempt, pauses, Math.random()), signal)
    signal?.throwIfAborted()
  }
  return null
}

/**
 * Timers are no shorter than 1 ms, and 4 ms when nested: a shorter pause lets one task of the
 * event loop pass, which is the least that can free a lock.
 */
function pause({ clock }: Space, delay: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (delay < 1) return clock.soon(resolve)
    const finish = () => {
      stop()
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const stop = clock.after(delay, finish)
    signal?.addEventListener('abort', finish)
  })
}
