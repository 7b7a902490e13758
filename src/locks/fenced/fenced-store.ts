/** Records of IndexedDB that only the latest holder of their lock can write. */

import { checkFunction, checkObject, refuse } from '../arguments'
import { show } from '../show'
import { checkFence, type FencedHold, stale } from './check-fence'

export interface FencedStoreSettings {
  /** An open database, or what answers it: called for each transaction. */
  readonly database: IDBDatabase | (() => IDBDatabase | PromiseLike<IDBDatabase>)
  /** The object store with the records. */
  readonly store: string
  /**
   * Another object store of the same database, made without a `keyPath`, for what was seen: the
   * highest fence by the name of its lock. Stores under one lock share it. Default `'fences'`.
   */
  readonly fences?: string | undefined
}

/**
 * Records that are read and written on behalf of a hold. Everything is one `readwrite` transaction,
 * which first looks whether a higher fence of the lock was seen here, and notes this one if not:
 * from then on nobody who had the lock before can write.
 *
 * All methods reject with `StaleFenceError` if a higher fence was seen, with a `TypeError` for a
 * hold without a fence, and with the transaction's own error if that fails; then nothing is written.
 */
export interface FencedStore<T> {
  /** Notes the fence, too: what was read here stays as it is until this holder writes, or a later one. */
  get(hold: FencedHold, key: IDBValidKey): Promise<T | undefined>
  /** @returns the key */
  put(hold: FencedHold, value: T, key?: IDBValidKey): Promise<IDBValidKey>
  delete(hold: FencedHold, key: IDBValidKey | IDBKeyRange): Promise<void>
  /**
   * All that `act` asks of the object store, at once or in answer to what it has asked, whole or
   * void.
   * @param act must not return a promise: a transaction does not wait for one
   * @returns what `act` returned; if that is a request, its result
   */
  transact<R>(hold: FencedHold, act: (store: IDBObjectStore) => IDBRequest<R> | R): Promise<R>
  /** The highest fence of this lock that was seen here; 0 if none was. */
  highestFence(name: string): Promise<number>
}

export class FencedObjectStore<T> implements FencedStore<T> {
  readonly #find: () => IDBDatabase | PromiseLike<IDBDatabase>
  readonly #store: string
  readonly #fences: string

  constructor({ database, store, fences = 'fences' }: FencedStoreSettings) {
    if (typeof database !== 'function') checkObject('database', database)
    if (typeof store !== 'string') refuse('store', 'be the name of an object store', store)
    if (typeof fences !== 'string') refuse('fences', 'be the name of an object store', fences)
    if (fences === store) refuse('fences', 'be an object store of its own', fences)
    this.#find = typeof database === 'function' ? database : () => database
    this.#store = store
    this.#fences = fences
  }

  get(hold: FencedHold, key: IDBValidKey): Promise<T | undefined> {
    return this.transact<T | undefined>(hold, (store) => store.get(key))
  }

  put(hold: FencedHold, value: T, key?: IDBValidKey): Promise<IDBValidKey> {
    return this.transact(hold, (store) => store.put(value, key))
  }

  delete(hold: FencedHold, key: IDBValidKey | IDBKeyRange): Promise<void> {
    return this.transact<void>(hold, (store) => store.delete(key) as IDBRequest<void>)
  }

  async transact<R>(
    hold: FencedHold,
    act: (store: IDBObjectStore) => IDBRequest<R> | R,
  ): Promise<R> {
    const fence = checkFence(hold)
    checkFunction('act', act)
    const transaction = await this.#begin('readwrite')
    const marks = transaction.objectStore(this.#fences)
    const mark: IDBRequest<number | undefined> = marks.get(hold.name)
    let answer: IDBRequest<R> | R | undefined
    let refusal: { readonly error: unknown } | undefined
    mark.onsuccess = () => {
      try {
        const highest = mark.result ?? 0
        if (fence < highest) throw stale(hold, highest)
        if (fence > highest) marks.put(fence, hold.name)
        answer = act(transaction.objectStore(this.#store))
        if (isPromise(answer)) refuse('act', 'not return a promise', answer)
      } catch (error) {
        refusal = { error }
        transaction.abort()
      }
    }
    try {
      await over(transaction)
    } catch (error) {
      throw refusal === undefined ? error : refusal.error
    }
    return isRequest(answer) ? answer.result : (answer as R)
  }

  async highestFence(name: string): Promise<number> {
    if (typeof name !== 'string') refuse('name', 'be a string', name)
    const transaction = await this.#begin('readonly')
    const mark: IDBRequest<number | undefined> = transaction.objectStore(this.#fences).get(name)
    await over(transaction)
    return mark.result ?? 0
  }

  async #begin(mode: IDBTransactionMode): Promise<IDBTransaction> {
    const database = await this.#find()
    for (const store of [this.#store, this.#fences]) {
      if (database.objectStoreNames.contains(store)) continue
      throw new TypeError(
        `database ${show(database.name)} has no object store ${show(store)}: make it in onupgradeneeded`,
      )
    }
    return database.transaction([this.#store, this.#fences], mode)
  }
}

function over(transaction: IDBTransaction): Promise<void> {
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done()
    transaction.onabort = () => {
      failed(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'))
    }
  })
}

function isPromise(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'
}

/** By what it has: a wrapped one, or one of another realm, is as good. */
function isRequest<R>(value: IDBRequest<R> | R | undefined): value is IDBRequest<R> {
  return typeof value === 'object' && value !== null && 'readyState' in value && 'result' in value
}
