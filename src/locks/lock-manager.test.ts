/** The standard face, rule by rule of the Web Locks specification. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLocks } from './create-locks'
import { createLockManager, installLockManager } from './lock-manager'
import { MemoryPort } from './ports/memory'
import { microtasks } from './testing/virtual-clock'

let port: MemoryPort
let locks: LockManager

beforeEach(() => {
  port = new MemoryPort(undefined, 'me')
  locks = createLockManager({ port })
})

afterEach(async () => {
  await microtasks()
  expect(port.queues.size).toBe(0)
})

/** Whatever an argument list may contain. */
function request(...given: unknown[]): Promise<unknown> {
  return Reflect.apply(locks.request, locks, given)
}

/** Holds a lock until told otherwise. */
function hold(name: string, options: LockOptions = {}) {
  let letGo: (value?: unknown) => void = () => {}
  let started: (lock: Lock | null) => void = () => {}
  const granted = new Promise<Lock | null>((resolve) => {
    started = resolve
  })
  const done = locks.request(name, options, (lock) => {
    started(lock)
    return new Promise((resolve) => {
      letGo = resolve
    })
  })
  done.catch(() => {})
  return { granted, done, letGo: (value?: unknown) => letGo(value) }
}

describe('arguments', () => {
  const never = () => {
    throw new Error('called')
  }
  const signal = new AbortController().signal
  const aborted = AbortSignal.abort('reason')
  const symbol = Symbol('name')
  const throws = {
    toString(): string {
      throw new RangeError('no name')
    },
  }

  test.each<[what: string, given: unknown[], name: string]>([
    ['nothing', [], 'TypeError'],
    ['no callback', ['a'], 'TypeError'],
    ['options for a callback', ['a', {}], 'TypeError'],
    ['a callback that is none', ['a', 'b'], 'TypeError'],
    ['no callback after options', ['a', {}, undefined], 'TypeError'],
    ['an object for a callback', ['a', {}, {}], 'TypeError'],
    ['a symbol for a name', [symbol, never], 'TypeError'],
    ['a name that throws', [throws, never], 'RangeError'],
    ['a number for options', ['a', 5, never], 'TypeError'],
    ['a string for options', ['a', 'shared', never], 'TypeError'],
    ['a symbol for options', ['a', symbol, never], 'TypeError'],
    ['an unknown mode', ['a', { mode: 'foo' }, never], 'TypeError'],
    ['null for a mode', ['a', { mode: null }, never], 'TypeError'],
    ['an empty mode', ['a', { mode: '' }, never], 'TypeError'],
    ['a symbol for a mode', ['a', { mode: symbol }, never], 'TypeError'],
    ['a string for a signal', ['a', { signal: 'x' }, never], 'TypeError'],
    ['null for a signal', ['a', { signal: null }, never], 'TypeError'],
    ['what looks like a signal', ['a', { signal: { aborted: false } }, never], 'TypeError'],
    ['a name with a dash', ['-a', never], 'NotSupportedError'],
    ['a dash', ['-', never], 'NotSupportedError'],
    [
      'steal and ifAvailable',
      ['a', { steal: true, ifAvailable: true }, never],
      'NotSupportedError',
    ],
    ['steal shared', ['a', { steal: true, mode: 'shared' }, never], 'NotSupportedError'],
    ['steal and a signal', ['a', { steal: true, signal }, never], 'NotSupportedError'],
    ['ifAvailable and a signal', ['a', { ifAvailable: true, signal }, never], 'NotSupportedError'],
    // Their order: types, name, options, aborted.
    ['a bad type before a bad name', ['-a', { mode: 'foo' }, never], 'TypeError'],
    ['a bad callback before a bad name', ['-a', {}, 5], 'TypeError'],
    ['a bad type before an aborted signal', ['a', { signal: aborted }, 5], 'TypeError'],
    [
      'a bad name before an aborted signal',
      ['-a', { signal: aborted }, never],
      'NotSupportedError',
    ],
    [
      'bad options before an aborted signal',
      ['a', { steal: true, signal: aborted }, never],
      'NotSupportedError',
    ],
  ])('%s', async (_what, given, name) => {
    // Never thrown, always rejected.
    const answer = request(...given)
    expect(answer).toBeInstanceOf(Promise)
    await expect(answer).rejects.toMatchObject({ name })
  })

  test('NotSupportedError is a DOMException', async () => {
    await expect(request('-a', never)).rejects.toBeInstanceOf(DOMException)
  })

  test('an aborted signal rejects with its reason', async () => {
    await expect(request('a', { signal: aborted }, never)).rejects.toBe('reason')
  })

  test.each<[what: string, given: unknown[], name: string, mode: string]>([
    ['a number for a name', [5], '5', 'exclusive'],
    ['undefined for a name', [undefined], 'undefined', 'exclusive'],
    ['null for a name', [null], 'null', 'exclusive'],
    ['an empty name', [''], '', 'exclusive'],
    ['a dash further on', ['a-'], 'a-', 'exclusive'],
    ['an object for a name', [{ toString: () => 'obj' }], 'obj', 'exclusive'],
    ['undefined for options', ['a', undefined], 'a', 'exclusive'],
    ['null for options', ['a', null], 'a', 'exclusive'],
    ['a function for options', ['a', () => {}], 'a', 'exclusive'],
    ['an array for options', ['a', []], 'a', 'exclusive'],
    ['undefined for a mode', ['a', { mode: undefined }], 'a', 'exclusive'],
    ['shared', ['a', { mode: 'shared' }], 'a', 'shared'],
    ['an object for a mode', ['a', { mode: { toString: () => 'shared' } }], 'a', 'shared'],
    ['falsy steal and ifAvailable', ['a', { steal: 0, ifAvailable: '' }], 'a', 'exclusive'],
    ['truthy steal', ['a', { steal: 'no' }], 'a', 'exclusive'],
    ['undefined for a signal', ['a', { signal: undefined, steal: true }], 'a', 'exclusive'],
    ['inherited options', ['a', Object.create({ mode: 'shared' })], 'a', 'shared'],
  ])('%s will do', async (_what, given, name, mode) => {
    const lock = await request(...given, (lock: Lock) => lock)
    expect([(lock as Lock).name, (lock as Lock).mode]).toEqual([name, mode])
  })

  test('more than three are ignored', async () => {
    await expect(request('a', {}, () => 'third', never)).resolves.toBe('third')
  })

  test('options are read once, in the order of their names, and nothing else is', async () => {
    const read: PropertyKey[] = []
    const options = new Proxy({ mode: 'shared' } as Record<PropertyKey, unknown>, {
      get(target, member) {
        read.push(member)
        return target[member]
      },
    })
    const name = { toString: () => `a${read.push('name')}` }
    await request(name, options, () => {})
    expect(read).toEqual(['name', 'ifAvailable', 'mode', 'signal', 'steal'])
  })

  test('a member that cannot be converted keeps the later ones from being read', async () => {
    const read = vi.fn()
    const options = {
      mode: 'foo',
      get signal() {
        return read()
      },
    }
    await expect(request('a', options, never)).rejects.toBeInstanceOf(TypeError)
    expect(read).not.toHaveBeenCalled()
  })

  test('a getter that throws rejects', async () => {
    const options = {
      get mode() {
        throw new RangeError('no mode')
      },
    }
    await expect(request('a', options, never)).rejects.toBeInstanceOf(RangeError)
  })

  test('without a manager', async () => {
    const call = (method: () => unknown) => Reflect.apply(method, {}, ['a', never])
    await expect(call(locks.request as never)).rejects.toBeInstanceOf(TypeError)
    await expect(call(locks.query as never)).rejects.toBeInstanceOf(TypeError)
  })

  test('request counts two', () => expect(locks.request.length).toBe(2))
})

