/** The database of the table. */

import { openDatabase } from '../../open-database'

export const databaseName = 'latchkey'

/** Of the schema below. Agents of another one cannot be excluded: they are refused. */
export const schemaVersion = 2

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
/** The last fence of each name (ledger/fences.ts). */
export const fences = 'fences'

/** @throws UnsupportedError (rejects) */
export function openTable(indexedDB: IDBFactory, version = schemaVersion): Promise<IDBDatabase> {
  return openDatabase(indexedDB, databaseName, version, layOut)
}

function layOut(database: IDBDatabase): void {
  const { objectStoreNames } = database
  if (!objectStoreNames.contains(fences)) database.createObjectStore(fences)
  if (objectStoreNames.contains(requests)) return
  const rows = database.createObjectStore(requests, { keyPath: 'key', autoIncrement: true })
  rows.createIndex(byName, 'name')
  rows.createIndex(byQueue, ['name', 'mode'])
  rows.createIndex(byOwner, ['agent', 'no'])
  database.createObjectStore(agents)
}
