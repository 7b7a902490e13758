/** A thread on a virtual clock: it keeps its times, and lets go however it ends. */

import { describe, expect, test } from 'vitest'
import { createLocks, type LockEvent } from '../locks'
import type { Section } from '../scenario'
import { type Part, playThread } from './play-thread'
import { type Waiting, waitUntil } from './punctual'

/** Time passes only by waiting; timers come late by what `lateness` says, naps are exact. */
class VirtualWaiting implements Waiting {
  readonly near = 8
  readonly slept: number[] = []
  time = 0
  constructor(readonly lateness: () => number = () => 0) {}
  now() {
    return this.time
  }
  async sleep(delay: number, signal: AbortSignal) {
    this.slept.push(delay)
    await Promise.resolve()
    signal.throwIfAborted()
    this.time += delay + this.lateness()
  }
  async nap(delay: number) {
    this.time += delay
  }
}

const never = new AbortController().signal

describe('waitUntil', () => {
  test('is exact though timers are late', async () => {
    const waiting = new VirtualWaiting(() => 3)
    expect(await waitUntil(1000, waiting, never)).toBe(0)
    expect(waiting).toMatchObject({ time: 1000, slept: [992] })
  })

  test('says how late it is when a timer was later than that', async () => {
    const waiting = new VirtualWaiting(() => 30)
    expect(await waitUntil(1000, waiting, never)).toBe(22)
  })

  test('sleeps on where a timer comes early', async () => {
    const waiting: VirtualWaiting = new VirtualWaiting(() => (waiting.slept.length === 1 ? -50 : 0))
    expect(await waitUntil(1000, waiting, never)).toBe(0)
    expect(waiting.slept).toEqual([992, 50])
  })

  test('does not wait for the past', async () => {
    const waiting = new VirtualWaiting()
    waiting.time = 70
    expect(await waitUntil(50, waiting, never)).toBe(20)
    expect(waiting).toMatchObject({ time: 70, slept: [] })
  })

  test('gives up with the reason', async () => {
    const reason = new Error('enough')
    await expect(waitUntil(9, new VirtualWaiting(), AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})

describe('playThread', () => {
  const sections: readonly Section[] = [
    { mode: 'read', at: 1000, hold: 3000 },
    { mode: 'write', at: 2000, hold: 500 },
    { mode: 'read', at: 6000, hold: 1000 },
  ]
  let names = 0

  function stage(waiting: VirtualWaiting, more: Partial<Part> = {}) {
    const locks = createLocks({ reach: 'realm' })
    const name = `play ${names++}`
    const lock = locks.task('T').rwLock(name)
    const events: string[] = []
    let grantedAt = Number.NaN
    const stop = locks.subscribe((event: LockEvent) => {
      if (event.lock !== name) return
      if (event.type === 'grant') grantedAt = waiting.time
      events.push(`${waiting.time} ${event.type} ${event.mode}`)
    })
    const part: Part = {
      lock,
      sections,
      start: 100,
      speed: 10,
      grantedAt: () => grantedAt,
      waiting,
      signal: never,
      ...more,
    }
    return { part, lock, events, stop }
  }

  test('asks at its times or as soon as it is free, and holds as long as it should', async () => {
    const { part, events, stop } = stage(new VirtualWaiting())
    expect(await playThread(part)).toEqual({ latest: 0, late: 0 })
    expect(events).toEqual([
      '200 request shared',
      '200 grant shared',
      '500 release shared',
      '500 request exclusive',
      '500 grant exclusive',
      '550 release exclusive',
      '700 request shared',
      '700 grant shared',
      '800 release shared',
    ])
    stop()
  })

  test('is late by its last timer only, never by all of them', async () => {
    const { part, events, stop } = stage(new VirtualWaiting(() => 18))
    expect(await playThread(part)).toEqual({ latest: 10, late: 50 })
    expect(events.filter((event) => event.includes('request'))).toEqual([
      '210 request shared',
      '520 request exclusive',
      '710 request shared',
    ])
    stop()
  })

  test('cancelled inside a section, it lets go', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const waiting = new VirtualWaiting(() => {
      if (waiting.time > 150) controller.abort(reason)
      return 0
    })
    const { part, events, lock, stop } = stage(waiting, { signal: controller.signal })
    await expect(playThread(part)).rejects.toBe(reason)
    expect(events.at(-1)).toMatch(/release shared$/)
    const free = await lock.tryAcquireWrite()
    expect(free).not.toBeNull()
    free?.release()
    stop()
  })

  test('cancelled while it waits for the lock, it leaves the queue', async () => {
    const controller = new AbortController()
    const { part, events, lock, stop } = stage(new VirtualWaiting(), { signal: controller.signal })
    const writing = await lock.acquireWrite()
    const played = playThread({ ...part, lock: createLocks({ reach: 'realm' }).rwLock(lock.name) })
    while (!events.at(-1)?.endsWith('request shared')) await Promise.resolve()
    controller.abort('enough')
    await expect(played).rejects.toBe('enough')
    expect(events.at(-1)).toBe('200 abort shared')
    writing.release()
    stop()
  })
})