describe('the callback', () => {
  const then = 'then'

  test('is called later, with the lock alone', async () => {
    const callback = vi.fn()
    const done = locks.request('a', callback)
    expect(callback).not.toHaveBeenCalled()
    await done
    expect(callback).toHaveBeenCalledTimes(1)
    expect(callback.mock.calls[0]).toHaveLength(1)
    expect(callback.mock.contexts[0]).toBe(undefined)
  })

  test('is called later also if it gets null', async () => {
    const other = hold('a')
    await other.granted
    const callback = vi.fn()
    const done = locks.request('a', { ifAvailable: true }, callback)
    expect(callback).not.toHaveBeenCalled()
    await done
    expect(callback).toHaveBeenCalledWith(null)
    other.letGo()
  })

  test.each<[string, () => unknown, unknown]>([
    ['a value', () => 5, 5],
    ['nothing', () => {}, undefined],
    ['a promise', async () => 6, 6],
    ['a thenable', () => ({ [then]: (resolve: (n: number) => void) => resolve(7) }), 7],
  ])('%s is the answer', async (_what, callback, answer) => {
    await expect(request('a', callback)).resolves.toBe(answer)
  })

  const error = new Error('mine')
  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw error
      },
    ],
    ['rejects', () => Promise.reject(error)],
    [
      'answers what cannot be asked for its then',
      () => ({
        get [then]() {
          throw error
        },
      }),
    ],
  ])('%s: the lock is let go of, and the request rejects', async (_what, callback) => {
    await expect(request('a', callback)).rejects.toBe(error)
    await expect(request('a', { ifAvailable: true }, (lock: unknown) => lock)).resolves.not.toBe(
      null,
    )
  })

  test('of a refused request may fail as well', async () => {
    const other = hold('a')
    await other.granted
    await expect(
      request('a', { ifAvailable: true }, () => {
        throw error
      }),
    ).rejects.toBe(error)
    other.letGo()
  })

  test('a lock is held until the promise settles, and free when the answer is heard', async () => {
    const { done, granted, letGo } = hold('a')
    await granted
    expect((await locks.query()).held).toHaveLength(1)
    letGo('answer')
    await expect(done).resolves.toBe('answer')
    expect((await locks.query()).held).toHaveLength(0)
  })
})

