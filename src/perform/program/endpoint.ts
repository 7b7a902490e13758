/**
 * The page's end of a thread, wherever it is played: by a worker of this page, or by one of another tab,
 * which passes on what is said. It is the same protocol over both.
 */

import { hearWorker } from '../hear-worker'
import type { FromThread, ToThread } from './protocol'

export interface Endpoint {
  tell(message: ToThread): void
  /** The thread is not heard of any more; its worker ends. */
  end(): void
}

export interface EndpointListener {
  readonly hear: (message: FromThread) => void
  readonly fail: (error: Error) => void
}

export function workerEndpoint({ hear, fail }: EndpointListener): Endpoint {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  hearWorker(
    worker,
    (message) => hear(message as FromThread),
    (why) => fail(new Error(`a worker failed: ${why}`)),
  )
  return { tell: (message) => worker.postMessage(message), end: () => worker.terminate() }
}

export function portEndpoint(port: MessagePort, { hear, fail }: EndpointListener): Endpoint {
  port.onmessage = ({ data }: MessageEvent<FromThread>) => hear(data)
  port.onmessageerror = () => fail(new Error('the other tab sent what cannot be read'))
  return { tell: (message) => port.postMessage(message), end: () => port.close() }
}
