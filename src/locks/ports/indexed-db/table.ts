/**
 * The table, transition by transition. Each is one readwrite transaction: the engine serialises
 * them across all agents of the origin and makes each whole or void, also when its agent dies in
 * the midst of it. Those of one agent run in the order in which they were begun, so a release
 * need not be waited for.
 *
 * Requests are issued at once and the transaction is committed with them, wherever nothing has
 * to be read first: to ask and to release cost one round trip each, without a read-ahead.
 */

import { agents, byOwner, byQueue, requests } from './open-table'
import {
  admits,
  type Entry,
  type Front,
  frontOf,
  holders,
  isVacant,
  nobody,
  type Row,
} from './rows'

/** How many readers are looked at when a lock passes on: reading on is for those with more. */
export const page = 16

/** How long a note waits for the next holder, in ms: a day. */
const noteLife = 86_400_000

export interface Entered {
  /** Absent if it was not entered. */
  readonly key: number | undefined
  readonly front: Front
}

export interface Stolen {
  readonly key: number
  readonly front: Front
  readonly robbed: readonly Row[]
}

/** Of each name that lost a row. */
export type Fronts = ReadonlyMap<string, Front>

/** Reads what was asked for, once all of it has come. */
type Result<T> = () => T

export class Table {
  readonly #running = new Set<IDBTransaction>()

  constructor(readonly database: IDBDatabase) {}

  /** Puts the request at the end of its queue. */
  enter(entry: Entry): Promise<Entered> {
    return this.#run('readwrite', (rows, transaction) => {
      const added = rows.add(entry)
      const front = readFront(rows, entry.name, 1)
      transaction.commit?.()
      return () => ({ key: Number(added.result), front: front() })
    })
  }

  /** The same, if it is granted at once. */
  attempt(entry: Entry): Promise<Entered> {
    return this.#run('readwrite', (rows) => {
      let added: IDBRequest<IDBValidKey> | undefined
      let after: Result<Front> = nothing
      const add = (wanted: Entry) => {
        added = rows.add(wanted)
        after = readFront(rows, entry.name, 1)
      }
      const before = readFront(rows, entry.name, 1, (front) => {
        if (admits(front, entry.mode)) add(entry)
        if (!isVacant(front)) return
        readQueue(rows, entry.name, ([note, ...behind]) => {
          // Whoever stands behind it was here before.
          if (note === undefined || behind.length > 0) return
          rows.delete(note.key)
          add({ ...entry, abandoned: true })
        })
      })
      return () => {
        if (added === undefined) return { key: undefined, front: before() }
        return { key: Number(added.result), front: after() }
      }
    })
  }

  /**
   * Takes the lock from its holders, before all who wait. These get new keys, behind the thief's:
   * a key is a fence too.
   */
  steal(entry: Entry): Promise<Stolen> {
    return this.#run('readwrite', (rows) => {
      let robbed: readonly Row[] = []
      let added: IDBRequest<IDBValidKey> | undefined
      let after: Result<Front> = nothing
      readFront(rows, entry.name, undefined, (front) => {
        robbed = holders(front)
        const abandoned = robbed.some(({ agent }) => agent === nobody)
        for (const { key } of robbed) rows.delete(key)
        added = rows.add(abandoned ? { ...entry, abandoned: true } : entry)
        readQueue(rows, entry.name, (waiting) => {
          for (const { key, ...again } of waiting) {
            if (key === added?.result) continue
            rows.delete(key)
            rows.add(again)
          }
          after = readFront(rows, entry.name, 1)
        })
      })
      return () => ({
        key: Number(added?.result),
        front: after(),
        robbed: robbed.filter(({ agent }) => agent !== nobody),
      })
    })
  }

  /** Removes a row that holds its lock. */
  leave(key: number, name: string): Promise<Front> {
    return this.#run('readwrite', (rows, transaction) => {
      rows.delete(key)
      const front = readFront(rows, name, page)
      transaction.commit?.()
      return front
    })
  }

  /** Removes a row that may still wait, by its owner: a steal may have given it another key. */
  withdraw(agent: string, no: number, name: string): Promise<Front> {
    return this.#run('readwrite', (rows) => {
      let front: Result<Front> = nothing
      const own = rows.index(byOwner).getKey([agent, no])
      own.onsuccess = () => {
        if (own.result !== undefined) rows.delete(own.result)
        front = readFront(rows, name, page)
      }
      return () => front()
    })
  }

  /** The whole front: for a name that has more readers than the last look showed. */
  front(name: string): Promise<Front> {
    return this.#run('readonly', (rows) => readFront(rows, name, undefined))
  }

  /** Lets whoever stands behind a note have what it stands for. */
  relieve(name: string): Promise<Front> {
    return this.#run('readwrite', (rows) => {
      let after: Result<Front> = nothing
      const before = readFront(rows, name, page, (front) => {
        after = before
        if (front.writer === undefined || !isVacant(front)) return
        rows.delete(front.writer.key)
        after = markFront(rows, name)
      })
      return () => after()
    })
  }

  /** Notes that this agent lives. Answers all that were noted before it. */
  settle(agent: string, now: number): Promise<readonly string[]> {
    return this.#all((rows, known) => {
      const ids = known.getAllKeys()
      known.put(true, agent)
      const notes: IDBRequest<Row[]> = rows.index(byOwner).getAll([nobody, 0])
      notes.onsuccess = () => {
        for (const { key, since } of notes.result) {
          if (now - since > noteLife || now < since) rows.delete(key)
        }
      }
      return () => ids.result.map(String)
    })
  }

  /**
   * Removes all that a dead agent left. Where it held a lock exclusively, those who hold it now
   * are marked, or a note is left for whoever will. Does nothing if somebody else has done it.
   */
  bury(agent: string, now: number): Promise<Fronts> {
    return this.#all((rows, known) => {
      const after = new Map<string, Result<Front>>()
      known.delete(agent)
      const own = rows.index(byOwner).getAll(IDBKeyRange.bound([agent, 0], [agent, Infinity]))
      own.onsuccess = () => {
        const left = own.result as readonly Row[]
        for (const name of new Set(left.map((row) => row.name))) {
          readFront(rows, name, 1, (front) => {
            const [holder] = holders(front)
            const abandoned = holder?.agent === agent && holder.mode === 'exclusive'
            for (const row of left) if (row.name === name) rows.delete(row.key)
            const leaveNote = () =>
              rows.add({ name, mode: 'exclusive', agent: nobody, no: 0, since: now })
            const next = abandoned
              ? markFront(rows, name, leaveNote)
              : readFront(rows, name, undefined)
            after.set(name, next)
          })
        }
      }
      return () => new Map([...after].map(([name, front]) => [name, front()]))
    })
  }

  /** All rows of an agent, and the fronts of these names. */
  review(agent: string, names: Iterable<string>): Promise<readonly [readonly Row[], Fronts]> {
    return this.#run('readonly', (rows) => {
      const own = rows.index(byOwner).getAll(IDBKeyRange.bound([agent, 0], [agent, Infinity]))
      const fronts = [...names].map((name) => [name, readFront(rows, name, undefined)] as const)
      return () => [own.result as Row[], new Map(fronts.map(([name, front]) => [name, front()]))]
    })
  }

  /** Every row, in the order of the keys. */
  rows(): Promise<readonly Row[]> {
    return this.#run('readonly', (rows) => {
      const all = rows.getAll()
      return () => all.result as Row[]
    })
  }

  /**
   * What is not committed by now is undone: a transaction of a frozen page would hold up every
   * agent.
   */
  close(): void {
    for (const transaction of this.#running) {
      try {
        transaction.abort()
      } catch {
        // It is committed, and ends by itself.
      }
    }
    this.database.close()
  }

  #run<T>(
    mode: IDBTransactionMode,
    issue: (rows: IDBObjectStore, transaction: IDBTransaction) => Result<T>,
  ): Promise<T> {
    return this.#transact(requests, mode, (transaction) => {
      return issue(transaction.objectStore(requests), transaction)
    })
  }

  #all<T>(issue: (rows: IDBObjectStore, known: IDBObjectStore) => Result<T>): Promise<T> {
    return this.#transact([requests, agents], 'readwrite', (transaction) => {
      return issue(transaction.objectStore(requests), transaction.objectStore(agents))
    })
  }

  /** Rejects, also if the connection is closing, with nothing changed. */
  #transact<T>(
    stores: string | string[],
    mode: IDBTransactionMode,
    issue: (transaction: IDBTransaction) => Result<T>,
  ): Promise<T> {
    return new Promise((done, failed) => {
      // What a power cut undoes, it undoes after every agent has died.
      const transaction = this.database.transaction(stores, mode, { durability: 'relaxed' })
      this.#running.add(transaction)
      transaction.onabort = () => {
        this.#running.delete(transaction)
        failed(transaction.error ?? new Error('the table was closed'))
      }
      try {
        const result = issue(transaction)
        transaction.oncomplete = () => {
          this.#running.delete(transaction)
          done(result())
        }
      } catch (error) {
        failed(error)
        transaction.abort()
      }
    })
  }
}