describe('the lock', () => {
  test('has a name and a mode, which nobody can set', async () => {
    const lock = (await request('a', { mode: 'shared' }, (lock: Lock) => lock)) as Lock
    expect(Object.keys(lock)).toEqual([])
    expect(String(lock)).toBe('[object Lock]')
    expect(() => Object.assign(lock, { name: 'b' })).toThrow(TypeError)
    expect(() => Object.assign(lock, { mode: 'exclusive' })).toThrow(TypeError)
    expect([lock.name, lock.mode]).toEqual(['a', 'shared'])
  })
})

describe('order', () => {
  test('requests are served as they came, whatever their form', async () => {
    const order: string[] = []
    const note = (id: string) => async () => {
      order.push(id)
    }
    await Promise.all([
      locks.request('a', note('1')),
      locks.request('a', { mode: 'shared' }, note('2')),
      locks.request('a', { mode: 'shared' }, note('3')),
      locks.request('a', note('4')),
    ])
    expect(order).toEqual(['1', '2', '3', '4'])
  })

  test('readers share, a writer waits for them', async () => {
    const [first, second] = [hold('a', { mode: 'shared' }), hold('a', { mode: 'shared' })]
    await Promise.all([first.granted, second.granted])
    const writer = hold('a')
    first.letGo()
    await microtasks()
    expect((await locks.query()).pending).toHaveLength(1)
    second.letGo()
    await writer.granted
    writer.letGo()
  })
})

