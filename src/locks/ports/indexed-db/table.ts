/**
 * The table, transition by transition. Each is part of one readwrite transaction: the engine
 * serialises these across all agents of the origin and makes each whole or void, also when its
 * agent dies in the midst of it. Those of one agent run in the order in which they were begun, so
 * a release need not be waited for; and the releases and requests of one turn of the event loop
 * share a transaction, so that a release and the request that follows it cost one and not two.
 *
 * Reading costs more than writing (measured in Chromium), and a value more than a key: where a
 * queue is empty, one key that is not there is all that is read.
 */

import { mintIn } from '../../ledger/fences'
import { remember } from '../../remember'
import { agents, byName, byOwner, byQueue, fences, requests } from './open-table'
import { markFront, nothing, readFront, readQueue } from './read-queue'
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
import { cutShort, type Result, Turn } from './turn'

/** How many readers are looked at when a lock passes on: reading on is for those with more. */
export const page = 16

/** How many names are remembered as contended. */
const namesRemembered = 1000
/** For how many releases that nobody waited for. */
const contentionRemembered = 8

/** How long a note waits for the next holder, in ms: a day. */
const noteLife = 86_400_000

export interface Entered {
  /** Absent if it was not entered. */
  readonly key: number | undefined
  /** Absent if it was not read: then it has to wait. */
  readonly front: Front | undefined
}

export interface Stolen {
  readonly key: number
  readonly front: Front
  readonly robbed: readonly Row[]
}

/** Of each name that lost a row. */
export type Fronts = ReadonlyMap<string, Front>

export class Table {
  readonly #running = new Set<IDBTransaction>()
  /** What was begun last: more may join it in the same turn. */
  #turn: Turn | undefined
  /**
   * Names that somebody waited for when they were left: likely again. For how many more times of
   * which that is not so.
   */
  readonly #contended = new Map<string, number>()

  constructor(readonly database: IDBDatabase) {}

