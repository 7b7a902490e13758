/**
 * Real threads of Node on one memory: they exclude each other, die at any moment, and keep the
 * process alive for no longer than they wait.
 */

import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { threadPresence } from '../../presence/thread-presence'
import { type ContenderData, tally } from '../../testing/contender'
import { Probe } from '../../testing/probe'
import { createLockMemory } from './create-lock-memory'
import { SharedMemoryPort } from './shared-memory'
import { usageOf } from './usage'

vi.setConfig({ testTimeout: 60_000 })

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const kills = Number(process.env.KILLS ?? 12)
console.info(`threads.test.ts: SEED=${seed}`)

/** The contenders and the product's own code, as one module that a thread can evaluate. */
let code: string
let memory: SharedArrayBuffer
let port: SharedMemoryPort
let words: Int32Array<SharedArrayBuffer>
let threads: Worker[]
let failures: unknown[]

beforeAll(async () => {
  const entry = fileURLToPath(new URL('../../testing/contender.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['es'] }, minify: false },
  })
  const [output] = [built].flat().flatMap((part) => ('output' in part ? part.output : []))
  if (output?.type !== 'chunk') throw new Error('nothing was built')
  code = output.code
})

beforeEach(() => {
  memory = createLockMemory()
  // The first one: it watches, and never blocks.
  port = new SharedMemoryPort(memory, { presence: threadPresence })
  words = new Int32Array(new SharedArrayBuffer(4 * 128))
  threads = []
  failures = []
})

afterEach(async () => {
  await Promise.all(threads.map((thread) => thread.terminate()))
  port.close()
})

/** @param call what the thread does, of what `contender.ts` exports */
function start(call: string, workerData: unknown): Worker {
  const program = `${code}
    import { workerData } from 'node:worker_threads'
    await ${call}(workerData)`
  const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
  const thread = new Worker(url, { workerData })
  thread.on('error', (error) => failures.push(error))
  threads.push(thread)
  return thread
}

function contender(number: number, how: ContenderData['how']): Worker {
  const data: ContenderData = { memory, tally: words, number, how }
  return start('contend', data)
}

function passes(number: number): number {
  return Atomics.load(words, tally.passes + number)
}

async function stop(): Promise<void> {
  const ends = threads.map((thread) => once(thread, 'exit'))
  Atomics.store(words, tally.stop, 1)
  await Promise.all(ends)
}

test('exclude each other, blocking and not', async () => {
  const hows = ['blocking', 'async', 'both', 'both'] as const
  for (const [i, how] of hows.entries()) contender(i + 1, how)
  await vi.waitUntil(() => [1, 2, 3, 4].every((number) => passes(number) > 500), 50_000)
  await stop()
  expect(failures).toEqual([])
  const all = [1, 2, 3, 4].reduce((sum, number) => sum + passes(number), 0)
  expect(words[tally.count]).toBe(all)
  expect(words[tally.violations]).toBe(0)
  await vi.waitUntil(() => usageOf(port.words).agents === 1, 10_000)
  const { cells, free, names } = usageOf(port.words)
  expect({ used: cells - free, names }).toEqual({ used: 0, names: [] })
})

test('die at any moment, and the others go on', async () => {
  contender(1, 'blocking')
  contender(2, 'async')
  let random = seed
  for (let i = 0; i < kills; i++) {
    const how = (['blocking', 'async', 'both'] as const)[i % 3] ?? 'both'
    const number = 3 + i
    const victim = contender(number, how)
    random = (Math.imul(random, 1103515245) + 12345) >>> 0
    const enough = 1 + ((random >>> 16) % 300)
    await vi.waitUntil(() => passes(number) >= enough, { timeout: 50_000, interval: 1 })
    await victim.terminate()
    // Both of the others get in again.
    const before = [passes(1), passes(2)] as const
    await vi.waitUntil(() => passes(1) > before[0] && passes(2) > before[1], {
      timeout: 20_000,
      interval: 1,
    })
  }
  threads = threads.slice(0, 2)
  await stop()
  expect(failures).toEqual([])
  expect(words[tally.violations]).toBe(0)
  // A victim may have counted and died before it wrote down that it did.
  const all = Array.from({ length: kills + 2 }, (_, i) => passes(i + 1))
  const lost = (words[tally.count] ?? 0) - all.reduce((sum, each) => sum + each, 0)
  expect(lost).toBeGreaterThanOrEqual(0)
  expect(lost).toBeLessThanOrEqual(kills)
  console.info(`${kills} kills, ${words[tally.told]} of them inside, all told`)
})

test('keep a thread alive while it waits, and no longer', async () => {
  const held = new Probe(port, 'held', {})
  expect(held.ask()).toBe('granted')
  const thread = start('waitOnce', memory)
  await vi.waitUntil(async () => (await port.query()).pending.length === 1, 20_000)
  const ends = once(thread, 'exit')
  held.release()
  expect(await ends).toEqual([0])
  // It held the lock to its end, and died with it: in order, but without giving it back.
  const next = new Probe(port, 'next', { name: 'a' })
  next.ask()
  await vi.waitUntil(() => next.state === 'held', 10_000)
  expect(next.abandoned).toBe(true)
  next.release()
  expect(failures).toEqual([])
})

test('let a thread end that let go of its locks, whatever it listens to', async () => {
  expect(await once(start('lockOnce', memory), 'exit')).toEqual([0])
  expect(failures).toEqual([])
})
