/**
 * Where the cart and what the server got of it are kept. Each read and each write is a transaction of
 * its own: as with `fetch`, nothing but a lock keeps another tab from coming in between.
 */

const stores = ['cart', 'server', 'fences'] as const

export type Store = (typeof stores)[number]

export const database = await new Promise<IDBDatabase>((resolve, reject) => {
  const request = indexedDB.open('two-tab-cart', 1)
  request.onupgradeneeded = () => {
    for (const store of stores) request.result.createObjectStore(store)
  }
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

export function read<T>(store: Store, key: string): Promise<T | undefined> {
  return settled(database.transaction(store).objectStore(store).get(key))
}

export async function write(store: Store, key: string, value: unknown): Promise<void> {
  await settled(database.transaction(store, 'readwrite').objectStore(store).put(value, key))
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
