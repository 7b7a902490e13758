/** The hammer's cells in IndexedDB: shared by tabs that know nothing of each other. */

import type { Store } from './hammer-agent'

/** A read and a write are transactions of their own, so together they are not atomic. */
export async function openDatabase(): Promise<Store> {
  const opening = indexedDB.open('hammer')
  opening.onupgradeneeded = () => opening.result.createObjectStore('cells')
  const database = await answer(opening)
  return {
    async read(cell) {
      return (await answer(database.transaction('cells').objectStore('cells').get(cell))) ?? 0
    },
    write(cell, value) {
      const change = database.transaction('cells', 'readwrite', { durability: 'relaxed' })
      change.objectStore('cells').put(value, cell)
      return new Promise((resolve, reject) => {
        change.oncomplete = () => resolve()
        change.onabort = () => reject(change.error)
      })
    },
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
