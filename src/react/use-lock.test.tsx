// @vitest-environment happy-dom
import { Activity, type ReactNode, Suspense } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLocks, type Locks } from '../locks'
import { LockLostError, ReentrancyError, TimeoutError, UnsupportedError } from '../locks/errors'
import type { LockEvent } from '../locks/events'
import type { Hold } from '../locks/hold'
import { Probe } from '../locks/testing/probe'
import { type TestLocks, testLocks } from '../locks/testing/test-locks'
import { mount, settle } from './testing/mount'
import { type LockHandle, type UseLockOptions, useLock } from './use-lock'

let test: TestLocks
let locks: Locks
let events: LockEvent[]
let stop: () => void
/** The last one of each component. */
let handles: Record<string, LockHandle>

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  test = testLocks()
  locks = test.locks
  events = []
  stop = locks.subscribe((event) => events.push(event))
  handles = {}
})
afterEach(() => {
  stop()
  vi.unstubAllGlobals()
  expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  expect(test.clock.timers).toBe(0)
})

interface Props extends UseLockOptions {
  readonly name?: string
  readonly as?: string
}

function Holder({ name = 'cart', as = 'one', ...options }: Props): ReactNode {
  const handle = useLock(locks.mutex(name), options)
  handles[as] = handle
  return `${as}: ${handle.status} ${handle.hold?.name ?? ''};`
}

function handle(as = 'one'): LockHandle {
  const found = handles[as]
  if (found === undefined) throw new Error(`no component is called ${as}`)
  return found
}

const requests = () => events.filter(({ type }) => type === 'request').length

