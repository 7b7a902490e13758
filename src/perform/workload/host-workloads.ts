/** What a tab of a workload does: it gives each run a worker, which talks to the run's page by itself. */

import type { OpenedTab } from '../greet-opener'
import { hearWorker } from '../hear-worker'
import { type TabFailure, type ToTab, talkOver } from './protocol'

/** What a worker of this tab takes part in; `undefined` while there is nothing. */
export interface HostedRun {
  readonly title: string
}

/**
 * Serves the page that opened this tab for as long as both are there.
 *
 * @param show is told when a run begins and ends
 * @example
 * const tab = await greetOpener()
 * hostWorkloads(tab, (run) => say(run ? `takes part in ${run.title}` : 'waits'))
 */
export function hostWorkloads(
  { port, gone }: OpenedTab,
  show: (run: HostedRun | undefined) => void,
): void {
  const workers = new Map<string, Worker>()
  const end = (run: string) => {
    workers.get(run)?.terminate()
    workers.delete(run)
  }
  port.addEventListener('message', ({ data, ports }: MessageEvent<ToTab>) => {
    const [to] = ports
    if (data?.type === 'take part' && to !== undefined) {
      const { run, title } = data
      const fail = (message: string) =>
        port.postMessage({ type: 'worker failed', run, message } satisfies TabFailure)
      workers.set(run, hire(to, fail))
      show({ title })
    } else if (data?.type === 'over') {
      end(data.run)
      if (workers.size === 0) show(undefined)
    }
  })
  port.start()
  gone.addEventListener('abort', () => {
    for (const run of [...workers.keys()]) end(run)
  })
}

function hire(to: MessagePort, fail: (message: string) => void): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  // It speaks over the port: here only its failures are heard.
  hearWorker(worker, () => {}, fail)
  worker.postMessage(talkOver, [to])
  return worker
}