const nothing = (): Front => frontOf([])

/**
 * @param limit of readers; none by default
 * @param then called within the transaction, with what was read
 */
function readFront(
  rows: IDBObjectStore,
  name: string,
  limit: number | undefined,
  then?: (front: Front) => void,
): Result<Front> {
  const queue = rows.index(byQueue)
  const writer: IDBRequest<Row | undefined> = queue.get([name, 'exclusive'])
  const readers: IDBRequest<Row[]> = queue.getAll([name, 'shared'], limit)
  const read = () => ({ writer: writer.result, readers: readers.result })
  // It is answered last.
  if (then !== undefined) readers.onsuccess = () => then(read())
  return read
}

/** The rows of a name, in their order. */
function readQueue(
  rows: IDBObjectStore,
  name: string,
  then: (queue: readonly Row[]) => void,
): void {
  const queue = rows.index(byQueue)
  const writers: IDBRequest<Row[]> = queue.getAll([name, 'exclusive'])
  const readers: IDBRequest<Row[]> = queue.getAll([name, 'shared'])
  readers.onsuccess = () => {
    then([...writers.result, ...readers.result].sort((a, b) => a.key - b.key))
  }
}

/**
 * Marks those who hold the lock now: what the last holder left by dying is theirs. Whether it had
 * gone in before it died nobody can tell.
 */
function markFront(rows: IDBObjectStore, name: string, orElse?: () => void): Result<Front> {
  let marked: Row[] = []
  const front = readFront(rows, name, undefined, (found) => {
    marked = holders(found).map((row) => ({ ...row, abandoned: true }))
    for (const row of marked) rows.put(row)
    if (marked.length === 0) orElse?.()
  })
  return () => {
    const { writer, readers } = front()
    const asMarked = (row: Row) => marked.find(({ key }) => key === row.key) ?? row
    return { writer: writer && asMarked(writer), readers: readers.map(asMarked) }
  }
}
