/** The way in: what is shared, what goes from agent to agent, what is counted. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLocks, type Locks } from './create-locks'
import * as errors from './errors'
import * as latchkey from './index'
import { testLocks } from './testing/test-locks'

describe('instances', () => {
  test('two of one reach share their locks', async () => {
    const [one, two] = [createLocks({ reach: 'realm' }), createLocks({ reach: 'realm' })]
    const hold = await one.mutex('shared').acquire()
    await expect(two.mutex('shared').tryAcquire()).resolves.toBe(null)
    expect(two.stats()).toEqual({ holds: 1, waits: 0, names: 1 })
    hold.release()
  })

  test('two bundled copies share them too, and understand each other', async () => {
    vi.resetModules()
    const other: typeof latchkey = await import('./index')
    expect(other.createLocks).not.toBe(createLocks)
    const [mine, theirs] = [createLocks({ reach: 'realm' }), other.createLocks({ reach: 'realm' })]
    const hold = await mine.task('mine').rwLock('copies').acquireRead()
    await expect(theirs.rwLock('copies').tryAcquireWrite()).resolves.toBe(null)
    const both = await theirs.rwLock('copies').acquireRead()
    expect(mine.stats()).toEqual({ holds: 2, waits: 0, names: 1 })
    const late = theirs.rwLock('copies').acquireWrite({ timeout: 1 })
    await expect(late).rejects.toBeInstanceOf(other.TimeoutError)
    await expect(late).rejects.toThrow(/task "mine" in this agent/)
    both.release()
    hold.release()
    await other
      .createLocks({ reach: 'realm' })
      .mutex('again')
      .run((held) => held.mutex('deep').run(() => {}))
    expect(theirs.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test('a copy that speaks another protocol is refused, not ignored', () => {
    const key = Symbol.for('latchkey') as unknown as keyof typeof globalThis
    const kept = globalThis[key]
    Object.assign(globalThis, { [key]: { protocol: 99, spaces: new Map() } })
    try {
      expect(() => createLocks({ reach: 'realm' })).toThrow(errors.UnsupportedError)
      expect(() => createLocks({ reach: 'realm' })).toThrow(/speaks protocol 99/)
    } finally {
      Object.assign(globalThis, { [key]: kept })
    }
  })

  test.each<[unknown, RegExp]>([
    [{ reach: 'galaxy' }, /^reach must be one of .*, got "galaxy"/],
    [{ reach: null }, /^reach must be one of .*, got null/],
    [{ mechanism: 'redis' }, /^mechanism must be one of "web-locks", "indexed-db", got "redis"/],
    [{ mechanism: null }, /^mechanism must be one of .*, got null/],
    [{ reach: 'realm', mechanism: 'indexed-db' }, /^reach must be 'origin' where .*, got "realm"/],
    [null, /^options must be an object, got null/],
    [5, /^options must be an object, got 5/],
  ])('%j is refused', (options, message) => {
    expect(() => createLocks(options as never)).toThrow(TypeError)
    expect(() => createLocks(options as never)).toThrow(message)
  })
})

describe('support', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test('memory carries the realm', () => {
    expect(createLocks({ reach: 'realm' }).support()).toEqual({
      reach: 'realm',
      supported: true,
      mechanism: 'memory',
    })
  })

  test.each(['web-locks', 'indexed-db'] as const)('%s cannot be had in Node', (mechanism) => {
    const support = createLocks({ mechanism }).support()
    expect(support).toMatchObject({
      supported: false,
      reason: expect.stringMatching(/needs .*https|browser/),
    })
  })

  test.each([
    ['origin', /needs a browser.*'realm'/],
    ['cluster', /'cluster' needs memory.*'realm'/],
    ['network', /'network' needs .*'realm'/],
  ] as const)(
    'nothing carries %s in Node: told beforehand, refused when asked',
    async (reach, why) => {
      const locks = createLocks({ reach })
      expect(locks.support()).toMatchObject({
        reach,
        supported: false,
        reason: expect.stringMatching(why),
      })
      const asked = vi.fn()
      const stop = locks.subscribe(asked)
      const asks: readonly (() => Promise<unknown>)[] = [
        () => locks.mutex('a').run(() => {}),
        () => locks.mutex('a').acquire({ timeout: 5 }),
        () => locks.mutex('a').tryAcquire(),
        () => locks.keyedMutex('k').acquire('a'),
        () => locks.keyedMutex('k').retryAcquire('a'),
        () => locks.rwLock('r').acquireWrite(),
        () => locks.all(['a', 'b'], () => {}),
        () => locks.query(),
      ]
      for (const ask of asks) {
        const error: unknown = await ask().catch((reason) => reason)
        expect(error).toBeInstanceOf(errors.UnsupportedError)
        expect(error).toHaveProperty('message', expect.stringMatching(why))
      }
      stop()
      expect(asked).not.toHaveBeenCalled()
      expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    },
  )

  describe('a page', () => {
    beforeEach(() => {
      vi.stubGlobal('window', {})
      vi.stubGlobal('navigator', {})
      vi.stubGlobal('indexedDB', {})
    })

    const place = (origin: string, isSecureContext: boolean) => {
      vi.stubGlobal('origin', origin)
      vi.stubGlobal('isSecureContext', isSecureContext)
      return createLocks().support()
    }

    test('of https with Web Locks has them', () => {
      vi.stubGlobal('navigator', { locks: {} })
      expect(place('https://a.test', true)).toMatchObject({ mechanism: 'web-locks' })
    })

    test.each([
      ['plain http', 'http://10.0.0.7:8080', false],
      ['plain http under a name', 'http://printer.test', false],
      ['https in an old browser', 'https://a.test', true],
    ])('of %s without Web Locks has IndexedDB', (_what, origin, isSecureContext) => {
      expect(place(origin, isSecureContext)).toEqual({
        reach: 'origin',
        supported: true,
        mechanism: 'indexed-db',
      })
    })

    test.each([
      'https://a.test',
      'http://localhost:3000',
      'http://b.localhost',
      'http://127.0.0.1',
      'null',
    ])('of %s that lacks Web Locks inside of an insecure page is refused', (origin) => {
      expect(place(origin, false)).toMatchObject({
        supported: false,
        reason: expect.stringMatching(/inside of an insecure one: serve all frames .* https/),
      })
    })

    test('with blocked storage is told so', () => {
      vi.stubGlobal('indexedDB', undefined)
      expect(place('http://a.test', false)).toMatchObject({
        supported: false,
        reason: expect.stringMatching(/needs Web Locks .* or IndexedDB; else use 'realm'/),
      })
    })
  })

  describe('cluster', () => {
    const cluster = (memory?: SharedArrayBuffer) => createLocks({ reach: 'cluster', memory })

    test('shared memory carries it, given a memory', async () => {
      const locks = cluster(latchkey.createLockMemory())
      expect(locks.support()).toMatchObject({ supported: true, mechanism: 'shared-memory' })
      await locks.ready()
      expect(locks.mutex('a').runSync(() => 'held', { timeout: 5 })).toBe('held')
      await expect(locks.mutex('a').run(() => 'held')).resolves.toBe('held')
    })

    test('each memory is a space of its own, and one memory is one space', async () => {
      const memories = [latchkey.createLockMemory(), latchkey.createLockMemory()] as const
      const hold = await cluster(memories[0]).mutex('a').acquire()
      await expect(cluster(memories[0]).mutex('a').tryAcquire()).resolves.toBe(null)
      const other = await cluster(memories[1]).mutex('a').tryAcquire()
      expect(other).not.toBe(null)
      other?.release()
      hold.release()
    })

    test('without a memory it says how to get one', () => {
      expect(cluster().support()).toMatchObject({
        supported: false,
        reason: expect.stringMatching(/needs memory: make it once with createLockMemory\(\)/),
      })
    })

    test('where there is no SharedArrayBuffer it says what a page needs', () => {
      vi.stubGlobal('SharedArrayBuffer', undefined)
      expect(cluster().support()).toMatchObject({
        reason: expect.stringMatching(/Cross-Origin-Opener-Policy: same-origin/),
      })
      expect(() => latchkey.createLockMemory()).toThrow(errors.UnsupportedError)
    })

    test.each([
      ['no memory at all', 7],
      ['a plain buffer', new ArrayBuffer(2 ** 20)],
      ['somebody else’s', new SharedArrayBuffer(2 ** 20)],
    ])('%s is refused at once', (_what, memory) => {
      expect(() => cluster(memory as SharedArrayBuffer)).toThrow(/^memory must be/)
    })

    test('a memory for another reach is refused', () => {
      const memory = latchkey.createLockMemory()
      expect(() => createLocks({ memory })).toThrow(
        /^reach must be 'cluster' where a memory is given, got "origin"/,
      )
    })
  })
})

describe('descriptors', () => {
  const make: readonly ((locks: Locks) => { descriptor(): latchkey.LockDescriptor })[] = [
    (l) => l.mutex('m'),
    (l) => l.mutex('m', { fair: 'strict' }),
    (l) => l.keyedMutex('k', { fair: 'strict' }),
    (l) => l.rwLock('r'),
    (l) => l.rwLock('s', { policy: 'fifo', fair: 'strict' }),
  ]
  test.each(make)('%s survives the wire, and is the same lock again', async (make) => {
    const { locks } = testLocks()
    const descriptor = make(locks).descriptor()
    const copy = structuredClone(descriptor)
    expect(copy).toEqual(descriptor)
    expect(JSON.parse(JSON.stringify(descriptor))).toEqual(descriptor)
    const again = locks.from(copy)
    expect(again.descriptor()).toEqual(descriptor)
  })

  test('excludes as the lock it came from', async () => {
    const { locks } = testLocks()
    const hold = await locks.mutex('m').acquire()
    const again = locks.from(locks.mutex('m').descriptor())
    await expect(again.tryAcquire()).resolves.toBe(null)
    hold.release()
  })

  test.each<[unknown, RegExp]>([
    [undefined, /^descriptor/],
    [null, /^descriptor/],
    ['m', /^descriptor/],
    [{}, /^descriptor/],
    [{ latchkey: 'barrier', name: 'm', fair: 'strict' }, /^descriptor.* got "barrier"/],
    [{ latchkey: 'semaphore', name: 'm', fair: 'strict' }, /permits must be .*, got undefined/],
    [{ latchkey: 'semaphore', name: 'm', fair: 'strict', permits: 0 }, /permits .*, got 0/],
    [{ latchkey: 'mutex', fair: 'strict' }, /name must be .*, got undefined/],
    [{ latchkey: 'mutex', name: '', fair: 'strict' }, /name must be .*, got ""/],
    [{ latchkey: 'mutex', name: '-m', fair: 'strict' }, /name must not start with '-'/],
    [{ latchkey: 'mutex', name: 'm!w', fair: 'strict' }, /name must not .*'!w'/],
    [{ latchkey: 'mutex', name: 'm', fair: 'x' }, /fair must be one of .*, got "x"/],
    [{ latchkey: 'rw-lock', name: 'm', fair: 'strict', policy: 'x' }, /policy must be .*, got "x"/],
  ])('%j is refused', (garbage, message) => {
    const { locks } = testLocks()
    expect(() => locks.from(garbage as never)).toThrow(message)
  })
})

describe('counting', () => {
  test('stats tell holds, waits and names, and nothing before the first acquisition', async () => {
    const { locks } = testLocks()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    const [a, b] = await Promise.all([locks.mutex('a').acquire(), locks.rwLock('b').acquireWrite()])
    const waiting = [locks.mutex('a').acquire(), locks.rwLock('b').acquireWrite()] as const
    expect(locks.stats()).toEqual({ holds: 2, waits: 2, names: 2 })
    a.release()
    b.release()
    for (const each of waiting) (await each).release()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test('query tells of this agent by task', async () => {
    const { locks, clock } = testLocks()
    const hold = await locks.task('checkout').rwLock('a').acquireWrite()
    const waiting = locks.task('sync').rwLock('a').acquireWrite()
    clock.advance(5)
    const { held, pending } = await locks.query()
    expect(held).toMatchObject([{ name: 'a', mode: 'exclusive', task: 'checkout', for: 5 }])
    expect(pending).toMatchObject([{ name: 'a', mode: 'exclusive', task: 'sync', for: 5 }])
    hold.release()
    ;(await waiting).release()
  })

  test('query tells of others as the mechanism lists them', async () => {
    const { locks, far, clock } = testLocks('cohort over web locks')
    const { Probe } = await import('./testing/probe')
    const other = new Probe(far, 'other', { name: 'b' })
    other.ask()
    const hold = await locks.mutex('a').acquire()
    const { held } = await locks.query()
    // In one process both agents go by one id: only the names tell them apart.
    expect(held.map(({ name }) => name)).toEqual(['a'])
    hold.release()
    other.end()
    await clock.settle()
  })
})

test('every error has its name and its code', () => {
  const report = { holders: [], waiters: [], unknownHolders: 0, unknownWaiters: 0 }
  const all = [
    [new errors.TimeoutError('m', report), 'TimeoutError', 'timeout'],
    [new errors.LockLostError('m'), 'LockLostError', 'lock-lost'],
    [new errors.DeadlockError('m', []), 'DeadlockError', 'deadlock'],
    [new errors.LockOrderError('m'), 'LockOrderError', 'lock-order'],
    [new errors.ReentrancyError('m'), 'ReentrancyError', 'reentrancy'],
    [new errors.NotHeldError('m'), 'NotHeldError', 'not-held'],
    [new errors.StaleFenceError('m'), 'StaleFenceError', 'stale-fence'],
    [new errors.CapacityError('m'), 'CapacityError', 'capacity'],
    [new errors.UnsupportedError('m'), 'UnsupportedError', 'unsupported'],
  ] as const
  for (const [error, name, code] of all) {
    expect(error).toBeInstanceOf(latchkey.LatchkeyError)
    expect(error).toBeInstanceOf(Error)
    expect([error.name, error.code, error.message]).toEqual([name, code, 'm'])
  }
  expect(new Set(all.map(([, , code]) => code)).size).toBe(all.length)
})
