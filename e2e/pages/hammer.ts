/** A tab of the hammer: an agent itself, with workers of its own. */

import { cells, type HammerTask, hammer, type Store, type Tally } from './hammer-agent'
import { openDatabase } from './hammer-database'

export type SharedTask = Omit<HammerTask, 'memory' | 'with'> & {
  readonly with: Exclude<HammerTask['with'], 'raw'>
}

/** Set where the cells are in shared memory, else they are in IndexedDB. */
let memory: SharedArrayBuffer | undefined
const workers: Worker[] = []
/** How many of them, the last ones, are raw users. */
let raw = 0
const received = receive(opener)

globalThis.tab = {
  async start(count, rawUsers) {
    for (let i = 0; i < count + rawUsers; i++) {
      const worker = new Worker(new URL('./hammer-worker.ts', import.meta.url), { type: 'module' })
      workers.push(worker)
    }
    raw = rawUsers
    await Promise.all(workers.map((worker) => message(worker)))
  },

  async openSecond() {
    memory = new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT)
    const second = open(location.href)
    if (second === null) throw new Error('the second tab was blocked')
    await new Promise((resolve) => addEventListener('message', resolve, { once: true }))
    second.postMessage(memory, location.origin)
  },

  async sharesMemory() {
    await received
    return memory !== undefined
  },

  async hammer(shared) {
    const librarians = workers.length - raw
    const tallies = await Promise.all([
      hammer({ ...shared, memory }),
      ...workers.map((worker, index) => {
        const seed = shared.seed + 1000 * (index + 1)
        const isRaw = index >= librarians && shared.with === 'origin'
        const task = { ...shared, memory, seed, with: isRaw ? 'raw' : shared.with }
        const done = message<Tally>(worker)
        worker.postMessage(task)
        return done
      }),
    ])
    return tallies
  },

  async values() {
    const store: Store = memory === undefined ? await openDatabase() : view(memory)
    return Promise.all(Array.from({ length: cells }, (_, cell) => store.read(cell)))
  },

  async clear() {
    const store: Store = memory === undefined ? await openDatabase() : view(memory)
    await Promise.all(Array.from({ length: cells }, (_, cell) => store.write(cell, 0)))
  },
}

/** In a tab that another one opened: takes its memory over. */
async function receive(first: Window | null): Promise<void> {
  if (first === null) return
  const sent = new Promise<MessageEvent<SharedArrayBuffer>>((resolve) =>
    addEventListener('message', resolve, { once: true }),
  )
  first.postMessage('ready', location.origin)
  memory = (await sent).data
}

function view(shared: SharedArrayBuffer): Store {
  const values = new Int32Array(shared)
  return {
    read: (cell) => values[cell] ?? 0,
    write(cell, value) {
      values[cell] = value
    },
  }
}

function message<T>(worker: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = (event) => reject(new Error(event.message))
  })
}

interface Tab {
  /** Starts so many workers, and so many more that use `navigator.locks` itself. */
  start(count: number, rawUsers: number): Promise<void>
  /** Opens a second tab and gives it this one's shared memory. */
  openSecond(): Promise<void>
  /** Whether it does; in a tab that another one opened, once it has got it. */
  sharesMemory(): Promise<boolean>
  /** Answers one tally for each agent of this tab. */
  hammer(task: SharedTask): Promise<Tally[]>
  values(): Promise<number[]>
  clear(): Promise<void>
}

declare global {
  var tab: Tab
}
