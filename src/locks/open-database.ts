/**
 * Opens a database of IndexedDB, or says why that cannot be: one error for each cause, which tells
 * what to do about it.
 */

import { UnsupportedError } from './errors'
import { noIndexedDb } from './presence/no-indexed-db'

/**
 * @param version of the schema: agents of another one cannot be worked with, and are refused
 * @param layOut makes what the schema has and the database has not
 * @throws UnsupportedError (rejects)
 */
export function openDatabase(
  indexedDB: IDBFactory,
  name: string,
  version: number,
  layOut: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  return new Promise((opened, fail) => {
    const refuse = (error: unknown) => fail(noIndexedDb(error))
    try {
      const request = indexedDB.open(name, version)
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
