/** Leases among real threads of Node: one that stands still is robbed by one that waits. */

import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { expect, test, vi } from 'vitest'
import { createLocks } from '../create-locks'
import { createLockMemory } from '../ports/shared-memory/create-lock-memory'
import { type LeaseholderData, sign } from '../testing/leaseholder'

vi.setConfig({ testTimeout: 120_000 })

test('a thread that hangs loses its lock, and hears of it when it goes on', async () => {
  const memory = createLockMemory()
  const words = new Int32Array(new SharedArrayBuffer(16))
  const locks = createLocks({ reach: 'cluster', memory })
  // The first one watches over the others.
  await locks.ready()
  const workerData: LeaseholderData = { memory, words, ttl: 300 }
  const thread = new Worker(await programOf('holdAndHang'), { workerData })
  const ends = once(thread, 'exit')
  await vi.waitUntil(() => Atomics.load(words, sign.holds) === 1, 60_000)
  const hold = await locks.mutex('a').acquire()
  Atomics.store(words, sign.goOn, 1)
  Atomics.notify(words, sign.goOn)
  expect(await ends).toEqual([0])
  expect(words[sign.lost]).toBe(1)
  expect(hold.signal.aborted).toBe(false)
  hold.release()
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
})

test('a thread that has nothing left to do ends, whatever its lease', async () => {
  const memory = createLockMemory()
  const words = new Int32Array(new SharedArrayBuffer(16))
  const locks = createLocks({ reach: 'cluster', memory })
  await locks.ready()
  const workerData: LeaseholderData = { memory, words, ttl: 60_000 }
  const thread = new Worker(await programOf('holdAndEnd'), { workerData })
  expect(await once(thread, 'exit')).toEqual([0])
  expect(words[sign.holds]).toBe(1)
  ;(await locks.mutex('a').acquire()).release()
})

/** @param call of what `leaseholder.ts` exports */
async function programOf(call: string): Promise<URL> {
  const entry = fileURLToPath(new URL('../testing/leaseholder.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['es'] }, minify: false },
  })
  const [output] = [built].flat().flatMap((part) => ('output' in part ? part.output : []))
  if (output?.type !== 'chunk') throw new Error('nothing was built')
  const program = `${output.code}
    import { workerData } from 'node:worker_threads'
    await ${call}(workerData)`
  return new URL(`data:text/javascript,${encodeURIComponent(program)}`)
}
