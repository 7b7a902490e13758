/**
 * What every page and every worker of the presence tests has at hand, as the global `present`. A
 * page is `presence.html`; a worker runs this same module.
 */

import { indexedDbPresence } from '../../src/locks/presence/indexed-db-presence'
import type { Presence } from '../../src/locks/presence/presence'
import { webLocksPresence } from '../../src/locks/presence/web-locks-presence'

let own: Presence | undefined
let worker: Worker | undefined
const deaths = new Map<string, Promise<void>>()

globalThis.present = {
  async appear(by) {
    own = by === 'Web Locks' ? webLocksPresence(navigator.locks) : indexedDbPresence(indexedDB)
    await own.ready
    return own.id
  },

  watch(id) {
    deaths.set(id, new Promise((died) => own?.watch(id, died)))
  },

  async seen(id) {
    await deaths.get(id)
  },

  async among(id, others) {
    const all = [id, ...others].map(async (each) => {
      await deaths.get(each)
      return each
    })
    return Promise.race(all)
  },

  async startWorker() {
    worker = new Worker(new URL('./presence.ts', import.meta.url), { type: 'module' })
    await new Promise((ready) => worker?.addEventListener('message', ready, { once: true }))
  },

  terminate() {
    worker?.terminate()
  },

  async outlive(id) {
    const count = new Int32Array(new SharedArrayBuffer(4))
    worker?.postMessage(count)
    // It is busy for good from here on.
    while (Atomics.load(count, 0) < 1000) await turn()
    worker?.terminate()
    const early = Atomics.load(count, 0)
    await deaths.get(id)
    const atDeath = Atomics.load(count, 0)
    for (let i = 0; i < 1000; i++) await turn()
    return { early, atDeath, late: Atomics.load(count, 0) }
  },
}

if (typeof document === 'undefined') {
  addEventListener('message', ({ data }: MessageEvent<Int32Array<SharedArrayBuffer>>) => {
    for (;;) Atomics.add(data, 0, 1)
  })
  postMessage('ready')
}

async function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  await new Promise((resolve) => {
    port1.onmessage = resolve
    port2.postMessage(null)
  })
  port1.close()
}

export interface Present {
  /** Establishes this agent's presence, and answers its id. */
  appear(by: 'Web Locks' | 'IndexedDB'): Promise<string>
  watch(id: string): void
  /** Resolves with the death of one that is watched. */
  seen(id: string): Promise<void>
  /** The first of these to die. */
  among(id: string, others: readonly string[]): Promise<string>
  startWorker(): Promise<void>
  terminate(): void
  /** Terminates the worker while it counts, and tells how far it had come by its proven death. */
  outlive(id: string): Promise<{ early: number; atDeath: number; late: number }>
}

declare global {
  var present: Present
}
