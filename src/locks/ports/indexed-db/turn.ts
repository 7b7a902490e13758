/**
 * The changes of one turn of the event loop, in one transaction: a transaction takes requests
 * until the code that began it, with all its microtasks, has come to its end.
 */

import { requests } from './open-table'

/** Reads what was asked for, once all of it has come. */
export type Result<T> = () => T

interface Change {
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

export class Turn {
  /** In their order. */
  readonly #changes: Change[] = []
  #over = false

  constructor(readonly transaction: IDBTransaction) {
    transaction.addEventListener('complete', () => {
      this.#over = true
      for (const { done } of this.#changes) done()
    })
    transaction.addEventListener('abort', () => {
      this.#over = true
      const error = transaction.error ?? cutShort()
      for (const { failed } of this.#changes) failed(error)
    })
  }

  /** @returns whether it was in time */
  join<T>(
    issue: (rows: IDBObjectStore) => Result<T>,
    done: (value: T) => void,
    failed: (error: unknown) => void,
  ): boolean {
    if (this.#over) return false
    try {
      const result = issue(this.transaction.objectStore(requests))
      this.#changes.push({ done: () => done(result()), failed })
      return true
    } catch (error) {
      // The first request finds out that the turn is over, so none of them was issued.
      if (isLate(error)) return false
      throw error
    }
  }
}

/** What an abort is called that nobody gave a reason for: the connection was closed. */
export function cutShort(): Error {
  return new DOMException('the table was closed', 'InvalidStateError')
}

function isLate(error: unknown): boolean {
  if (!(error instanceof DOMException)) return false
  return error.name === 'TransactionInactiveError' || error.name === 'InvalidStateError'
}
