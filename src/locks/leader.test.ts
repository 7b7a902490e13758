/** Campaigns, elections, resignations and losses, on each port; several agents where it takes them. */

import { describe, expect, test, vi } from 'vitest'
import { LockLostError, TimeoutError } from './errors'
import type { Leader, LeaderEvent } from './leader'
import type { PortRequest } from './ports/port'
import { testAgents } from './testing/test-agents'
import { testLocks } from './testing/test-locks'

function diary(leader: Leader): string[] {
  const seen: string[] = []
  leader.subscribe(({ type }) => seen.push(type))
  return seen
}

describe('one candidate', () => {
  test('is elected, leads by one hold, and resigns', async () => {
    const { locks } = testLocks()
    const leader = locks.leader('sync')
    const seen = diary(leader)
    expect(leader).toMatchObject({ name: 'sync', isLeader: false, hold: undefined })
    expect(leader.fence).toBe(undefined)
    const hold = await leader.campaign()
    expect(hold).toMatchObject({ name: 'sync', mode: 'exclusive' })
    expect(leader.isLeader).toBe(true)
    expect(leader.hold).toBe(hold)
    expect(leader.fence).toBe(hold.fence)
    await expect(leader.campaign()).resolves.toBe(hold)
    leader.resign()
    expect(leader).toMatchObject({ isLeader: false, hold: undefined, fence: undefined })
    expect(seen).toEqual(['elected', 'resigned'])
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    leader.resign()
    expect(seen).toHaveLength(2)
  })

  test('resigns also by its hold, however that is released', async () => {
    const { locks } = testLocks()
    const leader = locks.leader('sync')
    const seen = diary(leader)
    const hold = await leader.campaign()
    hold.release()
    expect(leader.isLeader).toBe(false)
    {
      await using again = await leader.campaign()
      expect(leader.hold).toBe(again)
    }
    expect(seen).toEqual(['elected', 'resigned', 'elected', 'resigned'])
  })

  test('campaigns share one place in the queue, and give up each for itself', async () => {
    const { locks, clock } = testLocks()
    const [first, second] = [locks.leader('sync'), locks.leader('sync')]
    await first.campaign()
    const patience = new AbortController()
    const impatient = second.campaign({ signal: patience.signal })
    const patient = second.campaign()
    await clock.settle()
    expect(locks.stats()).toMatchObject({ holds: 1, waits: 1 })
    patience.abort('enough')
    await expect(impatient).rejects.toBe('enough')
    expect(locks.stats().waits).toBe(1)
    first.resign()
    const hold = await patient
    expect(second.hold).toBe(hold)
    second.resign()
  })

  test('stands again at once, though its last campaign was given up just after the grant', async () => {
    const { locks } = testLocks()
    const leader = locks.leader('sync')
    const patience = new AbortController()
    const first = leader.campaign({ signal: patience.signal })
    patience.abort('enough')
    const second = leader.campaign()
    await expect(first).rejects.toBe('enough')
    const hold = await second
    expect(leader.hold).toBe(hold)
    leader.resign()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test.each([0, 1])(
    'resigns if its campaign is given up %i microtasks after',
    async (microtasks) => {
      const { locks, clock } = testLocks()
      const leader = locks.leader('sync')
      const seen = diary(leader)
      const patience = new AbortController()
      leader.subscribe(async ({ type }) => {
        if (type !== 'elected') return
        for (let i = 0; i < microtasks; i++) await undefined
        patience.abort('enough')
      })
      await expect(leader.campaign({ signal: patience.signal })).rejects.toBe('enough')
      await clock.settle()
      expect(leader.isLeader).toBe(false)
      expect(seen).toEqual(['elected', 'resigned'])
      expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
      expect(clock.timers).toBe(0)
    },
  )

  test.each([true, false])('but not if another one was told of it (before: %s)', async (before) => {
    const { locks, clock } = testLocks()
    const leader = locks.leader('sync')
    const patience = new AbortController()
    let other: Promise<unknown> | undefined
    leader.subscribe(({ type }) => {
      if (type !== 'elected') return
      if (before) other = leader.campaign()
      patience.abort('enough')
      other ??= leader.campaign()
    })
    await expect(leader.campaign({ signal: patience.signal })).rejects.toBe('enough')
    await clock.settle()
    expect(await other).toBe(leader.hold)
    expect(leader.isLeader).toBe(true)
    leader.resign()
  })

  test('leaves the queue when its last campaign gives up', async () => {
    const { locks, clock } = testLocks()
    const [first, second] = [locks.leader('sync'), locks.leader('sync')]
    await first.campaign()
    const patience = new AbortController()
    const both = [1, 2].map(() => second.campaign({ signal: patience.signal }))
    await clock.settle()
    patience.abort('enough')
    await Promise.allSettled(both)
    expect(locks.stats()).toMatchObject({ holds: 1, waits: 0 })
    first.resign()
    await second.campaign()
    second.resign()
  })

  test('says who leads when it takes too long', async () => {
    const { locks, clock } = testLocks()
    const [first, second] = [locks.leader('sync'), locks.leader('sync')]
    await first.campaign()
    const late = second.campaign({ timeout: 50 })
    late.catch(() => {})
    await clock.settle()
    clock.advance(50)
    await expect(late).rejects.toBeInstanceOf(TimeoutError)
    await expect(late).rejects.toThrow(
      'timed out after 50 ms waiting for the leadership of "sync": held by task "leader sync" in this agent (exclusive, for 50 ms); nobody else waits',
    )
    expect(locks.stats().waits).toBe(0)
    first.resign()
    await clock.settle()
    expect(clock.timers).toBe(0)
  })

  test('does not wait at all if it says so', async () => {
    const { locks } = testLocks()
    const [first, second] = [locks.leader('sync'), locks.leader('sync')]
    await first.campaign({ timeout: 0 })
    expect(first.isLeader).toBe(true)
    await expect(second.campaign({ timeout: 0 })).rejects.toBeInstanceOf(TimeoutError)
    first.resign()
  })

  test('who does not wait may give up all the same', async () => {
    const { locks } = testLocks()
    const leader = locks.leader('sync')
    const patience = new AbortController()
    const campaign = leader.campaign({ timeout: 0, signal: patience.signal })
    await Promise.resolve()
    patience.abort('enough')
    await expect(campaign).rejects.toBe('enough')
    expect(leader.isLeader).toBe(false)
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test('a listener that throws harms nobody else, and one that is stopped hears nothing', async () => {
    const { locks } = testLocks()
    const uncaught = vi.fn()
    process.once('uncaughtException', uncaught)
    const leader = locks.leader('sync')
    const stopped = vi.fn()
    leader.subscribe(stopped)()
    const stop = leader.subscribe(() => {
      throw new Error('harm')
    })
    const seen = diary(leader)
    await leader.campaign()
    stop()
    leader.resign()
    expect(seen).toEqual(['elected', 'resigned'])
    expect(stopped).not.toHaveBeenCalled()
    await vi.waitFor(() => expect(uncaught).toHaveBeenCalledTimes(1))
  })

  test('a listener may campaign again at once', async () => {
    const { locks, clock } = testLocks()
    const leader = locks.leader('sync')
    let again: Promise<unknown> | undefined
    leader.subscribe(({ type }) => {
      if (type === 'resigned') again ??= leader.campaign()
    })
    await leader.campaign()
    leader.resign()
    await clock.settle()
    await again
    expect(leader.isLeader).toBe(true)
    leader.resign()
  })

  test('cannot be copied', () => {
    const { locks } = testLocks()
    expect(() => structuredClone(locks.leader('sync'))).toThrow(/cannot be copied/)
  })
})

describe('bad arguments', () => {
  test.each<[string, object | undefined, RegExp]>([
    ['', undefined, /^name must be a non-empty string/],
    ['-a', undefined, /^name must not start with '-'/],
    ['a', { ttl: 99 }, /^ttl must be between 100 and 2147483647, got 99/],
    ['a', { ttl: '5' }, /^ttl must be a number, got "5"/],
    ['a', 5 as never, /^options must be an object, got 5/],
  ])('%j with %j is refused', (name, options, message) => {
    expect(() => testLocks().locks.leader(name, options as never)).toThrow(message)
  })

  test('a campaign checks its own before anything is asked', async () => {
    const { locks } = testLocks()
    const leader = locks.leader('sync')
    await expect(leader.campaign({ timeout: -1 })).rejects.toThrow(RangeError)
    await expect(leader.campaign({ signal: {} as never })).rejects.toThrow(/^signal must be/)
    await expect(leader.campaign({ signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(() => leader.subscribe(5 as never)).toThrow(/^listener must be a function, got 5/)
    expect(locks.stats().names).toBe(0)
  })

  test('a name is in use for one kind of lock', async () => {
    const { locks } = testLocks()
    locks.leader('sync')
    expect(() => locks.mutex('sync')).toThrow('name "sync" is in use for a leader, not for a mutex')
  })
})

describe.each(Object.entries(testAgents))('%s', (_mechanism, open) => {
  test('one leads; who dies or resigns is succeeded in the order of campaigning', async () => {
    const world = open()
    const agents = [1, 2, 3].map(() => world.open())
    const leaders = agents.map(({ locks }) => locks.leader('sync'))
    const [, second, third] = leaders
    const elected: Promise<unknown>[] = []
    for (const leader of leaders) {
      elected.push(leader.campaign())
      await world.settle()
    }
    expect(leaders.map(({ isLeader }) => isLeader)).toEqual([true, false, false])
    agents[0]?.die()
    for (let i = 0; i < 4; i++) {
      world.clock.advance(1_000)
      await world.settle()
    }
    await elected[1]
    expect([second?.isLeader, third?.isLeader]).toEqual([true, false])
    second?.resign()
    await world.settle()
    await elected[2]
    expect([second?.isLeader, third?.isLeader]).toEqual([false, true])
    third?.resign()
    await world.settle()
  })

  test('who is robbed hears it, and does not campaign by itself', async () => {
    const world = open()
    const [victim, thief] = [world.open(), world.open()]
    const leader = victim.locks.leader('sync')
    const seen: LeaderEvent[] = []
    leader.subscribe((event) => seen.push(event))
    const hold = await campaigned(world, leader)
    const request = stealing('sync')
    thief.strict.acquire(request)
    await world.settle()
    expect(leader.isLeader).toBe(false)
    expect(seen.map(({ type }) => type)).toEqual(['elected', 'lost'])
    expect(hold.signal.reason).toBeInstanceOf(LockLostError)
    expect(seen[1]).toEqual({ type: 'lost', reason: hold.signal.reason })
    leader.resign()
    const again = leader.campaign()
    await world.settle()
    expect(leader.isLeader).toBe(false)
    thief.strict.release(request)
    await world.settle()
    await again
    expect(leader.isLeader).toBe(true)
    leader.resign()
    await world.settle()
  })
})

async function campaigned({ settle }: { settle(): Promise<void> }, leader: Leader) {
  const campaign = leader.campaign()
  await settle()
  return campaign
}

function stealing(name: string): PortRequest {
  return {
    ...{ name, mode: 'exclusive', ifAvailable: false, steal: true, slot: undefined },
    ...{ grantedAt: -1, granted() {}, refused() {}, failed() {}, lost() {} },
    describe: () => undefined,
  }
}
