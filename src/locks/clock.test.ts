import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from './clock'
import { createLocks } from './create-locks'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a delay longer than a timer can take is taken in parts', () => {
  const done = vi.fn()
  const month = 31 * 24 * 3600 * 1000
  systemClock.after(month, done)
  vi.advanceTimersByTime(month - 1)
  expect(done).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(done).toHaveBeenCalledTimes(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('a cancelled one leaves no timer, in whichever part', () => {
  const stop = systemClock.after(2 ** 33, () => {})
  vi.advanceTimersByTime(2 ** 32)
  expect(vi.getTimerCount()).toBe(1)
  stop()
  expect(vi.getTimerCount()).toBe(0)
})

test('locks leave no timer behind, whatever ends the wait', async () => {
  const mutex = createLocks({ reach: 'realm' }).mutex('timers')
  const controller = new AbortController()
  const holder = await mutex.acquire({ timeout: 1000 })
  expect(vi.getTimerCount()).toBe(0)
  const aborted = mutex.acquire({ timeout: 1000, signal: controller.signal })
  const late = mutex.acquire({ timeout: 10 })
  const granted = mutex.acquire({ timeout: 1000 })
  expect(vi.getTimerCount()).toBe(3)
  controller.abort('enough')
  await expect(aborted).rejects.toBe('enough')
  vi.advanceTimersByTime(10)
  await expect(late).rejects.toMatchObject({ code: 'timeout' })
  holder.release()
  ;(await granted).release()
  expect(vi.getTimerCount()).toBe(0)
})

test('what is asked for soon comes in the order of asking, in a later turn', async () => {
  const order: string[] = []
  await new Promise<void>((resolve) => {
    systemClock.soon(() => order.push('first'))
    systemClock.soon(() => {
      order.push('second')
      systemClock.soon(resolve)
    })
    Promise.resolve().then(() => order.push('microtask'))
    order.push('now')
  })
  expect(order).toEqual(['now', 'microtask', 'first', 'second'])
})

test('it keeps a Node process alive only while somebody waits', async () => {
  const ports = () =>
    process.getActiveResourcesInfo().filter((what) => what === 'MessagePort').length
  await new Promise<void>((resolve) => systemClock.soon(resolve))
  const idle = ports()
  const waiting = new Promise<void>((resolve) => systemClock.soon(resolve))
  expect(ports()).toBe(idle + 1)
  await waiting
  expect(ports()).toBe(idle)
})
