/**
 * Real threads of Node that block for each other's locks: one is told, the others go on, and nobody
 * is told who only waits for long.
 */

import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Locks } from '../create-locks'
import { createLockMemory } from '../ports/shared-memory/create-lock-memory'
import { type BlockerData, endOf, locksOf, type Report } from '../testing/blocker'

vi.setConfig({ testTimeout: 60_000 })

const patience = { timeout: 50_000, interval: 5 }
const detects = { after: 200 }

let code: string
let memory: SharedArrayBuffer
/** Of this thread, which never blocks. */
let locks: Locks
let threads: Thread[]

beforeAll(async () => {
  const entry = fileURLToPath(new URL('../testing/blocker.ts', import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['es'] }, minify: false },
  })
  const [output] = [built].flat().flatMap((part) => ('output' in part ? part.output : []))
  if (output?.type !== 'chunk') throw new Error('nothing was built')
  code = output.code
})

beforeEach(async () => {
  memory = createLockMemory()
  locks = locksOf(memory, detects)
  await locks.ready()
  threads = []
})

afterEach(async () => {
  await Promise.all(threads.map((thread) => thread.worker.terminate()))
})

class Thread {
  readonly steps = new Int32Array(new SharedArrayBuffer(4))
  readonly reports: Report[] = []
  readonly worker: Worker
  failure: unknown

  constructor(
    holds: string,
    readonly wants: string,
    data: Partial<BlockerData> = {},
  ) {
    const program = `${code}
      import { parentPort, workerData } from 'node:worker_threads'
      await blocker({ ...workerData, post: (report) => parentPort.postMessage(report) })`
    const { steps } = this
    const task = `holder of ${holds}`
    this.worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
      workerData: { memory, steps, task, holds, wants, detects, ...data },
    })
    this.worker.on('message', (report) => this.reports.push(report))
    this.worker.on('error', (error) => {
      this.failure = error
    })
    threads.push(this)
  }

  async did(what: Report['did']): Promise<Report> {
    const found = () => {
      if (this.failure !== undefined) throw this.failure
      return this.reports.find(({ did }) => did === what)
    }
    return (await vi.waitUntil(found, patience)) as Report
  }

  /** It blocks for what it wants: resolves once it waits. */
  async asks(): Promise<void> {
    Atomics.store(this.steps, 0, 1)
    Atomics.notify(this.steps, 0)
    const waits = async () => (await waiting()).includes(this.wants)
    // On a busy machine it may be over before anybody has seen it.
    await vi.waitUntil(async () => this.reports.length > 1 || (await waits()), patience)
  }

  async end(): Promise<string> {
    const report = await this.did('end')
    return report.did === 'end' ? report.end : ''
  }
}

async function waiting(): Promise<string[]> {
  return (await locks.query()).pending.map((entry) => entry.name).sort()
}

async function expectNothingLeft(): Promise<void> {
  expect(await locks.query()).toEqual({ held: [], pending: [] })
}

test.each([2, 3])('%i threads in a circle: the last to wait is told', async (count) => {
  const circle = Array.from(
    { length: count },
    (_, index) => new Thread(`${index}`, `${(index + 1) % count}`),
  )
  for (const thread of circle) await thread.did('hold')
  for (const thread of circle) await thread.asks()
  const ends = await Promise.all(circle.map((thread) => thread.end()))
  const others = Array.from({ length: count - 1 }, () => 'a blocked thread')
  expect(ends).toEqual([
    ...others.map(() => 'done'),
    [`holder of ${count - 1}`, ...others].join(' > '),
  ])
  await expectNothingLeft()
})

test.each(['the thread', 'the task'])(
  'a blocked thread and a task that waits: the task is told, though %s waits last',
  async (last) => {
    const thread = new Thread('a', 'b')
    await thread.did('hold')
    const held = await locks.task('main').mutex('b').acquire()
    if (last === 'the task') await thread.asks()
    const wait = held.mutex('a').acquire()
    const told = wait.then(() => 'done', endOf)
    if (last === 'the thread') await thread.asks()
    expect(await told).toBe('main > a blocked thread')
    held.release()
    expect(await thread.end()).toBe('done')
    await expectNothingLeft()
  },
)

test('two blocked threads and a task that waits', async () => {
  const [one, other] = [new Thread('a', 'b'), new Thread('b', 'c')]
  await one.did('hold')
  await other.did('hold')
  const held = await locks.task('main').mutex('c').acquire()
  await one.asks()
  await other.asks()
  const told = held
    .mutex('a')
    .acquire()
    .then(() => 'done', endOf)
  expect(await told).toBe('main > a blocked thread > a blocked thread')
  held.release()
  expect(await Promise.all([one.end(), other.end()])).toEqual(['done', 'done'])
  await expectNothingLeft()
})

test('the last to wait that detects is told', async () => {
  const circle = [new Thread('0', '1'), new Thread('1', '0', { detects: undefined })]
  for (const thread of circle) await thread.did('hold')
  for (const thread of circle) await thread.asks()
  const ends = await Promise.all(circle.map((thread) => thread.end()))
  expect(ends).toEqual(['holder of 0 > a blocked thread', 'done'])
  await expectNothingLeft()
})

test('a long wait without a circle is not told', async () => {
  const [one, other] = [new Thread('a', 'b'), new Thread('b', 'c')]
  await one.did('hold')
  await other.did('hold')
  const held = await locks.task('main').mutex('c').acquire()
  await other.asks()
  await one.asks()
  // So long that each has looked, and this thread too: two looks of the slowest.
  const since = performance.now()
  await vi.waitUntil(() => performance.now() - since > 3 * detects.after, patience)
  expect(await waiting()).toEqual(['b', 'c'])
  held.release()
  expect(await Promise.all([one.end(), other.end()])).toEqual(['done', 'done'])
  await expectNothingLeft()
})

test('where it is only reported the waits go on', async () => {
  const how = { detects: { ...detects, onDeadlock: 'report' }, timeout: 3_000 } as const
  const circle = [new Thread('0', '1', { timeout: 60_000 }), new Thread('1', '0', how)]
  for (const thread of circle) await thread.did('hold')
  for (const thread of circle) await thread.asks()
  expect(await circle[1]?.did('end')).toEqual({ did: 'end', end: 'TimeoutError', reported: 1 })
  expect(await circle[0]?.did('end')).toEqual({ did: 'end', end: 'done', reported: 0 })
  await expectNothingLeft()
})
