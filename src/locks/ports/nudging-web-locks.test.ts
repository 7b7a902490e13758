/** A browser whose queue stands still until somebody asks, as Chromium's does at times. */

import { expect, test } from 'vitest'
import { createLockManager } from '../lock-manager'
import { Probe } from '../testing/probe'
import { VirtualClock } from '../testing/virtual-clock'
import { MemoryPort } from './memory'
import { NudgingWebLocksPort } from './nudging-web-locks'
import { WebLocksPort } from './web-locks'

function setUp() {
  const clock = new VirtualClock()
  const real = createLockManager({ port: new MemoryPort(clock, 'browser') })
  /** When each request was made, in ms. */
  const asked: number[] = []
  let stands: (() => void) | undefined
  const request = async (
    name: string,
    options: LockOptions,
    callback: LockGrantedCallback<unknown>,
  ) => {
    asked.push(clock.now())
    stands?.()
    return real.request(name, options, callback)
  }
  const browser = { request, query: () => real.query() } as object as LockManager
  const port = new NudgingWebLocksPort(browser, undefined, clock, [])
  const elsewhere = new Probe(new WebLocksPort(real, undefined, clock, []), 'elsewhere', {})
  const pass = async (ms: number) => {
    clock.advance(ms)
    await clock.settle()
  }
  /** It lets go when somebody asks for the lock. */
  const standStill = () => {
    stands = () => elsewhere.release()
  }
  return { clock, port, asked, elsewhere, pass, standStill, real }
}

test('who waits in a queue that stands still gets the lock after a second', async () => {
  const { clock, port, asked, elsewhere, pass, standStill, real } = setUp()
  elsewhere.ask()
  await clock.settle()
  const probe = new Probe(port, 'probe', {})
  probe.ask()
  await clock.settle()
  standStill()
  await pass(999)
  expect([probe.state, asked.length]).toEqual(['waiting', 1])
  await pass(1)
  expect([probe.state, asked.length]).toEqual(['held', 2])
  probe.release()
  await clock.settle()
  expect(await real.query()).toEqual({ held: [], pending: [] })
})

test('it asks more and more rarely, and not at all when nobody waits', async () => {
  const { clock, port, asked, elsewhere, pass, real } = setUp()
  elsewhere.ask()
  await clock.settle()
  const begin = clock.now()
  const probe = new Probe(port, 'probe', {})
  probe.ask()
  await clock.settle()
  for (let second = 0; second < 120; second++) await pass(1000)
  expect(asked.map((at) => (at - begin) / 1000)).toEqual([0, 1, 2, 4, 8, 70])
  // Whoever comes later is not made to wait for it.
  const late = new Probe(port, 'late', {})
  late.ask()
  asked.length = 0
  await pass(1000)
  expect(asked).toHaveLength(1)
  expect((await real.query()).pending).toHaveLength(2)
  late.cancel()
  elsewhere.release()
  await clock.settle()
  probe.release()
  asked.length = 0
  for (let second = 0; second < 20; second++) await pass(1000)
  expect(asked).toEqual([])
  expect(clock.timers).toBe(0)
})
