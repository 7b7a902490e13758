/** Late writes, refused: by an object store, and by whatever can compare and swap. */

import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, test } from 'vitest'
import { StaleFenceError } from '../errors'
import type { FencedState } from './fenced-register'
import type { FencedStore } from './fenced-store'
import { fenced } from './index'

const held = (fence: number | undefined, name = 'cart') => ({ name, fence })

async function refusal(act: () => unknown): Promise<string> {
  try {
    await act()
  } catch (error) {
    return String(error)
  }
  return 'accepted'
}

const unfenced: readonly [unknown, string][] = [
  [held(undefined), 'got undefined'],
  [held(0), 'got 0'],
  [held(-1), 'got -1'],
  [held(1.5), 'got 1.5'],
  [held(Number.NaN), 'got NaN'],
  [held('7' as never), 'got "7"'],
]

describe('an object store', () => {
  let database: IDBDatabase
  let carts: FencedStore<string>

  beforeEach(async () => {
    const factory = new IDBFactory()
    database = await new Promise((opened) => {
      const request = factory.open('shop', 1)
      request.onupgradeneeded = () => {
        for (const name of ['carts', 'orders', 'fences']) request.result.createObjectStore(name)
      }
      request.onsuccess = () => opened(request.result)
    })
    carts = fenced<string>({ database, store: 'carts' })
  })

  const raw = (key: string): Promise<unknown> => {
    return new Promise((read) => {
      const request = database.transaction('carts').objectStore('carts').get(key)
      request.onsuccess = () => read(request.result)
    })
  }

  test('takes writes with fences that rise, and equal ones', async () => {
    expect(await carts.put(held(1), 'one', 'a')).toBe('a')
    expect(await carts.put(held(1), 'one more', 'a')).toBe('a')
    expect(await carts.put(held(5), 'five', 'b')).toBe('b')
    expect([await carts.get(held(5), 'a'), await carts.get(held(5), 'b')]).toEqual([
      'one more',
      'five',
    ])
    await carts.delete(held(5), 'a')
    expect(await raw('a')).toBe(undefined)
    expect(await carts.highestFence('cart')).toBe(5)
  })

  test('refuses an older one, with both numbers, whatever record it is for', async () => {
    await carts.put(held(33), 'old', 'a')
    await carts.put(held(34), 'new', 'b')
    const late = () => carts.put(held(33), 'late', 'a')
    await expect(late()).rejects.toBeInstanceOf(StaleFenceError)
    expect(await refusal(late)).toBe(
      'StaleFenceError: fence 33 of "cart" is stale: this store has seen 34, so somebody else had the lock since',
    )
    expect(await refusal(() => carts.delete(held(33), 'a'))).toContain('fence 33')
    expect([await raw('a'), await raw('b')]).toEqual(['old', 'new'])
  })

  test('refuses whoever had the lock before one who has only read', async () => {
    await carts.put(held(1), 'old', 'a')
    expect(await carts.get(held(2), 'a')).toBe('old')
    expect(await refusal(() => carts.put(held(1), 'late', 'a'))).toContain('has seen 2')
    expect(await refusal(() => carts.get(held(1), 'a'))).toContain('has seen 2')
    expect(await raw('a')).toBe('old')
  })

  test('goes by the name of the lock', async () => {
    await carts.put(held(9, 'user:1'), 'one', '1')
    await carts.put(held(3, 'user:2'), 'two', '2')
    expect(await carts.highestFence('user:1')).toBe(9)
    expect(await carts.highestFence('user:2')).toBe(3)
    expect(await carts.highestFence('user:3')).toBe(0)
  })

  test('shares what it has seen with other stores under the same lock', async () => {
    const orders = fenced({ database: () => database, store: 'orders', fences: 'fences' })
    await orders.put(held(7), 'order', 1)
    expect(await refusal(() => carts.put(held(6), 'late', 'a'))).toContain('has seen 7')
  })

  test('does several things whole or not at all', async () => {
    const count = await carts.transact(held(2), (store) => {
      store.put('one', 'a')
      store.put('two', 'b')
      return store.count()
    })
    expect(count).toBe(2)
    const half = () =>
      carts.transact(held(3), (store) => {
        store.put('half', 'a')
        throw new Error('not the other half')
      })
    expect(await refusal(half)).toBe('Error: not the other half')
    expect(await raw('a')).toBe('one')
    // Nothing of it was noted either.
    expect(await carts.highestFence('cart')).toBe(2)
    expect(await carts.transact(held(3), () => 'plain')).toBe('plain')
  })

  test('answers what the transaction fails with', async () => {
    const failing = () => carts.transact(held(2), (store) => store.add('again', 'a'))
    await carts.put(held(1), 'one', 'a')
    expect(await refusal(failing)).toContain('ConstraintError')
    expect(await carts.highestFence('cart')).toBe(1)
  })

  test('a promise is refused: the transaction would not wait for it', async () => {
    const later = () =>
      carts.transact(held(1), async (store) => {
        store.put('later', 'a')
      })
    expect(await refusal(later)).toContain('act must not return a promise')
    expect(await raw('a')).toBe(undefined)
  })

  test.each(unfenced)('%j is refused', async (hold, got) => {
    const text = await refusal(() => carts.put(hold as never, 'x', 'a'))
    expect(text).toBe(
      `TypeError: hold.fence must be a fencing token: acquire the lock with { fence: true }, ${got}`,
    )
    expect(await raw('a')).toBe(undefined)
  })

  test.each<[unknown, string]>([
    [undefined, 'store must be an object, got undefined'],
    [{ database: null, store: 'carts' }, 'database must be an object, got null'],
    [{ database: {}, store: 5 }, 'store must be the name of an object store, got 5'],
    [{ database: {}, store: 'a', fences: 5 }, 'fences must be the name of an object store, got 5'],
    [{ database: {}, store: 'a', fences: 'a' }, 'fences must be an object store of its own'],
    [{ read() {} }, 'write must be a function, got undefined'],
    [{}, 'read must be a function, got undefined'],
  ])('%j is refused', (settings, message) => {
    expect(() => fenced(settings as never)).toThrow(TypeError)
    expect(() => fenced(settings as never)).toThrow(message)
  })

  test('a database without the object stores is refused, by name', async () => {
    const none = fenced({ database, store: 'carts', fences: 'marks' })
    expect(await refusal(() => none.put(held(1), 'x', 'a'))).toBe(
      'TypeError: database "shop" has no object store "marks": make it in onupgradeneeded',
    )
  })
})

