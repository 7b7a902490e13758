/** Workers of this page, which share a memory with it; the page watches over them. */

import { createLockMemory, createLocks } from '../../src/locks'
import type { Common, FromWorker, Jobs, ToWorker } from './worker'

const workers: Worker[] = []
let common: Common | undefined

export async function hire(count: number): Promise<void> {
  const memory = createLockMemory()
  const words = () => new Int32Array(new SharedArrayBuffer(64))
  common = { memory, futex: words(), counter: words() }
  await createLocks({ reach: 'cluster', memory }).ready()
  for (let i = 0; i < count; i++) {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    workers.push(worker)
    await ask(worker, common)
  }
}

/** One order for each of the first workers, all at once. */
export function inWorkers(request: {
  readonly job: keyof Jobs
  readonly orders: readonly unknown[]
}): Promise<readonly unknown[]> {
  const { job, orders } = request
  return Promise.all(
    orders.map((order, index) => {
      const worker = workers[index]
      if (worker === undefined) throw new Error(`there are ${workers.length} workers`)
      return ask(worker, { job, order })
    }),
  )
}

/** Answers what was counted and how often they took turns, and begins again. */
export function takeCount(): { readonly counted: number; readonly turns: number } {
  const [counted = 0, , turns = 0] = common?.counter ?? []
  common?.counter.fill(0)
  return { counted, turns }
}

function ask(worker: Worker, message: ToWorker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if ('error' in data) reject(new Error(data.error))
      else resolve(data.result)
    }
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage(message)
  })
}
