import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { bounded, listenSafely } from './bounded'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const late = () => new Error('overdue')

it('gives what the work gives, and leaves no timer', async () => {
  const end = new AbortController()
  expect(await bounded(end, 100, late, Promise.resolve(7))).toBe(7)
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(0)
  expect(end.signal.aborted).toBe(false)
})

it('ends the run with what the work fails with', async () => {
  const end = new AbortController()
  const failure = new Error('failed')
  await expect(bounded(end, 100, late, Promise.reject(failure))).rejects.toBe(failure)
  expect(end.signal.reason).toBe(failure)
})

it('ends the run when the work takes too long', async () => {
  const end = new AbortController()
  const waiting = expect(bounded(end, 100, late, new Promise(() => {}))).rejects.toThrow('overdue')
  await vi.advanceTimersByTimeAsync(99)
  expect(end.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await waiting
  expect(end.signal.aborted).toBe(true)
})

it.each(['before', 'meanwhile'])('ends with a run that ends %s', async (when) => {
  const end = new AbortController()
  const reason = new Error('enough')
  if (when === 'before') end.abort(reason)
  const waiting = expect(bounded(end, 100, late, new Promise(() => {}))).rejects.toBe(reason)
  end.abort(reason)
  await waiting
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(0)
})

it('a listener that throws is reported, and nothing else', () => {
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
  const mistake = new Error('a mistake in the listener')
  listenSafely(() => {
    throw mistake
  })
  expect(reported).toEqual([mistake])
})
