/**
 * An agent of a lock memory, as the global `cluster`: a page, a frame, an opened window, or a worker
 * that runs this same module. The first page makes the memory and hands it to the others.
 */

import { createLockMemory, createLocks, type Hold, type Locks } from '../../src/locks/index'

/** What all agents share. */
interface Shared {
  readonly memory: SharedArrayBuffer
  /** Who is inside; passes, counted without atomics; violations. */
  readonly tally: Int32Array<SharedArrayBuffer>
}

export interface Cluster {
  readonly ready: Promise<void>
  readonly locks: Locks
  readonly tally: Int32Array<SharedArrayBuffer>
  hold: Hold | undefined
  /** Each of these is an agent of its own by the time that this resolves. */
  startWorker(): Promise<void>
  openFrame(): Promise<void>
  openWindow(): Promise<void>
  /** Takes the lock so many times, and checks by itself that nobody else is inside. */
  pass(how: 'run' | 'strictly' | 'runSync', times: number): Promise<void>
}

declare global {
  var cluster: Cluster
}

const inside = 0
const passes = 1
const violations = 2

let worker: Worker | undefined

/** @returns whether this agent is ready */
function start({ memory, tally }: Shared): void {
  const locks = createLocks({ reach: 'cluster', memory })

  function visit(): void {
    if (Atomics.exchange(tally, inside, 1) !== 0) Atomics.add(tally, violations, 1)
    tally[passes] = (tally[passes] ?? 0) + 1
    if (Atomics.exchange(tally, inside, 0) !== 1) Atomics.add(tally, violations, 1)
  }

  function hand(to: { postMessage(shared: Shared): void }): Promise<void> {
    return new Promise((resolve) => {
      const hear = ({ data, source }: MessageEvent) => {
        if (source !== null && source !== to) return
        if (data === 'here') to.postMessage({ memory, tally })
        if (data === 'ready') resolve()
      }
      const from = to instanceof Worker ? to : window
      from.addEventListener('message', hear as EventListener)
    })
  }

  globalThis.cluster = {
    ready: locks.ready(),
    locks,
    tally,
    hold: undefined,
    startWorker() {
      worker = new Worker(new URL('./shared-memory.ts', import.meta.url), { type: 'module' })
      return hand(worker)
    },
    openFrame() {
      const frame = document.body.appendChild(document.createElement('iframe'))
      frame.src = location.href
      return hand(frame.contentWindow as Window)
    },
    openWindow() {
      return hand(open(location.href, '_blank') as Window)
    },
    async pass(how, times) {
      const mutex = locks.mutex('passed', how === 'strictly' ? { fair: 'strict' } : {})
      for (let i = 0; i < times; i++) {
        if (how === 'runSync') mutex.runSync(visit, { timeout: 30_000 })
        else await mutex.run(visit)
      }
    },
  }
}

/** Whoever opened this agent: it has the memory. */
function opener(): { postMessage(text: string): void } | undefined {
  if (typeof window === 'undefined') return self
  return window.parent === window ? (window.opener ?? undefined) : window.parent
}

const from = opener()
if (from === undefined) {
  const tally = new Int32Array(new SharedArrayBuffer(16))
  start({ memory: createLockMemory(), tally })
} else {
  addEventListener('message', async ({ data }: MessageEvent<Shared>) => {
    if (data?.memory === undefined) return
    start(data)
    await cluster.ready
    from.postMessage('ready')
  })
  from.postMessage('here')
}