for (const strict of [false, true]) {
  describe(strict ? 'under Strict Mode' : 'without Strict Mode', () => {
    it('holds from the commit to the unmount', async () => {
      const page = await mount(<Holder />, strict)
      expect(page.text()).toBe('one: held cart;')
      expect(locks.stats()).toEqual({ holds: 1, waits: 0, names: 1 })
      expect(await locks.mutex('cart').tryAcquire()).toBeNull()
      await page.unmount()
      expect(locks.stats().holds).toBe(0)
    })

    it('waits behind another, and goes on with what that one leaves', async () => {
      const page = await mount(
        <>
          <Holder key="one" />
          <Holder key="two" as="two" />
        </>,
        strict,
      )
      expect(page.text()).toBe('one: held cart;two: waiting ;')
      await page.render([<Holder key="two" as="two" />])
      const rest = await mount(<Holder as="three" />, strict)
      await page.unmount()
      expect(rest.text()).toBe('three: held cart;')
      await rest.unmount()
    })

    it('leaves the queue when it is unmounted while it waits', async () => {
      const hold = await locks.mutex('cart').acquire()
      const page = await mount(<Holder />, strict)
      expect(page.text()).toBe('one: waiting ;')
      await page.unmount()
      expect(locks.stats()).toEqual({ holds: 1, waits: 0, names: 1 })
      hold.release()
    })

    it('asks for nothing when it suspends before it was committed', async () => {
      let wake = () => {}
      const asleep = new Promise<void>((resolve) => {
        wake = resolve
      })
      let awake = false
      function Sleeper() {
        const { status } = useLock(locks.mutex('cart'))
        if (!awake) throw asleep
        return status
      }
      const page = await mount(
        <Suspense fallback="asleep">
          <Sleeper />
        </Suspense>,
        strict,
      )
      expect(page.text()).toBe('asleep')
      expect(events).toEqual([])
      // Thrown away before it ever woke.
      await page.render(null)
      expect(events).toEqual([])

      await page.render(
        <Suspense fallback="asleep">
          <Sleeper />
        </Suspense>,
      )
      awake = true
      await settle(() => wake())
      expect(page.text()).toBe('held')
      await page.unmount()
    })

    it('keeps the lock over a later suspension, and gives it back while it is hidden', async () => {
      const never = new Promise<void>(() => {})
      function Sleeper({ asleep }: { readonly asleep: boolean }) {
        const { status } = useLock(locks.mutex('cart'))
        if (asleep) throw never
        return status
      }
      const scene = (asleep: boolean, hidden = false) => (
        <Activity mode={hidden ? 'hidden' : 'visible'}>
          <Suspense fallback="asleep">
            <Sleeper asleep={asleep} />
          </Suspense>
        </Activity>
      )
      const page = await mount(scene(false), strict)
      const asked = requests()
      await page.render(scene(true))
      expect(locks.stats().holds).toBe(1)
      await page.render(scene(false))
      expect(requests()).toBe(asked)
      await page.render(scene(false, true))
      expect(locks.stats().holds).toBe(0)
      await page.render(scene(false))
      expect(page.text()).toBe('held')
      await page.unmount()
    })

    it('never shows one lock held under the name of another', async () => {
      const seen: string[] = []
      function Named({ name }: { readonly name: string }) {
        const { hold, status } = useLock(locks.mutex(name))
        if (hold !== undefined) seen.push(`${name}: ${hold.name}`)
        return status
      }
      const page = await mount(<Named name="first" />, strict)
      await page.render(<Named name="second" />)
      expect(page.text()).toBe('held')
      expect(await locks.mutex('second').tryAcquire()).toBeNull()
      const free = await locks.mutex('first').tryAcquire()
      free?.release()
      expect(free).not.toBeNull()
      expect(new Set(seen)).toEqual(new Set(['first: first', 'second: second']))
      await page.unmount()
    })

    it('is the same lock however often it is made', async () => {
      const page = await mount(<Holder timeout={1_000} />, strict)
      const asked = requests()
      const before = handle()
      for (let i = 0; i < 5; i++) await page.render(<Holder timeout={2_000 + i} />)
      expect(requests()).toBe(asked)
      expect(handle()).toBe(before)
      await page.unmount()
    })

    it('holds while it is enabled', async () => {
      const page = await mount(<Holder enabled={false} />, strict)
      expect(page.text()).toBe('one: idle ;')
      handle().retry()
      expect(requests()).toBe(0)
      await page.render(<Holder />)
      expect(page.text()).toBe('one: held cart;')
      await page.render(<Holder enabled={false} />)
      expect(page.text()).toBe('one: idle ;')
      expect(locks.stats().holds).toBe(0)
      await page.unmount()
    })

    it('gives it back and asks again when it is told to', async () => {
      const page = await mount(<Holder />, strict)
      await settle(() => handle().release())
      expect(page.text()).toBe('one: idle ;')
      await settle(() => handle().release())
      const other = await locks.mutex('cart').acquire()
      await settle(() => handle().retry())
      await settle(() => handle().retry())
      expect(page.text()).toBe('one: waiting ;')
      expect(locks.stats().waits).toBe(1)
      await settle(() => handle().release())
      expect(locks.stats().waits).toBe(0)
      await settle(() => handle().retry())
      await settle(() => other.release())
      expect(page.text()).toBe('one: held cart;')
      await page.unmount()
    })

    it('says that it was lost, and takes nothing back by itself', async () => {
      const page = await mount(<Holder />, strict)
      const thief = new Probe(test.port, 'thief', { name: 'cart', steal: true })
      await settle(() => thief.ask())
      expect(page.text()).toBe('one: lost ;')
      expect(handle().error).toBeInstanceOf(LockLostError)
      await settle(() => handle().retry())
      expect(page.text()).toBe('one: waiting ;')
      await settle(() => thief.release())
      expect(page.text()).toBe('one: held cart;')
      await page.unmount()
    })

    it('says why a wait failed', async () => {
      const hold = await locks.mutex('cart').acquire()
      const controller = new AbortController()
      const page = await mount(
        <>
          <Holder timeout={50} />
          <Holder as="two" signal={controller.signal} />
        </>,
        strict,
      )
      await settle(() => test.clock.advance(50))
      expect(handle().error).toBeInstanceOf(TimeoutError)
      await settle(() => controller.abort('enough'))
      expect(handle('two')).toMatchObject({ status: 'failed', error: 'enough' })
      await settle(() => handle('two').retry())
      expect(handle('two')).toMatchObject({ status: 'failed', error: 'enough' })
      await page.unmount()
      hold.release()
    })
  })
}

