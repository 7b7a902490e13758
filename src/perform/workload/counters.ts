/**
 * One counter for each key, which every write raises by one as a careless program does: it reads, goes
 * on with its work, and writes. Under a lock the counters show how many writes there were; without,
 * writes overwrite each other. How many were lost so is not simulated, but what the counters lack.
 */

export interface Counters {
  read(key: number): number | Promise<number>
  /** Writes, and answers what stood there at that moment. */
  write(key: number, value: number): number | Promise<number>
}

/** What a participant needs to be told to count with the others. */
export type CountedIn =
  /** Alone in its realm. */
  | { readonly kind: 'own' }
  | { readonly kind: 'shared'; readonly memory: SharedArrayBuffer }
  /** Where no memory can be shared: in the origin's database of that name. */
  | { readonly kind: 'stored'; readonly database: string }

export interface OpenCounters extends Counters {
  close(): void
}

/** @throws Error (rejects) where the database cannot be opened */
export async function openCounters(where: CountedIn, keys: number): Promise<OpenCounters> {
  switch (where.kind) {
    case 'own':
      return inMemory(new ArrayBuffer(keys * bytes))
    case 'shared':
      return inMemory(where.memory)
    case 'stored':
      return stored(await openDatabase(where.database))
  }
}

const bytes = Int32Array.BYTES_PER_ELEMENT

export function sharedCounters(keys: number): CountedIn {
  return { kind: 'shared', memory: new SharedArrayBuffer(keys * bytes) }
}

function inMemory(buffer: ArrayBuffer | SharedArrayBuffer): OpenCounters {
  const cells = new Int32Array(buffer)
  return {
    read: (key) => Atomics.load(cells, key),
    // In one step, so that what each write lost adds up to what the counters lack.
    write: (key, value) => Atomics.exchange(cells, key, value),
    close() {},
  }
}

const table = 'counters'

function stored(database: IDBDatabase): OpenCounters {
  return {
    read: async (key) => {
      const [value] = await transact(database, 'readonly', (store) => [store.get(key)])
      return Number(value ?? 0)
    },
    write: async (key, value) => {
      const [before] = await transact(database, 'readwrite', (store) => [
        store.get(key),
        store.put(value, key),
      ])
      return Number(before ?? 0)
    },
    close: () => database.close(),
  }
}

function transact(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => readonly { readonly result: unknown }[],
): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(table, mode)
    const requests = ask(transaction.objectStore(table))
    transaction.oncomplete = () => resolve(requests.map(({ result }) => result))
    transaction.onabort = () => reject(transaction.error ?? new Error('the counters were closed'))
  })
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(table)
    request.onsuccess = () => {
      const database = request.result
      // Whoever deletes it does not wait for a participant that has not noticed the end yet.
      database.onversionchange = () => database.close()
      resolve(database)
    }
    request.onerror = () => reject(request.error ?? new Error(`${name} could not be opened`))
  })
}

/** All counters together: how many writes were not lost. */
export async function sumOfCounters(where: CountedIn): Promise<number> {
  if (where.kind === 'shared') {
    const cells = new Int32Array(where.memory)
    return cells.reduce((sum, value) => sum + value, 0)
  }
  if (where.kind === 'own') throw new TypeError('who counts alone sums up alone')
  const database = await openDatabase(where.database)
  const [values] = await transact(database, 'readonly', (store) => [store.getAll()])
  database.close()
  return (values as readonly number[]).reduce((sum, value) => sum + value, 0)
}

/** Nothing of them is left. */
export function forgetCounters(where: CountedIn): void {
  if (where.kind === 'stored') indexedDB.deleteDatabase(where.database)
}
