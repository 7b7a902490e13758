/**
 * What every presence promises, held against each that runs in one process. Deaths here are
 * farewells, or what the test takes away; real ones are in the browser and thread tests.
 */

import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UnsupportedError } from '../errors'
import { createLockManager } from '../lock-manager'
import { MemoryPort } from '../ports/memory'
import { indexedDbPresence } from './indexed-db-presence'
import type { Presence } from './presence'
import { threadPresence } from './thread-presence'
import { webLocksPresence } from './web-locks-presence'

const environments: Readonly<Record<string, () => () => Presence>> = {
  'Web Locks'() {
    const browser = createLockManager({ port: new MemoryPort() })
    return () => webLocksPresence(browser)
  },
  IndexedDB() {
    const factory = new IDBFactory()
    return () => indexedDbPresence(factory)
  },
  threads: () => threadPresence,
}

describe.each(Object.entries(environments))('%s', (_name, environment) => {
  let all: Presence[]
  let born: () => Promise<Presence>

  beforeEach(() => {
    const open = environment()
    all = []
    born = async () => {
      const presence = open()
      all.push(presence)
      await presence.ready
      return presence
    }
  })

  // A fake deletion that waits for a living one would spin for ever.
  afterEach(() => {
    for (const presence of all) presence.leave()
  })

  const deathOf = (id: string, by: Presence) =>
    new Promise<void>((died) => {
      by.watch(id, died)
    })

  test('an id is 16 hexadecimal digits, and nobody else has it', async () => {
    const one = await born()
    const other = await born()
    expect(one.id).toMatch(/^[0-9a-f]{16}$/)
    expect(one.id).not.toBe(other.id)
    expect(one.established).toBe(true)
  })

  test('who has said farewell is dead to all who watch, each told once', async () => {
    const [one, other, third] = [await born(), await born(), await born()]
    const told: string[] = []
    const deaths = [other, other, third].map((by, i) =>
      deathOf(one.id, by).then(() => told.push(`${i}`)),
    )
    one.leave()
    await Promise.all(deaths)
    expect(told.sort()).toEqual(['0', '1', '2'])
  })

  test('the living are not taken for dead while others die', async () => {
    const [one, other] = [await born(), await born()]
    let died = false
    const death = deathOf(one.id, other).then(() => {
      died = true
    })
    for (let i = 0; i < 10; i++) {
      const mortal = await born()
      mortal.leave()
      await deathOf(mortal.id, other)
    }
    expect(died).toBe(false)
    one.leave()
    await death
  })

  test('an id that nobody has is dead', async () => {
    const one = await born()
    await deathOf('0123456789abcdef', one)
    // It stays dead, also to one who has asked before.
    await deathOf('0123456789abcdef', one)
  })

  test('whoever stops watching hears nothing', async () => {
    const [one, other] = [await born(), await born()]
    const told: string[] = []
    const stop = other.watch(one.id, () => told.push('stopped'))
    stop()
    other.watch(one.id, () => told.push('stays'))
    one.leave()
    await deathOf(one.id, await born())
    await deathOf(one.id, other)
    expect(told).toEqual(['stays'])
  })

  test('whoever leaves before he is ready is dead, too', async () => {
    const other = await born()
    const one = environment === environments.threads ? await born() : undefined
    const leaving = one ?? (await unready())
    leaving.leave()
    await leaving.ready.catch(() => {})
    await deathOf(leaving.id, other)

    async function unready(): Promise<Presence> {
      const pending = born()
      const presence = all.at(-1)
      if (presence === undefined) throw new Error('nobody was born')
      pending.catch(() => {})
      return presence
    }
  })
})

describe('what is taken away', () => {
  test('a lock that somebody steals: lost', async () => {
    const browser = createLockManager({ port: new MemoryPort() })
    const one = webLocksPresence(browser)
    await one.ready
    await browser.request(`latchkey presence ${one.id}`, { steal: true }, () => {})
    await one.lost
  })

  test('a connection that the browser closes: lost', async () => {
    const factory = new IDBFactory()
    const connections: IDBDatabase[] = []
    const open: IDBFactory['open'] = (...args) => {
      const request = factory.open(...args)
      request.addEventListener('success', () => connections.push(request.result))
      return request
    }
    const one = indexedDbPresence({ open } as IDBFactory)
    await one.ready
    for (const connection of connections) {
      // The package's types mean the class, its code an instance.
      forceCloseDatabase(connection as object as typeof IDBDatabase)
    }
    await one.lost
  })
})

describe('where there is none', () => {
  test('locks that are refused', async () => {
    const request = async () => {
      throw new DOMException('no locks here', 'SecurityError')
    }
    const refused = webLocksPresence({ request } as object as LockManager)
    await expect(refused.ready).rejects.toThrow(UnsupportedError)
    await expect(refused.ready).rejects.toThrow('no locks here')
    expect(refused.established).toBe(false)
  })

  test('storage that is blocked', async () => {
    const open = () => {
      throw new DOMException('the user forbids it', 'SecurityError')
    }
    const refused = indexedDbPresence({ open } as object as IDBFactory)
    await expect(refused.ready).rejects.toThrow(UnsupportedError)
    await expect(refused.ready).rejects.toThrow('the user forbids it')
  })
})

test('the database that a dead one left behind is deleted once it is watched', async () => {
  const factory = new IDBFactory()
  const [one, other] = [indexedDbPresence(factory), indexedDbPresence(factory)]
  await Promise.all([one.ready, other.ready])
  one.leave()
  expect(await factory.databases()).toHaveLength(2)
  await new Promise<void>((died) => {
    other.watch(one.id, died)
  })
  expect((await factory.databases()).map(({ name }) => name)).toEqual([
    `latchkey presence ${other.id}`,
  ])
  other.leave()
})
