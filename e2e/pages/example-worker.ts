/** Runs an example in a worker that was sent a memory. */

import { createLocks } from '../../src/locks'
import { playExample } from './example'

self.onmessage = async ({ data: { code, memory } }: MessageEvent) => {
  const locks = createLocks({ reach: 'cluster', memory })
  await locks.ready()
  try {
    await playExample(code, locks)
    postMessage(undefined)
  } catch (error) {
    postMessage(String(error))
  }
}
