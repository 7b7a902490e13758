/** A participant that is a worker of this very page: no frame, no tab, and a thread of its own. */

import { hearWorker } from '../hear-worker'
import { ActorLink } from './actor-link'
import type { DeedKind, FromActor, InputOf, OutputOf, Setup, ToActor } from './protocol'

export interface WorkerActor {
  readonly name: string
  /** Rejects with an `OrderError`. */
  order<Kind extends DeedKind>(kind: Kind, input: InputOf<Kind>): Promise<OutputOf<Kind>>
  stop(): void
  /** As `postMessage` of its worker: throws what that throws. */
  post(value: unknown): void
  terminate(): void
}

/** Resolves when it can lock. Rejects when it never will, and with `signal.reason`. */
export function openWorkerActor(
  setup: Omit<Setup, 'type'>,
  onTold: (message: FromActor) => void,
  signal: AbortSignal,
): Promise<WorkerActor> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./actor-worker.ts', import.meta.url), {
    type: 'module',
    name: setup.name,
  })
  const link = new ActorLink((message) => worker.postMessage(message))
  const terminate = () => {
    worker.terminate()
    link.end(`${setup.name} was terminated`)
  }
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      terminate()
      reject(new Error(`${setup.name}: ${why}`))
    }
    signal.addEventListener('abort', () => {
      terminate()
      reject(signal.reason)
    })
    const hear = (message: FromActor) => {
      if (message.type === 'failed') fail(message.why)
      if (message.type === 'ready') {
        resolve({
          name: setup.name,
          order: (kind, input) => link.order(kind, input),
          stop: () => link.stop(),
          post: (value) => worker.postMessage(value),
          terminate,
        })
      }
      link.hear(message)
      onTold(message)
    }
    hearWorker(worker, (data) => hear(data as FromActor), fail)
    worker.postMessage({ ...setup, type: 'setup' } satisfies ToActor)
  })
}
