/** A participant's page: it hires the worker that locks, shows what that tells, and ends it when told. */

import type { OpenedTab } from '../greet-opener'
import { hearWorker } from '../hear-worker'
import {
  type Crashed,
  epochNow,
  type FromActor,
  type Hire,
  type ToActor,
  type ToHost,
} from './protocol'

export interface ActorHost {
  /** As the page's orders; nobody answers, but everything is told. */
  order(message: ToActor): void
}

export interface ActorHostListener {
  readonly hired: (who: Hire) => void
  readonly told: (message: FromActor) => void
  /** The worker was terminated, as asked. */
  readonly crashed: () => void
}

export function hostActor({ port }: OpenedTab, listener: ActorHostListener): ActorHost {
  let worker: Worker | undefined
  const hire = (message: Hire, toPage: MessagePort | undefined) => {
    worker?.terminate()
    const hired = new Worker(new URL('./actor-worker.ts', import.meta.url), {
      type: 'module',
      name: message.name,
    })
    const fail = (why: string) => {
      const failed: FromActor = { type: 'failed', why }
      listener.told(failed)
      port.postMessage(failed)
    }
    hearWorker(hired, (data) => listener.told(data as FromActor), fail)
    hired.postMessage({ ...message, type: 'setup' } satisfies ToActor, toPage ? [toPage] : [])
    worker = hired
    listener.hired(message)
  }
  port.addEventListener('message', ({ data, ports }: MessageEvent<ToHost>) => {
    if (data?.type === 'hire') hire(data, ports[0])
    if (data?.type !== 'crash') return
    // Before: once it has ended others may have what it held, sooner than this page goes on.
    const at = epochNow()
    worker?.terminate()
    worker = undefined
    port.postMessage({ type: 'crashed', at } satisfies Crashed)
    listener.crashed()
  })
  port.start()
  return { order: (message) => worker?.postMessage(message) }
}
