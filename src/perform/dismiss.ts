/** The end of every run, good or bad: no worker and no lock of it is left. */

import { createLocks } from '../locks'
import type { ThreadWorker } from './thread-worker'

/** How long workers may take to let go by themselves, in ms, before they are ended. */
const grace = 300

/** How long the browser may take to notice that a worker has ended, in ms. */
const patience = 5_000

/**
 * Resolves once the browser lists no lock whose name begins with `lock`, held or waited for.
 * Asking the workers first is not only polite: a worker that ends by itself leaves at once,
 * where a terminated one may keep its locks until its thread has wound down.
 */
export async function dismiss(workers: readonly ThreadWorker[], lock: string): Promise<void> {
  const stopped = workers.map((worker) => worker.ask({ type: 'stop' }, 'stopped'))
  await Promise.race([Promise.all(stopped), pause(grace)])
  for (const worker of workers) worker.terminate()
  const end = performance.now() + patience
  // Past that it is out of our hands, and the run's own outcome is more worth telling.
  while ((await isListed(lock)) && performance.now() < end) await pause(5)
}

async function isListed(lock: string): Promise<boolean> {
  const { held, pending } = await createLocks().query()
  return [...held, ...pending].some(({ name }) => name.startsWith(lock))
}

function pause(delay: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay))
}
