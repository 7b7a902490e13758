/** Runs examples from the docs: see `example.ts`. */

import { createLockMemory, createLocks } from '../../src/locks'
import { playExample } from './example'

async function inWorker(code: string): Promise<void> {
  const memory = createLockMemory()
  // Whoever made the memory watches over it.
  await createLocks({ reach: 'cluster', memory }).ready()
  const worker = new Worker(new URL('./example-worker.ts', import.meta.url), { type: 'module' })
  const failure = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage({ code, memory })
  })
  worker.terminate()
  if (failure !== undefined) throw new Error(String(failure))
}

declare global {
  var runExample: (code: string, place: 'page' | 'worker') => Promise<void>
}
globalThis.runExample = (code, place) =>
  place === 'worker' ? inWorker(code) : playExample(code, createLocks())
