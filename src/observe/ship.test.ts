/** Sending recordings, on a virtual clock. */

import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type TestLocks, testLocks } from '../locks/testing/test-locks'
import { microtasks } from '../locks/testing/virtual-clock'
import { merge } from './merge'
import { type Recorder, record } from './record'
import type { Recording } from './recording'

let made: TestLocks
let recorder: Recorder
let sent: Recording[]

beforeEach(() => {
  made = testLocks()
  recorder = record(made.locks, { sample: 1 })
  sent = []
})

afterEach(() => {
  recorder.stop()
  vi.unstubAllGlobals()
})

async function hold(ms: number): Promise<void> {
  const held = await made.locks.mutex('a').acquire()
  made.clock.advance(ms)
  held.release()
  await made.clock.settle()
}

const grants = () => sent.map(({ locks }) => locks.reduce((sum, { grants }) => sum + grants, 0))

test('sends what has come since the last time, and the recorder still knows all', async () => {
  recorder.ship({ every: 100, to: (each) => sent.push(each) })
  for (const ms of [60, 60, 60, 60]) await hold(ms)
  made.clock.advance(100)
  await microtasks()
  // Granted at 0, 60, 120 and 180.
  expect(grants()).toEqual([2, 2, 0])
  expect(recorder.recording().locks).toMatchObject([{ grants: 4, hold: { count: 4, sum: 240 } }])
  expect(recorder.recording().events).toHaveLength(12)
  expect(merge(sent).events).toEqual(recorder.recording().events)
  expect(sent[1]?.from).toBe(sent[0]?.to)
})

test('never sends two at once: what piles up goes as one', async () => {
  const ends: (() => void)[] = []
  const shipment = recorder.ship({
    every: 100,
    to: (each) => {
      sent.push(each)
      return new Promise<void>((resolve) => ends.push(resolve))
    },
  })
  for (let i = 0; i < 4; i++) await hold(100)
  expect(sent).toHaveLength(1)
  expect(shipment.busy).toBe(true)
  ends[0]?.()
  await microtasks()
  await hold(100)
  expect(sent).toHaveLength(2)
  ends[1]?.()
  await microtasks()
  made.clock.advance(100)
  expect(grants().reduce((sum, each) => sum + each, 0)).toBe(5)
})

test('what could not be sent goes with the next one', async () => {
  const errors: unknown[] = []
  const shipment = recorder.ship({
    every: 100,
    to: async (each) => {
      if (errors.length < 2) throw new Error(`down ${errors.length}`)
      sent.push(each)
    },
    onError: (error) => errors.push(error),
  })
  for (let i = 0; i < 3; i++) await hold(50)
  for (let i = 0; i < 4; i++) {
    made.clock.advance(100)
    await microtasks()
  }
  expect(errors).toEqual([new Error('down 0'), new Error('down 1')])
  expect(shipment.failures).toBe(2)
  expect(grants().reduce((sum, each) => sum + each, 0)).toBe(3)
})

test.each(['stop', 'abort', 'recorder'] as const)(
  'ends by %s, and leaves no timer',
  async (how) => {
    const controller = new AbortController()
    const shipment = recorder.ship({
      every: 100,
      to: (each) => sent.push(each),
      signal: controller.signal,
    })
    await hold(150)
    if (how === 'stop') shipment.stop()
    else if (how === 'abort') controller.abort()
    else recorder.stop()
    made.clock.advance(1000)
    expect(sent).toHaveLength(1)
    expect(made.clock.timers).toBe(0)
    // A signal may live as long as the page.
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  },
)

test('nothing is shipped of a recorder that has stopped', () => {
  recorder.stop()
  const { signal } = new AbortController()
  expect(() => recorder.ship({ to: () => {}, signal })).toThrow(TypeError)
  expect(() => recorder.ship({ to: () => {}, signal })).toThrow(/^this recorder has stopped/)
  expect(made.clock.timers).toBe(0)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('an address gets JSON, and an answer that is no success counts as failure', async () => {
  const calls: { readonly url: string; readonly body: Recording }[] = []
  let status = 500
  vi.stubGlobal('fetch', async (url: string, { method, body }: { method: string; body: Blob }) => {
    expect(method).toBe('POST')
    calls.push({ url, body: JSON.parse(await body.text()) })
    return new Response(null, { status })
  })
  const errors: unknown[] = []
  recorder.ship({ every: 100, to: '/profiles', onError: (error) => errors.push(error) })
  await hold(100)
  await vi.waitFor(() => expect(errors).toHaveLength(1))
  status = 204
  await hold(100)
  await vi.waitFor(() => expect(calls).toHaveLength(2))
  expect(errors).toHaveLength(1)
  expect(calls.map(({ url }) => url)).toEqual(['/profiles', '/profiles'])
  // What failed is in it.
  expect(calls[1]?.body.locks).toMatchObject([{ grants: 2 }])
})

test('the rest goes as a beacon when the page is hidden, without events if they are too many', async () => {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const sizes: number[] = []
  vi.stubGlobal('document', document)
  vi.stubGlobal('navigator', {
    sendBeacon: (_to: string, body: Blob) => {
      sizes.push(body.size)
      if (sizes.length === 1) return false
      body.text().then((text) => sent.push(JSON.parse(text)))
      return true
    },
  })
  recorder.ship({ every: 1000, to: '/profiles' })
  await hold(10)
  document.visibilityState = 'hidden'
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({ locks: [{ grants: 1 }], events: [], dropped: 3 })
  expect(sizes).toHaveLength(2)
})

test('what is too much for any beacon counts as a failure, and goes later', async () => {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  let beacons = 0
  vi.stubGlobal('document', document)
  vi.stubGlobal('navigator', { sendBeacon: () => ++beacons < 0 })
  vi.stubGlobal('fetch', async (_: string, { body }: { body: Blob }) => {
    sent.push(JSON.parse(await body.text()))
    return new Response(null, { status: 204 })
  })
  const errors: unknown[] = []
  const onError = (error: unknown) => errors.push(error)
  const shipment = recorder.ship({ every: 1000, to: '/profiles', onError })
  await hold(10)
  document.visibilityState = 'hidden'
  document.dispatchEvent(new Event('visibilitychange'))
  expect(beacons).toBe(2)
  expect(shipment.failures).toBe(1)
  expect(errors).toEqual([new Error('the rest is too much for a beacon to /profiles')])
  made.clock.advance(1000)
  await vi.waitFor(() => expect(sent).toHaveLength(1))
  expect(grants()).toEqual([1])
})

test('one at a time', () => {
  const first = recorder.ship({ to: () => {} })
  expect(() => recorder.ship({ to: () => {} })).toThrow(/a shipment goes on/)
  first.stop()
  recorder.ship({ to: () => {} })
})

test.each([
  [{ to: 5 }, /^to must be a function or an address/],
  [{ to: () => {}, every: 5 }, /^every must be between/],
  [{ to: () => {}, signal: {} }, /^signal must be an AbortSignal/],
  [{ to: () => {}, onError: 5 }, /^onError must be a function/],
])('refuses %o', (options, message) => {
  expect(() => recorder.ship(options as never)).toThrow(message)
  expect(made.clock.timers).toBe(0)
})
