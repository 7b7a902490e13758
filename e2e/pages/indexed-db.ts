/**
 * What every page and every worker of the IndexedDB tests has at hand, as the global `idb`. A page
 * is `indexed-db.html`; a worker runs this same module.
 */

import { Locks } from '../../src/locks/create-locks'
import type { Hold } from '../../src/locks/index'
import { cohort } from '../../src/locks/ports/cohort'
import { IndexedDbPort } from '../../src/locks/ports/indexed-db/indexed-db'
import { MemoryPort } from '../../src/locks/ports/memory'
import type { PortRequest } from '../../src/locks/ports/port'
import { Space } from '../../src/locks/space'
import { openDatabase } from './hammer-database'

const port = new IndexedDbPort()
const near = new MemoryPort()
const space = new Space('origin', () => ({ strict: port, bounded: cohort(near, port) }))
const locks = new Locks(space)
/** Things that a test needs again in a later step. */
const kept = new Map<string, unknown>()

globalThis.idb = {
  locks,
  port,

  keep(what, value) {
    kept.set(what, value)
    // A wait that is kept may be rejected before a test asks for it.
    if (value instanceof Promise) value.catch(() => {})
  },

  async kept<T>(what: string) {
    if (!kept.has(what)) throw new Error(`nothing was kept as ${what}`)
    return (await kept.get(what)) as T
  },

  async seen(list, name, wanted) {
    // Each round is a look at the table: it sets the pace.
    for (;;) {
      const found = (await port.query())[list].filter((info) => info.name === name)
      if (found.length === wanted) return
    }
  },

  async leftOver(patience) {
    const start = performance.now()
    for (;;) {
      const rows = await port.rows()
      if (rows.length === 0 || performance.now() - start > patience) {
        return rows.map(({ name }) => name)
      }
    }
  },

  async count(rounds, fair) {
    const cells = await openDatabase()
    for (let i = 0; i < rounds; i++) {
      await locks.mutex('counted', { fair }).run(async () => {
        await cells.write(0, (await cells.read(0)) + 1)
      })
    }
    return cells.read(0)
  },

  line(name) {
    return locks.mutex(name, { fair: 'strict' }).run(async () => {
      const cells = await openDatabase()
      const turn = await cells.read(0)
      await cells.write(0, turn + 1)
      return turn
    })
  },

  take(name, mode) {
    const lock = locks.rwLock(name, { policy: 'fifo', fair: 'strict' })
    return mode === 'shared' ? lock.acquireRead() : lock.acquireWrite()
  },

  grant(name, steal = false) {
    return new Promise((resolve, reject) => {
      const request: PortRequest = {
        name,
        mode: 'exclusive',
        ifAvailable: false,
        steal,
        slot: undefined,
        grantedAt: -1,
        granted: () => {
          const { abandoned = false } = request
          resolve({ abandoned, release: () => port.release(request) })
        },
        refused() {},
        failed: reject,
        lost() {},
        describe: () => undefined,
      }
      port.acquire(request)
    })
  },

  block() {
    setTimeout(() => {
      for (;;);
    })
  },

  async startWorker() {
    const worker = new Worker(new URL('./indexed-db.ts', import.meta.url), { type: 'module' })
    kept.set('worker', worker)
    await new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }))
  },
}

if (typeof document === 'undefined') postMessage('ready')

export interface Grant {
  /** The last holder left it by dying. */
  readonly abandoned: boolean
  release(): void
}

export interface IdbAgent {
  readonly locks: Locks
  readonly port: IndexedDbPort
  /** Keeps a value, or the promise of one, for a later step. */
  keep(what: string, value: unknown): void
  kept<T>(what: string): Promise<T>
  /** Resolves once so many hold a name in the origin, or wait for it, and no more. */
  seen(list: 'held' | 'pending', name: string, wanted: number): Promise<void>
  /** Resolves with what is held or waited for in the origin: at once if it is nothing. */
  leftOver(patience: number): Promise<string[]>
  /**
   * Counts up a cell of the origin under a lock, by a read and a write that are not atomic.
   * Answers what it has come to.
   */
  count(rounds: number, fair: 'bounded' | 'strict'): Promise<number>
  /** Waits for a mutex, and tells how many had their turn in it before. */
  line(name: string): Promise<number>
  /** Takes a lock by the rules of Web Locks, without a cohort. */
  take(name: string, mode: 'exclusive' | 'shared'): Promise<Hold>
  /** Takes a lock of the port itself: from whoever holds it, if it is to `steal`. */
  grant(name: string, steal?: boolean): Promise<Grant>
  /** From the next turn of the event loop on there is none: the thread is busy for ever. */
  block(): void
  /** Starts a worker that has an `idb` of its own; it is kept as `worker`. */
  startWorker(): Promise<void>
}

declare global {
  var idb: IdbAgent
}
