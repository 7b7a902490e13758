// @vitest-environment happy-dom
import { Suspense } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Leader } from '../locks/leader'
import { Probe } from '../locks/testing/probe'
import { type TestLocks, testLocks } from '../locks/testing/test-locks'
import { mount, settle } from './testing/mount'
import { type LeaderHandle, useLeader } from './use-leader'

let test: TestLocks
let handles: Record<string, LeaderHandle>

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  test = testLocks()
  handles = {}
})
afterEach(() => {
  vi.unstubAllGlobals()
  expect(test.locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
})

interface Props {
  readonly as?: string
  readonly name?: string
  readonly enabled?: boolean
}

function Sync({ as = 'one', name = 'sync', enabled }: Props) {
  const handle = useLeader(test.locks.leader(name), { enabled })
  handles[as] = handle
  return `${as}: ${handle.isLeader ? 'leads' : handle.status};`
}

describe.each([false, true])('Strict Mode %s', (strict) => {
  it('leads from the commit to the unmount', async () => {
    const page = await mount(<Sync />, strict)
    expect(page.text()).toBe('one: leads;')
    expect(handles.one?.hold?.name).toBe('sync')
    expect(handles.one?.fence).toBe(handles.one?.hold?.fence)
    const before = handles.one
    await page.render(<Sync />)
    expect(handles.one).toBe(before)
    await page.unmount()
    await test.locks
      .leader('sync')
      .campaign({ timeout: 0 })
      .then((hold) => hold.release())
  })

  it('is one candidate, however many components ask', async () => {
    const page = await mount([<Sync key={1} />, <Sync key={2} as="two" />], strict)
    expect(page.text()).toBe('one: leads;two: leads;')
    expect(test.locks.stats()).toEqual({ holds: 1, waits: 0, names: 1 })
    const { hold } = handles.two ?? {}
    await page.render([<Sync key={2} as="two" />])
    expect(handles.two?.hold).toBe(hold)
    await page.render([<Sync key={2} as="two" />, <Sync key={3} as="three" />])
    expect(page.text()).toBe('two: leads;three: leads;')
    expect(handles.three?.hold).toBe(hold)
    await page.unmount()
  })

  it('waits behind another, resigns for all, and stands again', async () => {
    const other = test.locks.leader('sync')
    await other.campaign()
    const page = await mount([<Sync key={1} />, <Sync key={2} as="two" />], strict)
    expect(page.text()).toBe('one: waiting;two: waiting;')
    await settle(() => other.resign())
    expect(page.text()).toBe('one: leads;two: leads;')
    await settle(() => handles.two?.resign())
    expect(page.text()).toBe('one: idle;two: idle;')
    expect(test.locks.stats().holds).toBe(0)
    await settle(() => handles.one?.campaign())
    expect(page.text()).toBe('one: leads;two: leads;')
    await page.unmount()
  })

  it('stands again after a loss, at the end of the queue', async () => {
    const page = await mount(<Sync />, strict)
    const thief = new Probe(test.port, 'thief', { name: 'sync', steal: true })
    await settle(() => thief.ask())
    expect(page.text()).toBe('one: waiting;')
    await settle(() => thief.release())
    expect(page.text()).toBe('one: leads;')
    await page.unmount()
  })

  it('campaigns while it is enabled, and for whom it is told to', async () => {
    const page = await mount(<Sync enabled={false} />, strict)
    expect(page.text()).toBe('one: idle;')
    await page.render([<Sync key={1} enabled={false} />, <Sync key={2} as="two" />])
    // The page leads, and everybody sees it.
    expect(page.text()).toBe('one: leads;two: leads;')
    await page.render([<Sync key={1} enabled={false} />])
    expect(page.text()).toBe('one: idle;')
    await page.render([<Sync key={1} />])
    expect(page.text()).toBe('one: leads;')
    await page.render([<Sync key={1} name="other" />])
    expect(handles.one?.hold?.name).toBe('other')
    expect(test.locks.stats()).toEqual({ holds: 1, waits: 0, names: 1 })
    await page.unmount()
  })
})

it('hears of a leader that others make resign', async () => {
  const leader = test.locks.leader('sync')
  function Shared() {
    return useLeader(leader).status
  }
  const page = await mount(<Shared />)
  expect(page.text()).toBe('held')
  await settle(() => leader.resign())
  expect(page.text()).toBe('idle')
  await page.unmount()
})

it('stands again when it was robbed before it had its fence', async () => {
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const { mint } = test.port
  vi.spyOn(test.port, 'mint').mockImplementationOnce(async (...what) => {
    await gate
    return mint?.call(test.port, ...what)
  })
  const page = await mount(<Sync />)
  expect(test.locks.stats().holds).toBe(1)
  expect(page.text()).toBe('one: waiting;')
  const thief = new Probe(test.port, 'thief', { name: 'sync', steal: true })
  await settle(() => thief.ask())
  expect(page.text()).toBe('one: waiting;')
  await settle(() => thief.release())
  expect(page.text()).toBe('one: leads;')
  open()
  await page.unmount()
})

it('does not stand again by itself after another failure', async () => {
  const leader = test.locks.leader('sync')
  const campaign = vi.spyOn(leader, 'campaign').mockRejectedValueOnce(new Error('no disk'))
  function Shared() {
    return useLeader(leader).status
  }
  const page = await mount(<Shared />)
  expect(page.text()).toBe('failed')
  expect(campaign).toHaveBeenCalledOnce()
  await page.unmount()
})

describe('a render that is not committed leaves nothing behind', () => {
  function Named({ leader }: { readonly leader: Leader }) {
    return useLeader(leader).status
  }
  const never = new Promise<void>(() => {})
  function Sleeper({ leader }: { readonly leader: Leader }): string {
    useLeader(leader)
    throw never
  }
  const renders: [string, (leader: Leader) => unknown][] = [
    ['on a server', (leader) => renderToString(<Named leader={leader} />)],
    [
      'in a browser',
      (leader) =>
        mount(
          <Suspense fallback="asleep">
            <Sleeper leader={leader} />
          </Suspense>,
        ),
    ],
  ]
  it.each(renders)('%s', async (_, render) => {
    const known = vi.spyOn(Map.prototype, 'set')
    const thrownAway = test.locks.leader('sync', { ttl: 1_000 })
    await render(thrownAway)
    const names = known.mock.calls.filter(([name, what]) => name === 'sync' && what !== 'leader')
    known.mockRestore()
    expect(names).toEqual([])
    const leader = test.locks.leader('sync', { ttl: 2_000 })
    const page = await mount(<Named leader={leader} />)
    expect(page.text()).toBe('held')
    expect([thrownAway.isLeader, leader.isLeader]).toEqual([false, true])
    await page.unmount()
  })
})

it('shows what it has heard, where the leader itself goes by its own clock', async () => {
  const leader = test.locks.leader('sync', { ttl: 1_000 })
  function Shared() {
    const handle = useLeader(leader)
    handles.one = handle
    return handle.status
  }
  const page = await mount(<Shared />)
  const { hold, fence } = handles.one ?? {}
  test.clock.set(test.clock.now() + 5_000)
  expect(leader.isLeader).toBe(false)
  expect(handles.one).toMatchObject({ isLeader: true, fence })
  // Nobody took it: it is renewed, and leads on.
  await settle(() => test.clock.advance(1_000))
  expect(leader.isLeader).toBe(true)
  expect(handles.one?.hold).toBe(hold)
  await page.unmount()
})

it('is one object for one who only looks on, until something changes', async () => {
  const page = await mount([<Sync key={1} enabled={false} />])
  const before = handles.one
  await page.render([<Sync key={1} enabled={false} />])
  expect(handles.one).toBe(before)
  await page.unmount()
})

it('refuses what is no leader while rendering', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  function Wrong() {
    return useLeader(test.locks.mutex('cart') as never).status
  }
  await expect(mount(<Wrong />)).rejects.toThrow(
    new TypeError('leader must be a leader of createLocks(), got "mutex"'),
  )
  vi.restoreAllMocks()
})

it('shows nothing on a server, and campaigns for nobody', () => {
  expect(renderToString(<Sync />)).toBe('one: idle;')
})
