/**
 * What IndexedDB itself costs: transactions on one row of a plain store, as cheap as they can be
 * made (no index, nothing to generate, flushed by nobody, committed with their only request).
 */

import { answer } from './answer'

const store = 'rows'
let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('bench, bare', 1)
  request.onupgradeneeded = () => request.result.createObjectStore(store)
  return answer(request)
}

/** One readwrite transaction that writes the row of this name. */
export async function oneTransaction(name: string): Promise<void> {
  opened ??= open()
  await written(await opened, name)
}

/** To come and to go: one after the other, for who goes must have come. */
export async function twoTransactions(name: string): Promise<void> {
  opened ??= open()
  const database = await opened
  await written(database, name)
  await written(database, name)
}

function written(database: IDBDatabase, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, 'readwrite', { durability: 'relaxed' })
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
    transaction.objectStore(store).put(name, name)
    transaction.commit()
  })
}
