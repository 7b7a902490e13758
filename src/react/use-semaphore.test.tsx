// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type TestLocks, testLocks } from '../locks/testing/test-locks'
import { mount, settle } from './testing/mount'
import { type SemaphoreHandle, type UseSemaphoreOptions, useSemaphore } from './use-semaphore'

let test: TestLocks
let handles: Record<string, SemaphoreHandle>

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  test = testLocks()
  handles = {}
})
afterEach(() => {
  vi.unstubAllGlobals()
  expect(test.locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
})

interface Props extends UseSemaphoreOptions {
  readonly as: string
  readonly permits?: number
}

function Upload({ as, permits, ...options }: Props) {
  const handle = useSemaphore(test.locks.semaphore('uploads', 3), permits, options)
  handles[as] = handle
  return `${as}: ${handle.hold?.permits ?? handle.status};`
}

describe.each([false, true])('Strict Mode %s', (strict) => {
  it('lets as many in as there are permits', async () => {
    const page = await mount(
      [<Upload key="a" as="a" />, <Upload key="b" as="b" permits={2} />, <Upload key="c" as="c" />],
      strict,
    )
    expect(page.text()).toBe('a: 1;b: 2;c: waiting;')
    await page.render([<Upload key="b" as="b" permits={2} />, <Upload key="c" as="c" />])
    expect(page.text()).toBe('b: 2;c: 1;')
    // Another number is another claim.
    await page.render([<Upload key="b" as="b" permits={3} />, <Upload key="c" as="c" />])
    expect(page.text()).toBe('b: waiting;c: 1;')
    await page.render([<Upload key="b" as="b" permits={3} />])
    expect(page.text()).toBe('b: 3;')
    await page.unmount()
  })

  it('leaves nothing behind when it is unmounted while it waits', async () => {
    const hold = await test.locks.semaphore('uploads', 3).acquire(3)
    const page = await mount(<Upload as="a" />, strict)
    expect(page.text()).toBe('a: waiting;')
    await page.unmount()
    hold.release()
    const all = await test.locks.semaphore('uploads', 3).tryAcquire(3)
    expect(all?.permits).toBe(3)
    all?.release()
  })

  it('fails for more permits than there are, and waits while it is enabled only', async () => {
    const page = await mount(<Upload as="a" permits={4} />, strict)
    expect(handles.a).toMatchObject({ status: 'failed', error: expect.any(RangeError) })
    await page.render(<Upload as="a" enabled={false} />)
    expect(page.text()).toBe('a: idle;')
    await page.render(<Upload as="a" />)
    expect(page.text()).toBe('a: 1;')
    await settle(() => handles.a?.release())
    expect(page.text()).toBe('a: idle;')
    await page.unmount()
  })
})

it('refuses what is no semaphore while rendering', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  function Wrong() {
    return useSemaphore(test.locks.mutex('cart') as never).status
  }
  await expect(mount(<Wrong />)).rejects.toThrow(
    new TypeError('semaphore must be a semaphore of createLocks(), got "mutex"'),
  )
  vi.restoreAllMocks()
})
