/**
 * Is what was measured a lock? A counter is read, something else may run, and the counter is
 * written: without exclusion, increments get lost.
 */

import { answer } from './answer'
import { type Contender, lockOf } from './contenders'
import { moment, sleep } from './time'

export interface Increments {
  readonly asked: number
  readonly counted: number
  /** How often a section was followed by one of another task: they really took turns. */
  readonly turns: number
}

/** Within one page. */
export async function increment(order: {
  readonly contender: Contender
  readonly name: string
  readonly tasks: number
  readonly times: number
}): Promise<Increments> {
  const { contender, name, tasks, times } = order
  let counted = 0
  let turns = 0
  let last = -1
  await Promise.all(
    Array.from({ length: tasks }, async (_, task) => {
      const { run } = lockOf(contender, name)
      for (let i = 0; i < times; i++) {
        await run(async () => {
          const seen = counted
          if (last !== task) turns++
          last = task
          // Every few sections the event loop goes on meanwhile, else only its microtasks do.
          await (i % 10 === 0 ? sleep(0) : undefined)
          counted = seen + 1
        })
      }
    }),
  )
  return { asked: tasks * times, counted, turns }
}

/** How many were inside at once at most, within one page, and how many sections there were. */
export async function crowd(order: {
  readonly contender: Contender
  readonly name: string
  readonly tasks: number
  readonly times: number
}): Promise<{ readonly most: number; readonly sections: number }> {
  const { contender, name, tasks, times } = order
  let inside = 0
  let most = 0
  let sections = 0
  await Promise.all(
    Array.from({ length: tasks }, async () => {
      const { run } = lockOf(contender, name)
      for (let i = 0; i < times; i++) {
        await run(async () => {
          most = Math.max(most, ++inside)
          await (i % 10 === 0 ? sleep(0) : undefined)
          sections++
          inside--
        })
      }
    }),
  )
  return { most, sections }
}

/** Among tabs: the counter is stored, read in one transaction and written in another. */
export async function incrementStored(order: {
  readonly contender: Contender
  readonly name: string
  readonly at: number
  readonly times: number
}): Promise<void> {
  const { contender, name, at, times } = order
  const database = await open()
  const { run } = lockOf(contender, name)
  await moment(at)
  for (let i = 0; i < times; i++) {
    await run(async () => {
      const seen = await read(database, name)
      await answer(store(database, 'readwrite').put(seen + 1, name))
    })
  }
  database.close()
}

export async function stored(name: string): Promise<number> {
  const database = await open()
  const value = await read(database, name)
  database.close()
  return value
}

async function read(database: IDBDatabase, name: string): Promise<number> {
  const value: unknown = await answer(store(database, 'readonly').get(name))
  return typeof value === 'number' ? value : 0
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('bench', 1)
  request.onupgradeneeded = () => request.result.createObjectStore('counters')
  return answer(request)
}

function store(database: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore {
  return database.transaction('counters', mode).objectStore('counters')
}
