/** Leases over every mechanism: they need nothing of one but what every port has. */

import { describe, expect, test, vi } from 'vitest'
import { Locks } from '../create-locks'
import { detectDeadlocks } from '../deadlock'
import { DeadlockError, LockLostError } from '../errors'
import type { Hold } from '../hold'
import { MemoryPort } from '../ports/memory'
import type { Answer, PortRequest } from '../ports/port'
import { Space } from '../space'
import { Probe } from '../testing/probe'
import { extend, type TestAgents, testAgents } from '../testing/test-agents'
import { testLocks } from '../testing/test-locks'
import { VirtualClock } from '../testing/virtual-clock'
import { readMarker } from './marker'

vi.setConfig({ testTimeout: 60_000 })

/** What tells of leases is never granted. */
class MuteAboutLeases extends MemoryPort {
  override acquire(request: PortRequest): Answer {
    return readMarker(request.name) === undefined ? super.acquire(request) : 'waiting'
  }
}

/** In ms. */
const ttl = 3000

/** Time passes in small steps, as agents need several to talk to each other. */
async function pass(world: TestAgents, ms: number): Promise<void> {
  await world.settle()
  for (let left = ms; left > 0; left -= 100) {
    world.clock.advance(100)
    await world.settle()
  }
}

async function acquired<H>(world: TestAgents, asked: Promise<H>): Promise<H> {
  await pass(world, 200)
  return asked
}

describe.each(Object.keys(testAgents))('over %s', (name) => {
  const open = () => {
    const world = testAgents[name]?.() as TestAgents
    return { world, one: world.open(), other: world.open() }
  }

  test('one that runs out is taken, and its holder hears of it', async () => {
    const { world, one, other } = open()
    const lease = { ttl, renew: false }
    const hold = await acquired(world, one.locks.mutex('a').acquire({ lease }))
    let next: Hold | undefined
    other.locks
      .mutex('a')
      .acquire()
      .then((value) => {
        next = value
      })
    await pass(world, ttl - 500)
    expect(next).toBeUndefined()
    await pass(world, 5000)
    expect(next?.name).toBe('a')
    expect(hold.signal.reason).toBeInstanceOf(LockLostError)
    hold.release()
    await pass(world, 1000)
    expect(next?.signal.aborted).toBe(false)
    next?.release()
    await pass(world, 1000)
    expect(await acquired(world, one.locks.query())).toEqual({ held: [], pending: [] })
  })

  test('one that is renewed is not', async () => {
    const { world, one, other } = open()
    const hold = await acquired(world, one.locks.rwLock('r').acquireWrite({ lease: { ttl } }))
    const waits = other.locks.rwLock('r').acquireRead()
    await pass(world, 4 * ttl)
    expect(hold.signal.aborted).toBe(false)
    expect(other.locks.stats().waits).toBe(1)
    hold.release()
    const reader = await acquired(world, waits)
    reader.release()
    await pass(world, 1000)
    expect(await acquired(world, one.locks.query())).toEqual({ held: [], pending: [] })
  })

  test('a writer’s lock and gate are taken for readers and writers who wait', async () => {
    const { world, one, other } = open()
    const lease = { ttl, renew: false }
    await acquired(world, one.locks.rwLock('r').acquireWrite({ lease }))
    const done: string[] = []
    other.locks.rwLock('r').write(() => void done.push('write'))
    other.locks.rwLock('r').read(() => void done.push('read'))
    await pass(world, 3 * ttl + 6000)
    expect(done.sort()).toEqual(['read', 'write'])
  })

  test('a circle of leased waits is a deadlock, and is found', async () => {
    const { world, one, other } = open()
    const deadlock = detectDeadlocks({ after: 500 })
    for (const { locks } of [one, other]) extend(locks, { deadlock })
    const options = { lease: { ttl } }
    const a = await acquired(world, one.locks.task('t1').mutex('a').acquire(options))
    const b = await acquired(world, other.locks.task('t2').mutex('b').acquire(options))
    const ends = Promise.allSettled([
      a
        .mutex('b')
        .run(() => {}, options)
        .finally(() => a.release()),
      b
        .mutex('a')
        .run(() => {}, options)
        .finally(() => b.release()),
    ])
    await pass(world, 3000)
    const reasons = (await ends).flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
    expect(reasons).toEqual([expect.any(DeadlockError)])
  })

  test('of an agent that dies nothing is left', async () => {
    const { world, one, other } = open()
    await acquired(world, one.locks.mutex('a').acquire({ lease: true }))
    const waits = other.locks.mutex('a').acquire({ lease: true })
    one.die()
    const hold = await acquired(world, waits)
    hold.release()
    await pass(world, 1000)
    expect(await acquired(world, other.locks.query())).toEqual({ held: [], pending: [] })
  })
})

describe('in one agent', () => {
  test('who loses a lock before its lease is told hears of it', async () => {
    const clock = new VirtualClock()
    const port = new MuteAboutLeases(clock)
    const locks = new Locks(new Space('origin', () => ({ bounded: port, strict: port }), clock))
    const asked = locks.mutex('a').acquire({ lease: { ttl } })
    asked.catch(() => {})
    await clock.settle()
    const thief = new Probe(port, 'thief', { steal: true })
    thief.ask()
    await clock.settle()
    const late = clock.settle().then(() => 'still waits')
    await expect(Promise.race([asked, late])).rejects.toBeInstanceOf(LockLostError)
    thief.release()
    expect([...port.live()]).toEqual([])
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test('one that is renewed never runs out, one that is not does', async () => {
    const { locks, clock } = testLocks('memory')
    const timers = clock.timers
    const mutex = locks.mutex('a')
    const hold = await mutex.acquire({ lease: { ttl } })
    const next = mutex.acquire({ lease: { ttl, renew: false } })
    const last = mutex.acquire()
    for (let i = 0; i < 200; i++) {
      clock.advance(100)
      await clock.settle()
    }
    expect(hold.signal.aborted).toBe(false)
    hold.release()
    const second = await next
    for (let i = 0; i < 60; i++) {
      clock.advance(100)
      await clock.settle()
    }
    expect(second.signal.reason).toBeInstanceOf(LockLostError)
    const third = await last
    third.release()
    await clock.settle()
    expect(clock.timers).toBe(timers)
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })
})