  /**
   * Puts the request at the end of its queue.
   * @param looks whether to read the front, if the request has to wait
   */
  enter(entry: Entry, looks: boolean): Promise<Entered> {
    const { name, mode } = entry
    return this.#join((rows) => {
      // Whatever stands there holds back a writer; only a writer holds back a reader.
      const before =
        mode === 'exclusive'
          ? rows.index(byName).getKey(name)
          : rows.index(byQueue).getKey([name, 'exclusive'])
      const added = rows.add(entry)
      let front: Result<Front> | undefined
      before.onsuccess = () => {
        if (looks && before.result !== undefined) front = readFront(rows, name, 1)
      }
      return () => {
        const key = Number(added.result)
        if (before.result === undefined) return { key, front: frontOf([{ ...entry, key }]) }
        return { key, front: front?.() }
      }
    })
  }

  /** The same, if it is granted at once. */
  attempt(entry: Entry): Promise<Entered> {
    return this.#alone((rows) => {
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
    return this.#alone((rows) => {
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
    if (this.#contended.has(name)) return this.#leaveToOthers(key, name)
    return this.#join((rows) => {
      rows.delete(key)
      let behind: Result<Front> | undefined
      const first: IDBRequest<Row | undefined> = rows.index(byName).get(name)
      first.onsuccess = () => {
        if (first.result === undefined) return
        remember(this.#contended, name, contentionRemembered, namesRemembered)
        if (first.result.mode === 'shared') behind = readFront(rows, name, page)
      }
      return () => behind?.() ?? aloneInFront(first.result)
    })
  }

  /** The same where others wait for it: nothing that comes later in this turn delays them. */
  async #leaveToOthers(key: number, name: string): Promise<Front> {
    const next = await this.#transact(requests, 'readwrite', (transaction) => {
      const rows = transaction.objectStore(requests)
      rows.delete(key)
      const first: IDBRequest<Row | undefined> = rows.index(byName).get(name)
      transaction.commit?.()
      return () => first.result
    })
    if (next?.mode === 'shared') return this.front(name)
    const left = next === undefined ? (this.#contended.get(name) ?? 0) - 1 : contentionRemembered
    if (left > 0) remember(this.#contended, name, left, namesRemembered)
    else this.#contended.delete(name)
    return aloneInFront(next)
  }

  /**
   * Removes a row that may still wait. A steal may have given it another key than is known.
   * @param key -1 if it is not known yet
   * @returns the front, if the row may have been in anybody's way
   */
  withdraw({ agent, no, name, mode }: Entry, key: number): Promise<Front | undefined> {
    return this.#join((rows) => {
      let front: Result<Front> | undefined
      const writer = rows.index(byQueue).getKey([name, 'exclusive'])
      if (key >= 0) rows.delete(key)
      const moved = rows.index(byOwner).getKey([agent, no])
      moved.onsuccess = () => {
        if (moved.result !== undefined) rows.delete(moved.result)
        // Held back by others itself, it held back nobody.
        const first = writer.result === undefined ? Number.POSITIVE_INFINITY : Number(writer.result)
        const behind = mode === 'exclusive' ? first !== key : first < key
        if (moved.result === undefined && key >= 0 && behind) return
        front = readFront(rows, name, page)
      }
      return () => front?.()
    })
  }

  /** The whole front: for a name that has more readers than the last look showed. */
  front(name: string): Promise<Front> {
    return this.#read((rows) => readFront(rows, name, undefined))
  }

  /** Lets whoever stands behind a note have what it stands for. */
  relieve(name: string): Promise<Front> {
    return this.#alone((rows) => {
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
    return this.#read((rows) => {
      const own = rows.index(byOwner).getAll(IDBKeyRange.bound([agent, 0], [agent, Infinity]))
      const fronts = [...names].map((name) => [name, readFront(rows, name, undefined)] as const)
      return () => [own.result as Row[], new Map(fronts.map(([name, front]) => [name, front()]))]
    })
  }

  /**
   * Mints fences for a row that holds its lock, which it does for as long as it is there.
   * @returns the first of `count` in a row; `undefined` if it holds it no more
   */
  mint(key: number, name: string, count: number, floor: number): Promise<number | undefined> {
    return this.#transact(
      [requests, fences],
      'readwrite',
      (transaction) => {
        let minted: Result<number | undefined> = () => undefined
        const row = transaction.objectStore(requests).getKey(key)
        row.onsuccess = () => {
          if (row.result === undefined) return
          minted = mintIn(transaction.objectStore(fences), name, count, floor)
        }
        return () => minted()
      },
      // Of fences others may have heard by the time that a power cut undoes them.
      'strict',
    )
  }

  /** Every row, in the order of the keys. */
  rows(): Promise<readonly Row[]> {
    return this.#read((rows) => {
      const all = rows.getAll()
      return () => all.result as Row[]
    })
  }

  /** Nothing is under way. */
  get idle(): boolean {
    return this.#running.size === 0
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

  /** For what is issued at once: in a transaction with what else is begun in this turn. */
  #join<T>(issue: (rows: IDBObjectStore) => Result<T>): Promise<T> {
    return new Promise((done, failed) => {
      if (this.#turn?.join(issue, done, failed)) return
      const turn = new Turn(this.#begin(requests, 'readwrite'))
      this.#turn = turn
      if (!turn.join(issue, done, failed)) failed(cutShort())
    })
  }

  /** For what reads before it writes: nothing may come in between. */
  #alone<T>(issue: (rows: IDBObjectStore) => Result<T>): Promise<T> {
    return this.#transact(requests, 'readwrite', (transaction) => {
      return issue(transaction.objectStore(requests))
    })
  }

  #all<T>(issue: (rows: IDBObjectStore, known: IDBObjectStore) => Result<T>): Promise<T> {
    return this.#transact([requests, agents], 'readwrite', (transaction) => {
      return issue(transaction.objectStore(requests), transaction.objectStore(agents))
    })
  }

  #read<T>(issue: (rows: IDBObjectStore) => Result<T>): Promise<T> {
    return this.#transact(requests, 'readonly', (transaction) => {
      return issue(transaction.objectStore(requests))
    })
  }

  #transact<T>(
    stores: string | string[],
    mode: IDBTransactionMode,
    issue: (transaction: IDBTransaction) => Result<T>,
    durability: IDBTransactionDurability = 'relaxed',
  ): Promise<T> {
    return new Promise<Result<T>>((done, failed) => {
      const transaction = this.#begin(stores, mode, durability)
      const result = issue(transaction)
      transaction.addEventListener('complete', () => done(result))
      transaction.addEventListener('abort', () => failed(transaction.error ?? cutShort()))
    }).then((read) => read())
  }

  /** Throws if the connection is closing. */
  #begin(
    stores: string | string[],
    mode: IDBTransactionMode,
    // What a power cut undoes, it undoes after every agent has died.
    durability: IDBTransactionDurability = 'relaxed',
  ): IDBTransaction {
    const transaction = this.database.transaction(stores, mode, { durability })
    this.#running.add(transaction)
    // Whatever comes later must not join what was begun before.
    this.#turn = undefined
    for (const type of ['complete', 'abort']) {
      transaction.addEventListener(type, () => this.#running.delete(transaction))
    }
    return transaction
  }
}

/** The front where nobody waits, or a writer is first: who comes behind him does not matter. */
function aloneInFront(writer: Row | undefined): Front {
  return { writer, readers: [] }
}
