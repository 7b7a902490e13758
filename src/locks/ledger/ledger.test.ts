import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../clock'
import { CapacityError, UnsupportedError } from '../errors'
import { microtasks, VirtualClock } from '../testing/virtual-clock'
import { Ledger, type LedgerOptions, ledgerName } from './ledger'

/** As a browser has it, with what is opened written down. */
class Origin {
  readonly factory = new IDBFactory()
  readonly connections: IDBDatabase[] = []
  /** What the next transactions end with. */
  readonly failures: DOMException[] = []
  /** Called with each transaction that is begun. */
  begun: (transaction: IDBTransaction) => void = () => {}

  open(options: LedgerOptions = {}): Ledger {
    const open: IDBFactory['open'] = (name, version) => {
      const request = this.factory.open(name, version)
      request.addEventListener('success', () => this.#opened(request.result))
      return request
    }
    const indexedDB = () => ({ open }) as IDBFactory
    return new Ledger({ indexedDB, lifecycle: [], clock: hasty, ...options })
  }

  #opened(connection: IDBDatabase): void {
    this.connections.push(connection)
    const transaction = connection.transaction.bind(connection)
    connection.transaction = (...args) => {
      const begun = transaction(...args)
      this.begun(begun)
      const failure = this.failures.shift()
      if (failure !== undefined) {
        Object.defineProperty(begun, 'error', { value: failure })
        queueMicrotask(() => begun.abort())
      }
      return begun
    }
  }
}

/** Respites last a turn of the event loop. */
const hasty = { ...systemClock, after: (_delay: number, callback: () => void) => soon(callback) }

function soon(callback: () => void): () => void {
  systemClock.soon(callback)
  return () => {}
}

const add = (ledger: Ledger, name: string, by: number): Promise<number> => {
  return ledger.transact('readwrite', (rows) => {
    const sum = rows.get(name)
    sum.onsuccess = () => rows.put((sum.result ?? 0) + by, name)
    return () => (sum.result ?? 0) + by
  })
}

let origin: Origin

beforeEach(() => {
  origin = new Origin()
})

test('what one agent has written another one reads', async () => {
  const [one, other] = [origin.open(), origin.open()]
  expect(await add(one, 'a', 1)).toBe(1)
  expect(await add(other, 'a', 2)).toBe(3)
  expect(await add(other, 'b', 5)).toBe(5)
  expect(origin.connections).toHaveLength(2)
})

test('transactions of several agents come one after the other', async () => {
  const ledgers = [origin.open(), origin.open(), origin.open()]
  const sums = ledgers.flatMap((ledger) => [add(ledger, 'a', 1), add(ledger, 'a', 1)])
  expect((await Promise.all(sums)).sort()).toEqual([1, 2, 3, 4, 5, 6])
})

test('nothing is opened before it is needed, and then once', async () => {
  const ledger = origin.open()
  await microtasks()
  expect(await origin.factory.databases()).toEqual([])
  await Promise.all([add(ledger, 'a', 1), add(ledger, 'b', 1)])
  expect(origin.connections).toHaveLength(1)
})

test('what the reading throws is thrown', async () => {
  const failing = origin.open().transact('readonly', () => () => {
    throw new RangeError('no')
  })
  await expect(failing).rejects.toEqual(new RangeError('no'))
})

describe('the browser takes the connection away', () => {
  test('because the site data was cleared: what comes next begins anew', async () => {
    const ledger = origin.open()
    await add(ledger, 'a', 7)
    for (const connection of origin.connections) {
      forceCloseDatabase(connection as object as typeof IDBDatabase)
    }
    origin.factory.deleteDatabase(ledgerName)
    await microtasks()
    expect(await add(ledger, 'a', 1)).toBe(1)
    expect(origin.connections).toHaveLength(2)
  })

  test('in the midst of a transaction: it is done again', async () => {
    const ledger = origin.open()
    for (const name of ['AbortError', 'InvalidStateError', 'UnknownError']) {
      origin.failures.push(new DOMException('Connection is closing', name))
    }
    expect(await add(ledger, 'a', 1)).toBe(1)
    expect(await add(ledger, 'a', 1)).toBe(2)
    expect(origin.connections).toHaveLength(4)
  })

  test('again and again: then that is said', async () => {
    for (let i = 0; i < 21; i++) {
      origin.failures.push(new DOMException('broken', 'UnknownError'))
    }
    const ledger = origin.open()
    const refusal = await add(ledger, 'a', 1).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(UnsupportedError)
    expect(String(refusal)).toContain('IndexedDB cannot be used here (UnknownError: broken)')
    expect(await add(ledger, 'a', 1)).toBe(1)
  })

  test('whoever deletes the database is let through', async () => {
    const ledger = origin.open()
    await add(ledger, 'a', 7)
    const deleted = new Promise((done) => {
      origin.factory.deleteDatabase(ledgerName).onsuccess = () => done('deleted')
    })
    expect(await deleted).toBe('deleted')
    expect(await add(ledger, 'a', 1)).toBe(1)
  })
})

describe('a page', () => {
  test('that falls asleep holds up nobody, and goes on when it wakes up', async () => {
    const page = new EventTarget()
    const ledger = origin.open({ lifecycle: [page], clock: new VirtualClock() })
    await add(ledger, 'a', 1)
    let begun = 0
    origin.begun = () => {
      begun++
      origin.begun = () => {}
      queueMicrotask(() => page.dispatchEvent(new Event('freeze')))
    }
    const sum = add(ledger, 'a', 1)
    const other = await add(origin.open(), 'a', 10)
    expect([begun, other]).toEqual([1, 11])
    await new Promise((done) => {
      origin.factory.deleteDatabase('no matter').onsuccess = done
    })
    page.dispatchEvent(new Event('resume'))
    expect(await sum).toBe(12)
  })
})

describe('where nothing can be stored', () => {
  async function refusal(options: LedgerOptions): Promise<string> {
    const error = await add(origin.open(options), 'a', 1).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UnsupportedError)
    return (error as Error).message
  }

  test('because there is no IndexedDB', async () => {
    expect(await refusal({ indexedDB: () => undefined })).toContain('there is none')
    expect(await refusal({ indexedDB: () => null })).toContain('there is none')
  })

  test('because to ask for it is not allowed', async () => {
    const indexedDB = () => {
      throw new DOMException('sandboxed', 'SecurityError')
    }
    expect(await refusal({ indexedDB })).toContain('the browser blocks storage here')
  })

  test('because to open it is not allowed, as in private windows of old browsers', async () => {
    const open = () => {
      throw new DOMException('A mutation operation was attempted', 'InvalidStateError')
    }
    const indexedDB = () => ({ open }) as object as IDBFactory
    expect(await refusal({ indexedDB })).toContain('the browser blocks storage here')
  })

  test('because it is full', async () => {
    origin.failures.push(new DOMException('no room', 'QuotaExceededError'))
    const full = add(origin.open(), 'a', 1)
    await expect(full).rejects.toThrow(CapacityError)
    await expect(full).rejects.toThrow('storage of this origin is full')
  })

  test('because a newer version has been here', async () => {
    await new Promise((done) => {
      const request = origin.factory.open(ledgerName, 99)
      request.onsuccess = () => {
        request.result.close()
        done(undefined)
      }
    })
    expect(await refusal({})).toContain('a newer Latchkey has been here')
  })
})
