/** How often holds with a fence go far: to the browser's locks, and to the storage. */

import { lockOf } from './contenders'

export interface Journeys {
  readonly holds: number
  /** Requests for the lock that the browser saw. */
  readonly far: number
  readonly transactions: number
}

/** Takes and releases a lock with a fence so many times, in each of so many tasks. */
export async function fenceJourneys(name: string, tasks: number, times: number): Promise<Journeys> {
  let [far, transactions] = [0, 0]
  const { transaction } = IDBDatabase.prototype
  const { request } = navigator.locks
  IDBDatabase.prototype.transaction = function begin(this: IDBDatabase, ...args) {
    transactions++
    return transaction.apply(this, args)
  }
  const counted = (asked: string, ...rest: [never, never]) => {
    if (asked === name) far++
    return request.call(navigator.locks, asked, ...rest)
  }
  navigator.locks.request = counted as LockManager['request']
  const { loop } = lockOf('fenced', name)
  await Promise.all(Array.from({ length: tasks }, () => loop(times)))
  IDBDatabase.prototype.transaction = transaction
  navigator.locks.request = request
  return { holds: tasks * times, far, transactions }
}
