/** Long work in short pieces: in between, whoever shares the thread has its turn. */

import type { Pause } from './pause'

/** Steps between two breaths: some milliseconds' worth. */
const piece = 4_000

export interface BreathOptions {
  readonly signal?: AbortSignal | undefined
  readonly pause?: Pause | undefined
}

/**
 * To be called once a step: every so often it answers with a promise to wait for, before which it
 * calls `tell`. The promise rejects with the signal's reason.
 */
export function breather(
  { signal, pause }: BreathOptions,
  tell: () => void,
): () => Promise<void> | undefined {
  let steps = 0
  return () => {
    steps++
    if (steps % piece !== 0) return undefined
    tell()
    return rest(signal, pause)
  }
}

async function rest(signal: AbortSignal | undefined, pause: Pause | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve))
  signal?.throwIfAborted()
  await pause?.untilResumed(signal)
}