describe('a register', () => {
  let state: FencedState<string> | undefined
  /** Called between a read and the write that follows it. */
  let meanwhile: () => void
  const register = {
    read: async () => state,
    write: async (next: FencedState<string>, seen: FencedState<string> | undefined) => {
      meanwhile()
      if (state !== seen) return false
      state = next
      return true
    },
  }
  const total = fenced<string>(register)

  beforeEach(() => {
    state = undefined
    meanwhile = () => {}
  })

  test('takes writes with fences that rise, and equal ones; refuses older ones', async () => {
    expect([await total.read(), await total.highestFence()]).toEqual([undefined, 0])
    await total.write(held(3), 'three')
    await total.write(held(3), 'three again')
    await total.write(held(8), 'eight')
    expect(await refusal(() => total.write(held(3), 'late'))).toContain(
      'StaleFenceError: fence 3 of "cart" is stale: this store has seen 8',
    )
    expect([await total.read(), await total.highestFence()]).toEqual(['eight', 8])
  })

  test('a late write that has looked before the new holder wrote is refused all the same', async () => {
    await total.write(held(1), 'one')
    meanwhile = () => {
      meanwhile = () => {}
      state = { value: 'two', fence: 2 }
    }
    expect(await refusal(() => total.write(held(1), 'late'))).toContain('has seen 2')
    expect(await total.read()).toBe('two')
  })

  test('what one holder does at once is done one after the other', async () => {
    const add = () => total.update(held(1), (text = '') => `${text}.`)
    await Promise.all([add(), add(), add(), add()])
    expect(await total.read()).toBe('....')
  })

  test('a write that cannot compare is refused', async () => {
    const blind = fenced<string>({ read: () => state, write: (() => {}) as never })
    expect(await refusal(() => blind.write(held(1), 'x'))).toBe(
      'TypeError: write must answer whether it has written, got undefined',
    )
    const never = fenced<string>({ read: () => state, write: () => false })
    expect(await refusal(() => never.write(held(1), 'x'))).toContain('refused 100 times in a row')
    state = { value: '', fence: '7' as never }
    expect(await refusal(() => total.highestFence())).toContain(
      'state.fence must be a fencing token',
    )
  })

  test('a store that answers null for nothing has none, as one that answers undefined', async () => {
    let text = 'null'
    const stored = fenced<string>({
      read: () => JSON.parse(text) as FencedState<string> | null,
      write: (next, seen) => {
        if (text !== JSON.stringify(seen)) return false
        text = JSON.stringify(next)
        return true
      },
    })
    expect([await stored.read(), await stored.highestFence()]).toEqual([undefined, 0])
    await stored.update(held(3), (before = 'first') => before)
    expect([await stored.read(), await stored.highestFence()]).toEqual(['first', 3])
  })

  test('what it rejects with is passed on', async () => {
    const down = fenced<string>({
      read: () => Promise.reject(new Error('down')),
      write: () => true,
    })
    expect(await refusal(() => down.write(held(1), 'x'))).toBe('Error: down')
  })

  test.each(unfenced)('%j is refused', async (hold, got) => {
    expect(await refusal(() => total.write(hold as never, 'x'))).toContain(got)
    expect(state).toBe(undefined)
  })
})
