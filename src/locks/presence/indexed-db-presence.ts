/**
 * Presence by a connection to a database of one's own, open from birth to death. It ignores
 * `versionchange`, so `deleteDatabase` answers only once the connection is gone, however its owner
 * ended: that answer is the proof. Needs no secure context.
 *
 * A page in the back/forward cache keeps its connection: whoever uses this must `leave` on
 * `pagehide`. Each agent leaves its empty database behind; to watch a dead one deletes it.
 */

import { noIndexedDb } from './no-indexed-db'
import { newPresenceId, type Presence } from './presence'
import { Watchers } from './watchers'

const prefix = 'latchkey presence '

/** After how long storage that failed is asked again, in ms. */
const askAgain = 1000

export function indexedDbPresence(indexedDB: IDBFactory): Presence {
  return new ConnectionPresence(indexedDB)
}

class ConnectionPresence implements Presence {
  readonly id = newPresenceId()
  readonly ready: Promise<void>
  readonly lost: Promise<void>
  readonly #watchers = new Watchers()
  #connection: IDBDatabase | undefined
  #left = false

  constructor(readonly indexedDB: IDBFactory) {
    let lose = () => {}
    this.lost = new Promise((resolve) => {
      lose = resolve
    })
    this.ready = new Promise((ready, fail) => {
      const refuse = (error: unknown) => fail(noIndexedDb(error))
      try {
        const request = indexedDB.open(prefix + this.id)
        request.onerror = () => refuse(request.error)
        request.onsuccess = () => {
          this.#opened(request.result, lose)
          ready()
        }
      } catch (error) {
        refuse(error)
      }
    })
    this.ready.catch(() => {})
  }

  get established(): boolean {
    return this.#connection !== undefined
  }

  watch(id: string, died: () => void): () => void {
    return this.#watchers.add(id, died, () => this.#prove(id))
  }

  leave(): void {
    this.#left = true
    this.#connection?.close()
  }

  #opened(connection: IDBDatabase, lose: () => void): void {
    this.#connection = connection
    // Only if the browser closes it. `versionchange` has no listener: nothing is done about it.
    connection.onclose = lose
    if (this.#left) connection.close()
  }

  #prove(id: string): void {
    const request = this.indexedDB.deleteDatabase(prefix + id)
    request.onsuccess = () => this.#watchers.died(id)
    // A failure proves nothing.
    request.onerror = () => setTimeout(() => this.#prove(id), askAgain)
  }
}
