/** The two logs of a stage: one that looks at fences, and one that takes whatever comes. */

const plain = 'plain'

/** @throws (rejects) what the database rejects with */
export function openLogs(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      for (const store of ['fenced', 'fences', plain]) request.result.createObjectStore(store)
    }
    request.onsuccess = () => {
      const database = request.result
      // Whoever deletes it does not wait for a participant that has not noticed the end yet.
      database.onversionchange = () => database.close()
      resolve(database)
    }
    request.onerror = () => reject(request.error ?? new Error(`${name} could not be opened`))
  })
}

/** Accepted, whatever was there. @returns the fence of the write before */
export function put(database: IDBDatabase, fence: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(plain, 'readwrite')
    const store = transaction.objectStore(plain)
    const before = store.get('last')
    store.put(fence, 'last')
    transaction.oncomplete = () => resolve(Number(before.result ?? 0))
    transaction.onabort = () => reject(transaction.error ?? new Error('the log was closed'))
  })
}

export const logsOf = (stage: string) => `latchkey logs of ${stage}`

/** Resolves when they are gone, or as good as: whoever still has them open lets go when told. */
export function forgetLogs(stage: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(logsOf(stage))
    request.onsuccess = () => resolve()
    // What cannot be deleted is written on.
    request.onerror = () => resolve()
  })
}
