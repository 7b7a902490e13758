// @vitest-environment happy-dom
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLocks } from '../locks'
import { UnsupportedError } from '../locks/errors'
import { type TestLocks, testLocks } from '../locks/testing/test-locks'
import type { LockState } from './lock-states'
import { mount, settle } from './testing/mount'
import { useLockState } from './use-lock-state'

let test: TestLocks
let states: LockState[]

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  test = testLocks()
  states = []
})
afterEach(() => {
  vi.unstubAllGlobals()
  expect(test.clock.timers).toBe(0)
})

function Presence({ name = 'draft' }: { readonly name?: string }) {
  const state = useLockState(test.locks.mutex(name))
  states.push(state)
  const { known, holders, waiters } = state
  return known ? `${holders.map(({ task }) => task)} < ${waiters.map(({ task }) => task)};` : '?;'
}

/** Long enough for whoever watches to have been told. */
const pass = () =>
  settle(async () => {
    for (let i = 0; i < 3; i++) {
      await test.clock.settle()
      test.clock.advance(1_000)
    }
    await test.clock.settle()
  })

for (const strict of [false, true]) {
  it(`shows who holds and who waits${strict ? ', under Strict Mode' : ''}`, async () => {
    const { locks } = test
    const page = await mount(<Presence />, strict)
    await pass()
    expect(page.text()).toBe(' < ;')
    const ann = await locks.task('ann').mutex('draft').acquire()
    const bob = locks.task('bob').mutex('draft').acquire()
    await pass()
    expect(page.text()).toBe('ann < bob;')
    ann.release()
    await pass()
    expect(page.text()).toBe('bob < ;')
    await settle(async () => (await bob).release())
    await pass()
    expect(page.text()).toBe(' < ;')
    await page.unmount()
  })
}

it('renders anew for its own lock alone, and starts with what is known', async () => {
  const { locks } = test
  const page = await mount([<Presence key="one" />])
  await pass()
  const { length } = states
  const other = await locks.mutex('other').acquire()
  await pass()
  expect(states).toHaveLength(length)

  await page.render([<Presence key="one" />, <Presence key="two" name="other" />])
  expect(states.at(-1)?.holders).toHaveLength(1)
  const before = states.at(-1)
  await page.render([<Presence key="one" />, <Presence key="two" name="other" />])
  expect(states.at(-1)).toBe(before)
  await page.unmount()
  other.release()
})

it('follows the lock that it is given', async () => {
  const { locks } = test
  const [first, second] = [
    await locks.task('ann').mutex('first').acquire(),
    await locks.task('bob').mutex('second').acquire(),
  ]
  const page = await mount(<Presence name="first" />)
  await pass()
  expect(page.text()).toBe('ann < ;')
  await page.render(<Presence name="second" />)
  await pass()
  expect(page.text()).toBe('bob < ;')
  await page.unmount()
  first.release()
  second.release()
})

it('takes locks of every kind', async () => {
  const { locks } = test
  function Kinds() {
    const all = [
      useLockState(locks.rwLock('settings')),
      useLockState(locks.keyedMutex('user'), { key: 'a:b' }),
      useLockState(locks.semaphore('uploads', 4)),
      useLockState(locks.leader('sync')),
    ]
    return all.map(({ holders: [holder] }) => holder?.permits ?? holder?.mode ?? 'free').join()
  }
  const leader = locks.leader('sync')
  await leader.campaign()
  const holds = [
    await locks.rwLock('settings').acquireRead(),
    await locks.keyedMutex('user').acquire('a:b'),
    await locks.semaphore('uploads', 4).acquire(3),
  ]
  const page = await mount(<Kinds />)
  await pass()
  expect(page.text()).toBe('shared,exclusive,3,exclusive')
  await page.unmount()
  for (const hold of holds) hold.release()
  leader.resign()
})

it('knows nothing on a server, and says where nothing can be known', async () => {
  expect(renderToString(<Presence />)).toBe('?;')
  const network = createLocks({ reach: 'network' })
  function Far() {
    const { known, error } = useLockState(network.mutex('draft'))
    return `${known} ${error instanceof UnsupportedError};`
  }
  const page = await mount([<Far key={1} />, <Far key={2} />])
  expect(page.text()).toBe('false true;false true;')
  await page.render([<Far key={1} />, <Far key={3} />])
  expect(page.text()).toBe('false true;false true;')
  await page.unmount()
})

it('refuses what is no lock while rendering', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  function Wrong() {
    return useLockState({ name: 'draft' } as never).known
  }
  await expect(mount(<Wrong />)).rejects.toThrow(
    new TypeError(
      'lock must be a mutex or keyed-mutex or rw-lock or semaphore or leader of createLocks(), got an object',
    ),
  )
  vi.restoreAllMocks()
})
