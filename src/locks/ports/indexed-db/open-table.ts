/**
 * Opens the database of the table, or says why that cannot be: one error for each cause, which
 * tells what to do about it.
 */

import { UnsupportedError } from '../../errors'
import { noIndexedDb } from '../../presence/no-indexed-db'

export const databaseName = 'latchkey'

/** Of the schema below. Agents of another one cannot be excluded: they are refused. */
export const schemaVersion = 1

/** Requests, in the order of their keys (rows.ts). */
export const requests = 'requests'
/** Of requests: by name, so that the first of all is found at once. */
export const byName = 'by name'
/** Of requests: by name and mode, so that the first of each is found at once. */
export const byQueue = 'by queue'
/** Of requests: by agent and its own number. */
export const byOwner = 'by owner'
/** Ids of all agents that have not been found dead. */
export const agents = 'agents'

export function openTable(indexedDB: IDBFactory, version = schemaVersion): Promise<IDBDatabase> {
  return new Promise((opened, fail) => {
    const refuse = (error: unknown) => fail(noIndexedDb(error))
    try {
      const request = indexedDB.open(databaseName, version)
      let refused = false
      request.onupgradeneeded = () => {
        if (refused) request.transaction?.abort()
        else layOut(request.result)
      }
      request.onsuccess = () => {
        if (refused) request.result.close()
        else opened(request.result)
      }
      request.onerror = () => refuse(request.error)
      request.onblocked = () => {
        refused = true
        fail(
          new UnsupportedError(
            'agents of an older Latchkey hold locks of this origin: reload or close their tabs, then try again',
          ),
        )
      }
    } catch (error) {
      refuse(error)
    }
  })
}

function layOut(database: IDBDatabase): void {
  const rows = database.createObjectStore(requests, { keyPath: 'key', autoIncrement: true })
  rows.createIndex(byName, 'name')
  rows.createIndex(byQueue, ['name', 'mode'])
  rows.createIndex(byOwner, ['agent', 'no'])
  database.createObjectStore(agents)
}
