/** Runs an example in a worker that was sent a memory. */

import { createLocks } from '../../src/locks'
import { runExample } from './example'

onmessage = async ({ data: { code, memory } }: MessageEvent) => {
  const locks = createLocks({ reach: 'cluster', memory })
  await locks.ready()
  try {
    await runExample(code, locks)
    postMessage(undefined)
  } catch (error) {
    postMessage(String(error))
  }
}
