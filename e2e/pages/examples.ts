/** Runs examples from the docs: see `example.ts`. */

import { createLockMemory, createLocks } from '../../src/locks'
import { playExample } from './example'
import { playComponents } from './example-component'

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
  /** In the page, in a worker, or drawn on the page by React. */
  var runExample: (code: string, place: 'page' | 'worker' | 'react') => Promise<void>
}
globalThis.runExample = (code, place) => {
  if (place === 'worker') return inWorker(code)
  return (place === 'react' ? playComponents : playExample)(code, createLocks())
}
