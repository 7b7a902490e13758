/** What a second tab does in a run: it has workers play threads, and passes on what page and worker say. */

import { cancelWish } from '../cancel-wish'
import type { OpenedTab } from '../greet-opener'
import { type Endpoint, workerEndpoint } from './endpoint'
import type { FromThread, HostOrder, ToThread } from './protocol'

export interface HostedThread {
  readonly name: string
  /** What it said last. */
  readonly last: FromThread | undefined
}

export type Hosting =
  /** Nothing to do yet. */
  | { readonly kind: 'greeted' }
  | { readonly kind: 'playing'; readonly title: string; readonly threads: readonly HostedThread[] }
  /** The page needs this tab no longer. */
  | { readonly kind: 'over' }

export interface ThreadHost {
  /** Asks the page to end the run. */
  cancel(): void
}

/** @param show is told what there is to show, from the first moment on */
export function hostThreads(
  { port, gone }: OpenedTab,
  show: (state: Hosting) => void,
  open: typeof workerEndpoint = workerEndpoint,
): ThreadHost {
  let workers: readonly Endpoint[] = []
  port.onmessage = ({ data, ports }: MessageEvent<HostOrder>) => {
    if (data?.type !== 'host') return
    const threads: HostedThread[] = data.threads.map((name) => ({ name, last: undefined }))
    const tell = () => show({ kind: 'playing', title: data.title, threads: [...threads] })
    workers = ports.map((port, index) =>
      relay(port, open, (last) => {
        threads[index] = { name: data.threads[index] ?? '', last }
        tell()
      }),
    )
    tell()
  }
  gone.addEventListener('abort', () => {
    for (const worker of workers) worker.end()
    port.close()
    show({ kind: 'over' })
  })
  show({ kind: 'greeted' })
  return { cancel: () => port.postMessage(cancelWish) }
}

function relay(
  port: MessagePort,
  open: typeof workerEndpoint,
  note: (message: FromThread) => void,
): Endpoint {
  const pass = (message: FromThread) => {
    port.postMessage(message)
    // Nobody wants to see how the clock does.
    if (message.type !== 'pong' && message.type !== 'late') note(message)
  }
  const fail = ({ message }: Error) => pass({ type: 'failed', message })
  const worker = open({ hear: pass, fail })
  port.onmessage = ({ data }: MessageEvent<ToThread>) => worker.tell(data)
  // As it says of memory where a browser lets none cross from tab to tab.
  port.onmessageerror = () => fail(new Error('what the page sent cannot be read in a second tab'))
  return worker
}
