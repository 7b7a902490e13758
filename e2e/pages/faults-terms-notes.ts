/**
 * Where the agents of `faults-terms-agent.ts` write: a log that only leaders may write to, fenced, the
 * same log without a fence, and what each says of itself. It outlives them, and IndexedDB puts all
 * of a store in one order.
 */

import { type FencedHold, fenced } from '../../src/locks/index'
import type { Entry, Evidence, Step } from '../faults/terms-judge'

const stores = ['log', 'unfenced', 'steps'] as const
type Store = (typeof stores)[number]

export class Notes {
  readonly #log

  private constructor(readonly database: IDBDatabase) {
    this.#log = fenced<Entry>({ database, store: 'log' })
  }

  static async open(): Promise<Notes> {
    const database = await new Promise<IDBDatabase>((opened, failed) => {
      const request = indexedDB.open('terms', 1)
      request.onupgradeneeded = () => {
        for (const store of stores) request.result.createObjectStore(store, { autoIncrement: true })
        request.result.createObjectStore('fences')
      }
      request.onsuccess = () => opened(request.result)
      request.onerror = () => failed(request.error)
    })
    return new Notes(database)
  }

  /** Rejects if somebody else has led since. */
  async writeFenced(hold: FencedHold, entry: Entry): Promise<void> {
    await this.#log.put(hold, entry)
  }

  writeUnfenced(entry: Entry): Promise<void> {
    return this.#add('unfenced', entry)
  }

  tell(step: Step): Promise<void> {
    return this.#add('steps', step)
  }

  async read(): Promise<Evidence> {
    const [log, unfenced, steps] = await Promise.all([
      this.#all<Entry>('log'),
      this.#all<Entry>('unfenced'),
      this.#all<Step>('steps'),
    ])
    return { log, unfenced, steps }
  }

  #add(store: Store, value: Entry | Step): Promise<void> {
    return new Promise((done, failed) => {
      const transaction = this.database.transaction(store, 'readwrite', { durability: 'relaxed' })
      transaction.objectStore(store).add(value)
      // Who is frozen meanwhile would keep all others out of the store.
      transaction.commit()
      transaction.oncomplete = () => done()
      transaction.onabort = () => failed(transaction.error)
    })
  }

  #all<T>(store: Store): Promise<T[]> {
    return new Promise((read, failed) => {
      const request = this.database.transaction(store).objectStore(store).getAll()
      request.onsuccess = () => read(request.result)
      request.onerror = () => failed(request.error)
    })
  }
}