it('says what this place cannot do', async () => {
  const network = createLocks({ reach: 'network' })
  function Far() {
    const { status, error } = useLock(network.mutex('cart'))
    return status === 'failed' && error instanceof UnsupportedError ? 'unsupported' : status
  }
  const page = await mount(<Far />)
  expect(page.text()).toBe('unsupported')
  await page.unmount()
})

it('tells locks of one name apart by their reach', async () => {
  const realm = createLocks({ reach: 'realm' })
  function Either({ of }: { readonly of: Locks }) {
    return useLock(of.mutex('cart')).status
  }
  const page = await mount(<Either of={locks} />)
  await page.render(<Either of={realm} />)
  expect(locks.stats().holds).toBe(0)
  expect(realm.stats().holds).toBe(1)
  await page.unmount()
  expect(realm.stats().holds).toBe(0)
})

it('takes RW locks in either mode, and keyed mutexes by their key', async () => {
  function Reader({ mode }: { readonly mode: 'shared' | 'exclusive' }) {
    return useLock(locks.rwLock('settings'), { mode }).hold?.mode ?? 'none'
  }
  const page = await mount([<Reader key={1} mode="shared" />, <Reader key={2} mode="shared" />])
  expect(page.text()).toBe('sharedshared')
  await page.render([<Reader key={1} mode="exclusive" />])
  expect(page.text()).toBe('exclusive')
  await page.unmount()

  function User({ id }: { readonly id: number }) {
    return useLock(locks.keyedMutex('user'), { key: id }).hold?.name ?? 'none'
  }
  const users = await mount([<User key={1} id={1} />, <User key={2} id={2} />])
  expect(users.text()).toBe('user:1user:2')
  await users.render([<User key={1} id={3} />])
  expect(users.text()).toBe('user:3')
  await users.unmount()
})

describe('what is refused while rendering', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue())
  afterEach(() => void vi.restoreAllMocks())

  const one = 'lock must be a mutex or rw-lock or keyed-mutex of createLocks()'
  const wrong: [string, (locks: Locks) => unknown, object | undefined, string][] = [
    ['a string', () => 'cart', undefined, `${one}, got "cart"`],
    ['nothing', () => undefined, undefined, `${one}, got undefined`],
    ['what has a name', () => ({ name: 'cart' }), undefined, `${one}, got an object`],
    ['a descriptor', (locks) => locks.mutex('a').descriptor(), undefined, `${one}, got an object`],
    ['a semaphore', (locks) => locks.semaphore('s', 2), {}, `${one}, got "semaphore"`],
    ['a leader', (locks) => locks.leader('l'), {}, `${one}, got "leader"`],
    [
      'a mode that is none',
      (locks) => locks.rwLock('settings'),
      { mode: 'read' },
      'mode must be one of "shared", "exclusive", got "read"',
    ],
    [
      'a keyed mutex without a key',
      (locks) => locks.keyedMutex('user'),
      {},
      'key part 1 must be a string, number, bigint or boolean, got undefined',
    ],
  ]
  it.each(wrong)('%s', async (_, make, options, message) => {
    function Wrong() {
      return useLock(make(locks) as never, options as never).status
    }
    await expect(mount(<Wrong />)).rejects.toThrow(new TypeError(message))
    expect(events).toEqual([])
  })
})

it('hands out holds that nobody ends behind its back', async () => {
  const page = await mount(<Holder fence />)
  const hold = handle().hold as unknown as Hold
  expect(hold.release).toBeUndefined()
  expect(hold[Symbol.dispose]).toBeUndefined()
  expect(hold[Symbol.asyncDispose]).toBeUndefined()
  expect(hold).toMatchObject({ name: 'cart', mode: 'exclusive', abandoned: false, fence: 1 })
  expect(hold).toMatchObject({ id: expect.any(String), grantedAt: expect.any(Number) })
  expect('permits' in hold).toBe(false)
  expect(hold.signal.aborted).toBe(false)
  await expect(hold.renew()).rejects.toThrow('"cart" is held without a lease')
  // On behalf of its own task.
  await expect(hold.mutex('cart').acquire()).rejects.toThrow(ReentrancyError)
  expect(await hold.all(['d', 'e'], () => 'both')).toBe('both')
  await page.unmount()
  expect(() => hold.mutex('more')).toThrow('hold of "cart" has ended and asks nothing')
})
