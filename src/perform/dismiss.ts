/** The end of every run, good or bad: no worker and no lock of it is left. */

import type { Locks } from '../locks'

/** Whoever takes part in a run. */
export interface Leaving {
  /** Resolves when it has let go of everything. */
  stop(): Promise<void>
  /** Ends it, whatever it holds. */
  terminate(): void
}

/** How long workers may take to let go by themselves, in ms, before they are ended. */
const grace = 300

/** How long it may take to notice that a worker has ended, in ms. */
const patience = 5_000

/**
 * Resolves once nothing lists a lock whose name begins with `lock`, held or waited for.
 * Asking the workers first is not only polite: a worker that ends by itself leaves at once,
 * where a terminated one may keep its locks until its thread has wound down.
 *
 * @param locks who can list them; without, they ended with their workers
 */
export async function dismiss(
  workers: readonly Leaving[],
  locks: Locks | undefined,
  lock: string,
): Promise<void> {
  const stopped = workers.map((worker) => worker.stop())
  await Promise.race([Promise.all(stopped), pause(grace)])
  for (const worker of workers) worker.terminate()
  if (locks === undefined) return
  const end = performance.now() + patience
  // Past that it is out of our hands, and the run's own outcome is more worth telling.
  while ((await isListed(locks, lock)) && performance.now() < end) await pause(5)
}

async function isListed(locks: Locks, lock: string): Promise<boolean> {
  const { held, pending } = await locks.query()
  return [...held, ...pending].some(({ name }) => name.startsWith(lock))
}

function pause(delay: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay))
}
