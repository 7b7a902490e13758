/** Threads that end in every way: the proof comes, and nothing is written after it. */

import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { threadPresence } from './thread-presence'

/** The product's own code, as one module that a thread can evaluate. */
let product: string
const workers: Worker[] = []

beforeAll(async () => {
  const entry = fileURLToPath(new URL('./thread-presence.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['es'] }, minify: false },
  })
  const [output] = [built].flat().flatMap((part) => ('output' in part ? part.output : []))
  if (output?.type !== 'chunk') throw new Error('nothing was built')
  product = output.code
})

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
})

type Order = 'exit' | 'throw' | 'count' | 'block' | 'leave'

interface Thread {
  readonly id: string
  readonly established: boolean
  readonly count: Int32Array<SharedArrayBuffer>
  readonly worker: Worker
}

/** A thread that does what it is told; `count` writes to shared memory for as long as it lives. */
async function startThread(): Promise<Thread> {
  const program = `${product}
    import { parentPort, workerData } from 'node:worker_threads'
    const presence = threadPresence()
    const { count } = workerData
    const orders = {
      exit: () => process.exit(),
      throw: () => { throw new Error('as told') },
      count: () => { for (;;) Atomics.add(count, 0, 1) },
      block: () => { Atomics.store(count, 0, 1); Atomics.wait(count, 1, 0) },
      leave: () => presence.leave(),
    }
    parentPort.on('message', (order) => orders[order]())
    parentPort.postMessage({ id: presence.id, established: presence.established })`
  const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
  const count = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(url, { workerData: { count } })
  workers.push(worker)
  worker.on('error', () => {})
  const [{ id, established }] = await once(worker, 'message')
  return { id, established, count, worker }
}

const deathOf = (id: string) => new Promise<void>((died) => threadPresence().watch(id, died))

test('a thread has its presence before its first turn of the event loop', async () => {
  expect(await startThread()).toHaveProperty('established', true)
})

test.each<Order>(['exit', 'throw', 'leave'])('%s is a death', async (order) => {
  const { id, worker } = await startThread()
  const death = deathOf(id)
  worker.postMessage(order)
  await death
  // Also to one who asks later.
  await deathOf(id)
})

test('an idle thread that is terminated is dead', async () => {
  const { id, worker } = await startThread()
  const death = deathOf(id)
  worker.terminate()
  await death
})

test('a blocked thread lives until it is terminated', async () => {
  const { id, count, worker } = await startThread()
  let died = false
  const death = deathOf(id).then(() => {
    died = true
  })
  worker.postMessage('block')
  while (Atomics.load(count, 0) === 0) await turn()
  // Deaths of others are proven meanwhile.
  await deathOf('0123456789abcdef')
  expect(died).toBe(false)
  worker.terminate()
  await death
})

test('a busy thread lives until it is terminated, and writes nothing after the proof', async () => {
  const { id, count, worker } = await startThread()
  let atDeath = -1
  const death = deathOf(id).then(() => {
    atDeath = Atomics.load(count, 0)
  })
  worker.postMessage('count')
  while (Atomics.load(count, 0) < 1_000_000) await turn()
  await deathOf('0123456789abcdef')
  expect(atDeath).toBe(-1)
  const ended = worker.terminate()
  await death
  await ended
  for (let i = 0; i < 100; i++) await turn()
  expect(Atomics.load(count, 0)).toBe(atDeath)
})

test('a presence and a watch keep no process alive', async () => {
  const { worker } = await startThread()
  // A thread that listens to no messages either: it ends by itself, or this test never does.
  const idle = `${product}
    const presence = threadPresence()
    presence.watch('${'0'.repeat(16)}', () => {})
    threadPresence().watch(presence.id, () => {})`
  const program = new URL(`data:text/javascript,${encodeURIComponent(idle)}`)
  const [code] = await once(new Worker(program), 'exit')
  expect(code).toBe(0)
  await worker.terminate()
})

const turn = () => new Promise((resolve) => setImmediate(resolve))
