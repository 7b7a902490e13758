/**
 * What locks of reach `origin` remember beyond the mechanism that carries them: the last fence of
 * each name. One database of IndexedDB, which every tab and worker of the origin shares
 * and which outlives them.
 *
 * - It is opened when it is needed first, and again after the browser has closed it: because the
 *   user cleared the site's data, or somebody else wants to delete or upgrade it.
 * - A page that falls asleep undoes what is under way and closes its connection: a transaction of a
 *   frozen page would hold up every agent, and a connection those who delete. What was undone is
 *   done when the page wakes up.
 * - Where there is no storage to be had (blocked, none, full), who asks is told why.
 */

import { type Clock, systemClock } from '../clock'
import { CapacityError } from '../errors'
import { openDatabase } from '../open-database'
import { pageLifecycle, Sleep, type Sleeper } from '../ports/sleep'
import { noIndexedDb } from '../presence/no-indexed-db'

export const ledgerName = 'latchkey ledger'

/** Of the schema below. */
const schemaVersion = 1

/** Keyed by the lock's name. What a row says is said where it is written. */
const store = 'fences'

/** Errors of a transaction whose connection was closed; the last is Chromium's when data is cleared. */
const setbacks: readonly string[] = ['AbortError', 'InvalidStateError', 'UnknownError']
/** How often in a row one is borne, and after how many ms it is tried again. */
const setbacksBorne = 20
const respite = 100

/** Reads what was asked for, once all of it has come. */
export type Result<T> = () => T

export interface LedgerOptions {
  /** Where the database is; default: `globalThis.indexedDB`. */
  readonly indexedDB?: () => IDBFactory | null | undefined
  readonly clock?: Clock
  /** Where `pagehide` and `freeze` are heard; default: the page's own, if there is one. */
  readonly lifecycle?: readonly EventTarget[]
}

export class Ledger implements Sleeper {
  readonly #clock: Clock
  readonly #indexedDB: () => IDBFactory | null | undefined
  readonly #sleep: Sleep
  readonly #running = new Set<IDBTransaction>()
  #opening: Promise<IDBDatabase> | undefined
  #database: IDBDatabase | undefined
  /** Who waits for the page to wake up. */
  #waking: (() => void)[] = []

  constructor(options: LedgerOptions = {}) {
    this.#clock = options.clock ?? systemClock
    this.#indexedDB = options.indexedDB ?? (() => globalThis.indexedDB)
    this.#sleep = new Sleep(options.lifecycle ?? pageLifecycle(), this.#clock, this)
  }

  /**
   * One transaction: whole or void, and one after the other in the origin if
   * it is `readwrite`. What it wrote is on the disk when this resolves.
   *
   * @param issue asks the store at once, or in answer to what it has asked; called again if the
   *   transaction was undone. What it answers is read at the end, and may throw
   * @throws UnsupportedError (rejects) where nothing can be stored, CapacityError where there is no
   *   room, saying why
   */
  async transact<T>(
    mode: 'readonly' | 'readwrite',
    issue: (rows: IDBObjectStore) => Result<T>,
  ): Promise<T> {
    for (let count = 1; ; count++) {
      if (this.#sleep.asleep) await new Promise<void>((wake) => this.#waking.push(wake))
      try {
        const database = await this.#open()
        return (await this.#attempt(database, mode, issue))()
      } catch (error) {
        if (!isSetback(error)) throw explained(error)
        this.#close()
        if (count > setbacksBorne) throw explained(error)
      }
      if (!this.#sleep.asleep) {
        await new Promise<void>((go) => this.#clock.after(respite, go))
      }
    }
  }

  fallAsleep(): void {
    for (const transaction of this.#running) {
      try {
        transaction.abort()
      } catch {
        // It is committed, and ends by itself.
      }
    }
    this.#close()
  }

  wakeUp(): void {
    for (const wake of this.#waking.splice(0)) wake()
  }

  #open(): Promise<IDBDatabase> {
    if (this.#opening !== undefined) return this.#opening
    const opening = this.#find().then((factory) => {
      return openDatabase(factory, ledgerName, schemaVersion, layOut)
    })
    this.#opening = opening
    opening.then(
      (database) => {
        if (this.#opening === opening) this.#opened(database)
        else database.close()
      },
      () => {
        if (this.#opening === opening) this.#opening = undefined
      },
    )
    return opening
  }

  /** Where storage is blocked, to ask for it may throw. */
  async #find(): Promise<IDBFactory> {
    let factory: IDBFactory | null | undefined
    try {
      factory = this.#indexedDB()
    } catch (error) {
      throw noIndexedDb(error)
    }
    if (factory == null) throw noIndexedDb('there is none')
    return factory
  }

  #opened(database: IDBDatabase): void {
    this.#database = database
    const close = () => {
      if (this.#database === database) this.#close()
    }
    database.onclose = close
    database.onversionchange = close
  }

  /** What is under way comes to its end. */
  #close(): void {
    this.#opening = undefined
    this.#database?.close()
    this.#database = undefined
  }

  #attempt<T>(
    database: IDBDatabase,
    mode: 'readonly' | 'readwrite',
    issue: (rows: IDBObjectStore) => Result<T>,
  ): Promise<Result<T>> {
    return new Promise((done, failed) => {
      // What somebody has acted upon must not be undone by a power cut.
      const transaction = database.transaction(store, mode, { durability: 'strict' })
      this.#running.add(transaction)
      transaction.oncomplete = () => {
        this.#running.delete(transaction)
        done(result)
      }
      transaction.onabort = () => {
        this.#running.delete(transaction)
        failed(transaction.error ?? new DOMException('the ledger was closed', 'AbortError'))
      }
      const result = issue(transaction.objectStore(store))
    })
  }
}

function layOut(database: IDBDatabase): void {
  database.createObjectStore(store)
}

function isSetback(error: unknown): boolean {
  const { name, cause } = error as Error
  return setbacks.includes(name) || (cause as Error | undefined)?.name === 'AbortError'
}

function explained(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error
  const told = noIndexedDb(error)
  // As by the locks over IndexedDB: there is storage, and it is full.
  const isFull = error.name === 'QuotaExceededError'
  return isFull ? new CapacityError(told.message, { cause: error }) : told
}

let here: Ledger | undefined

/** The ledger of this agent: one connection, whoever asks. */
export function ledgerHere(): Ledger {
  here ??= new Ledger()
  return here
}
