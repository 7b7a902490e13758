/** Stores that refuse the late writes of those who have lost their lock. */

import { checkObject } from '../arguments'
import {
  type FencedRegister,
  type FencedState,
  FencedValue,
  type Register,
} from './fenced-register'
import { FencedObjectStore, type FencedStore, type FencedStoreSettings } from './fenced-store'

/**
 * Wraps a store so that it refuses writes with an older fence than it has seen. A lock alone cannot:
 * a tab that is frozen while it writes, and stolen from, goes on writing when it wakes up. (Martin
 * Kleppmann, "How to do distributed locking", 2016.)
 *
 * Fences are compared by the name of their lock, so a keyed mutex may guard each record by its key.
 * Equal ones are accepted: a holder may write many times.
 *
 * @param store of IndexedDB: the object store with the records, and another one for what was seen
 * @throws TypeError for bad arguments
 * @example
 * const opening = indexedDB.open('shop', 1)
 * opening.onupgradeneeded = () => {
 *   opening.result.createObjectStore('carts')
 *   opening.result.createObjectStore('fences')
 * }
 * await new Promise((done) => { opening.onsuccess = done })
 * const carts = fenced({ database: opening.result, store: 'carts' })
 * await locks.mutex('cart').run(async (hold) => {
 *   const items = await carts.get(hold, 'mine') ?? []
 *   await carts.put(hold, [...items, 'apple'], 'mine')   // StaleFenceError if somebody else had it since
 * }, { fence: true })
 */
export function fenced<T = unknown>(store: FencedStoreSettings): FencedStore<T>
/**
 * The same for one value in any store that can compare and swap: see {@link Register}.
 *
 * @example
 * let state                                             // on a server, behind ETag and If-Match
 * const total = fenced({
 *   read: async () => state,
 *   write: async (next, seen) => {
 *     if (state !== seen) return false
 *     state = next
 *     return true
 *   },
 * })
 * await locks.mutex('total').run((hold) => total.update(hold, (sum = 0) => sum + 1), { fence: true })
 */
export function fenced<T, S extends FencedState<T> = FencedState<T>>(
  register: Register<T, S>,
): FencedRegister<T>
export function fenced<T, S extends FencedState<T>>(
  store: FencedStoreSettings | Register<T, S>,
): FencedStore<T> | FencedRegister<T> {
  checkObject('store', store)
  return 'database' in store ? new FencedObjectStore(store) : new FencedValue(store)
}
