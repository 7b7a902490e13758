/** What the page in a tab of a workload does: it gives each run a worker, which talks to the run's page itself. */

import { greetOpener, type OpenedTab } from '../greet-opener'
import { type TabFailure, type ToTab, talkOver } from './protocol'

export type TabState =
  /** Nobody has answered yet. */
  | { readonly kind: 'greeting' }
  /** Open, and no worker of it takes part in anything. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  /** The page that opened it has gone, or needs it no longer. */
  | { readonly kind: 'over' }

/**
 * Serves the page that opened this tab for as long as both are there.
 *
 * Rejects with `TabError` `alone` where nobody opened this tab.
 *
 * @example
 * await hostWorkloads((state) => show(state))
 */
export async function hostWorkloads(
  show: (state: TabState) => void,
  greet: () => Promise<OpenedTab> = greetOpener,
): Promise<void> {
  show({ kind: 'greeting' })
  const { port, gone } = await greet()
  const workers = new Map<string, Worker>()
  const end = (run: string) => {
    workers.get(run)?.terminate()
    workers.delete(run)
  }
  port.onmessage = ({ data, ports }: MessageEvent<ToTab>) => {
    const [to] = ports
    const { type, run } = data
    if (type === 'over') end(run)
    else if (to !== undefined) {
      const fail = (message: string) =>
        port.postMessage({ type: 'worker failed', run, message } satisfies TabFailure)
      workers.set(run, hire(to, fail))
    }
    show({ kind: workers.size > 0 ? 'running' : 'idle' })
  }
  show({ kind: 'idle' })
  gone.addEventListener('abort', () => {
    for (const run of [...workers.keys()]) end(run)
    port.close()
    show({ kind: 'over' })
  })
}

function hire(to: MessagePort, fail: (message: string) => void): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  worker.onerror = (event) => {
    event.preventDefault()
    fail(event.message || 'the worker’s script did not load')
  }
  worker.postMessage(talkOver, [to])
  return worker
}
