/** The worker of a hidden page: when it is hired, and that nothing of it is left. */

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock'
import { Beat } from './beat'

/** A page that is hidden or shown, and the workers that it has. */
class Page extends EventTarget {
  visibilityState = 'hidden'
  readonly addresses = new Set<string>()
  readonly workers: FakeWorker[] = []
  made = 0
  readonly listeners = new Set<unknown>()

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.listeners.add(args[1])
    super.addEventListener(...args)
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners.delete(args[1])
    super.removeEventListener(...args)
  }

  become(state: 'hidden' | 'visible'): void {
    this.visibilityState = state
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

let page: Page

class FakeWorker {
  onmessage: (() => void) | undefined
  onerror: ((event: { preventDefault(): void }) => void) | undefined
  readonly heard: number[] = []

  constructor(readonly address: string) {
    if (!page.addresses.has(address)) throw new Error(`nothing is at ${address}`)
    page.workers.push(this)
    page.made++
  }

  postMessage(interval: number): void {
    this.heard.push(interval)
  }

  terminate(): void {
    page.workers.splice(page.workers.indexOf(this), 1)
  }
}

let clock: VirtualClock
let beats: number
let beat: Beat

beforeEach(() => {
  page = new Page()
  let addresses = 0
  vi.stubGlobal('document', page)
  vi.stubGlobal('Worker', FakeWorker)
  vi.stubGlobal('URL', {
    createObjectURL() {
      page.addresses.add(`blob:${++addresses}`)
      return `blob:${addresses}`
    },
    revokeObjectURL: (address: string) => page.addresses.delete(address),
  })
  clock = new VirtualClock()
  beats = 0
  beat = new Beat(clock, () => beats++)
  return () => vi.unstubAllGlobals()
})

function expectNothingLeft(): void {
  expect(page.workers).toEqual([])
  expect([...page.addresses]).toEqual([])
}

describe('a hidden page', () => {
  test('has one worker for a hundred short leases, and none some seconds later', () => {
    for (let count = 0; count < 100; count++) {
      beat.set(20_000)
      beat.set(0)
    }
    expect(page.made).toBe(1)
    clock.advance(5_000)
    expectNothingLeft()
    expect(page.listeners.size).toBe(0)
    expect(clock.timers).toBe(0)
  })

  test('hears its worker while it has leases only', () => {
    beat.set(20_000)
    const [worker] = page.workers
    worker?.onmessage?.()
    expect(beats).toBe(1)
    beat.set(0)
    expect(worker?.heard).toEqual([20_000, 0])
    worker?.onmessage?.()
    expect(beats).toBe(1)
    beat.set(30_000)
    expect(worker?.heard).toEqual([20_000, 0, 30_000])
    worker?.onmessage?.()
    expect(beats).toBe(2)
    clock.advance(10_000)
    expect(page.workers).toEqual([worker])
  })

  test('has its own timers alone when the worker is refused', () => {
    beat.set(20_000)
    page.workers[0]?.onerror?.({ preventDefault() {} })
    expectNothingLeft()
    page.become('visible')
    page.become('hidden')
    expect(page.made).toBe(1)
    clock.advance(20_000)
    expect(beats).toBe(1)
  })

  test('leaves no address where the worker is refused at once', () => {
    vi.stubGlobal('Worker', function refuse() {
      throw new Error('no workers')
    })
    beat.set(20_000)
    expectNothingLeft()
    clock.advance(20_000)
    expect(beats).toBe(1)
  })
})

describe('a page that is shown again', () => {
  test('has no worker, and has one when it is hidden', () => {
    beat.set(20_000)
    page.become('visible')
    expectNothingLeft()
    page.become('hidden')
    expect(page.workers.length).toBe(1)
    page.become('visible')
    clock.advance(20_000)
    expect(beats).toBe(1)
    beat.set(0)
    expect(page.listeners.size).toBe(0)
  })

  test('has none either when the leases are over before', () => {
    beat.set(20_000)
    beat.set(0)
    page.become('visible')
    expectNothingLeft()
    page.become('hidden')
    expectNothingLeft()
    clock.advance(5_000)
    expect(page.listeners.size).toBe(0)
  })
})