describe('signal', () => {
  test.each([
    ['an error of its own', new Error('mine')],
    ['any value', 'enough'],
  ])('rejects a waiting request with %s', async (_what, reason) => {
    const holder = hold('a')
    await holder.granted
    const controller = new AbortController()
    const callback = vi.fn()
    const done = locks.request('a', { signal: controller.signal }, callback)
    controller.abort(reason)
    await expect(done).rejects.toBe(reason)
    holder.letGo()
    await microtasks()
    expect(callback).not.toHaveBeenCalled()
  })

  test('rejects with AbortError if it gives no reason', async () => {
    const controller = new AbortController()
    const done = locks.request('a', { signal: controller.signal }, () => {})
    controller.abort()
    await expect(done).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('comes before the callback even of a free lock, which stays free', async () => {
    const controller = new AbortController()
    const callback = vi.fn()
    const done = locks.request('a', { signal: controller.signal }, callback)
    const next = locks.request('a', async () => 'next')
    controller.abort('enough')
    await expect(done).rejects.toBe('enough')
    await expect(next).resolves.toBe('next')
    expect(callback).not.toHaveBeenCalled()
  })

  test('is ignored once the callback was called', async () => {
    const controller = new AbortController()
    const { done, granted, letGo } = hold('a', { signal: controller.signal })
    await granted
    controller.abort()
    letGo('answer')
    await expect(done).resolves.toBe('answer')
    controller.abort()
  })

  test('leaves no listener behind', async () => {
    const { signal } = new AbortController()
    const add = vi.spyOn(signal, 'addEventListener')
    const remove = vi.spyOn(signal, 'removeEventListener')
    await locks.request('a', { signal }, () => {})
    expect(add.mock.calls.map(([, listener]) => listener)).toEqual(
      remove.mock.calls.map(([, listener]) => listener),
    )
  })

  test('lets through whoever is behind', async () => {
    const reader = hold('a', { mode: 'shared' })
    await reader.granted
    const controller = new AbortController()
    const writer = hold('a', { signal: controller.signal })
    const behind = hold('a', { mode: 'shared' })
    controller.abort()
    await behind.granted
    await expect(writer.done).rejects.toMatchObject({ name: 'AbortError' })
    reader.letGo()
    behind.letGo()
  })
})

describe('steal', () => {
  test('rejects every holder with AbortError, and goes before who waits', async () => {
    const [one, two] = [hold('a', { mode: 'shared' }), hold('a', { mode: 'shared' })]
    await Promise.all([one.granted, two.granted])
    const waiting = hold('a')
    const thief = hold('a', { steal: true })
    await thief.granted
    for (const { done } of [one, two]) {
      await expect(done).rejects.toMatchObject({ name: 'AbortError' })
      await expect(done).rejects.toBeInstanceOf(DOMException)
    }
    expect(await locks.query()).toMatchObject({
      held: [{ mode: 'exclusive' }],
      pending: [{ mode: 'exclusive' }],
    })
    one.letGo()
    two.letGo()
    thief.letGo()
    await waiting.granted
    waiting.letGo()
  })

  test('of a lock that is granted, but not told yet: both are called', async () => {
    const first = hold('a')
    const thief = hold('a', { steal: true })
    await Promise.all([first.granted, thief.granted])
    await expect(first.done).rejects.toMatchObject({ name: 'AbortError' })
    first.letGo()
    thief.letGo()
  })

  test('a robbed callback that fails later is nobody else’s error', async () => {
    const done = locks.request('a', async () => {
      await thief.granted
      throw new Error('too late')
    })
    const thief = hold('a', { steal: true })
    await expect(done).rejects.toMatchObject({ name: 'AbortError' })
    thief.letGo()
  })

  test('takes a mutex too, whose hold is lost', async () => {
    const realm = createLocks({ reach: 'realm' })
    const manager = createLockManager({ reach: 'realm' })
    const held = await realm.mutex('stolen mutex').acquire()
    await manager.request('stolen mutex', { steal: true }, () => {
      expect(held.signal.aborted).toBe(true)
    })
    held.release()
  })
})

describe('query', () => {
  test('tells what is held and what waits', async () => {
    const shared = hold('a', { mode: 'shared' })
    const waiting = hold('a')
    const other = hold('b')
    await Promise.all([shared.granted, other.granted])
    expect(await locks.query()).toEqual({
      held: [
        { clientId: 'me', mode: 'shared', name: 'a' },
        { clientId: 'me', mode: 'exclusive', name: 'b' },
      ],
      pending: [{ clientId: 'me', mode: 'exclusive', name: 'a' }],
    })
    shared.letGo()
    other.letGo()
    await waiting.granted
    waiting.letGo()
  })

  test('members come in the order of their names', async () => {
    const a = hold('a')
    const { held = [] } = await locks.query()
    expect(Object.keys(held[0] ?? {})).toEqual(['clientId', 'mode', 'name'])
    await a.granted
    a.letGo()
  })

  test('tells of a request made before it in the same turn', async () => {
    const a = hold('a')
    expect((await locks.query()).held).toHaveLength(1)
    await a.granted
    a.letGo()
  })

  test('of nothing', async () => {
    expect(await locks.query()).toEqual({ held: [], pending: [] })
  })
})

describe('createLockManager', () => {
  test.each<[unknown, RegExp]>([
    [{ reach: 'galaxy' }, /reach must be one of .*, got "galaxy"/],
    [{ reach: null }, /reach must be one of/],
    [{ reach: 'realm', port: new MemoryPort() }, /pass port, or reach and memory, not both/],
    [{ port: {} }, /port must be a lock port, got an object/],
    [{ port: null }, /port must be a lock port, got null/],
    [5, /options must be an object, got 5/],
  ])('refuses %j', (options, message) => {
    expect(() => createLockManager(options as never)).toThrow(TypeError)
    expect(() => createLockManager(options as never)).toThrow(message)
  })

  test('shares the locks of createLocks', async () => {
    const manager = createLockManager({ reach: 'realm' })
    const held = await createLocks({ reach: 'realm' }).mutex('shared by both').acquire()
    const tried = manager.request('shared by both', { ifAvailable: true }, (lock) => lock)
    await expect(tried).resolves.toBe(null)
    held.release()
    await manager.request('shared by both', async () => {
      const { held } = await createLocks({ reach: 'realm' }).query()
      expect(held).toMatchObject([{ name: 'shared by both', task: 'LockManager.request' }])
    })
  })

  test.each([undefined, 'origin', 'cluster', 'network'] as const)(
    'reach %s is refused in Node when it is asked, not before',
    async (reach) => {
      const manager = createLockManager({ reach })
      await expect(manager.request('a', () => {})).rejects.toMatchObject({ code: 'unsupported' })
      await expect(manager.query()).rejects.toMatchObject({ code: 'unsupported' })
    },
  )

  test('what fails below rejects', async () => {
    const error = new Error('no storage')
    class Broken extends MemoryPort {
      override acquire(asked: Parameters<MemoryPort['acquire']>[0]) {
        queueMicrotask(() => asked.failed(error))
        return 'waiting' as const
      }
    }
    const manager = createLockManager({ port: new Broken() })
    await expect(manager.request('a', () => {})).rejects.toBe(error)
  })

  test('a document out of its frame is refused', async () => {
    vi.stubGlobal('document', { defaultView: null })
    try {
      const inactive = { name: 'InvalidStateError' }
      await expect(locks.request('-a', () => {})).rejects.toMatchObject(inactive)
      await expect(locks.query()).rejects.toMatchObject(inactive)
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('installLockManager', () => {
  beforeEach(() => {
    vi.stubGlobal('navigator', {})
    vi.stubGlobal('window', globalThis)
    vi.stubGlobal('origin', 'https://a.test')
    vi.stubGlobal('isSecureContext', false)
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test('does not give a page less than it asked for', () => {
    expect(() => installLockManager()).toThrow(/reach 'origin' needs Web Locks/)
    expect(() => installLockManager({ reach: 'network' })).toThrow(/reach 'network'/)
    expect(navigator.locks).toBe(undefined)
  })

  test('gives a page that asks for the realm its locks', async () => {
    const installed = installLockManager({ reach: 'realm' })
    expect(navigator.locks).toBe(installed)
    await expect(navigator.locks.request('a', () => 'answer')).resolves.toBe('answer')
    expect(installLockManager({ reach: 'realm' })).toBe(installed)
  })

  test('is not taken for the browser’s own by whoever needs to reach further', async () => {
    installLockManager({ reach: 'realm' })
    expect(createLocks().support()).toMatchObject({ supported: false })
    await expect(createLocks().mutex('a').acquire()).rejects.toMatchObject({ code: 'unsupported' })
    expect(() => installLockManager()).toThrow(/reach 'origin' needs Web Locks/)
  })

  test('leaves the browser’s own alone', () => {
    const own = { request() {}, query() {} }
    vi.stubGlobal('navigator', { locks: own })
    expect(installLockManager()).toBe(own)
    expect(installLockManager({ reach: 'realm' })).toBe(own)
  })

  test('needs a navigator', () => {
    vi.stubGlobal('navigator', undefined)
    expect(() => installLockManager({ reach: 'realm' })).toThrow(/there is no navigator/)
  })

  test('refuses an unknown reach', () => {
    expect(() => installLockManager({ reach: 'galaxy' as never })).toThrow(TypeError)
  })
})
