/** Leases, among agents that stand still and go on. */

import { expect, test, vi } from 'vitest'
import { LockLostError } from '../errors'
import type { Hold } from '../hold'
import { type SleepyAgent, SleepyOrigin } from '../testing/sleepy-agents'

vi.setConfig({ testTimeout: 60_000 })

const ttl = 3000
const lease = { ttl }

/** What became of a promise, once nothing moves. */
function follow<T>(promise: Promise<T>): { value?: T; error?: unknown } {
  const outcome: { value?: T; error?: unknown } = {}
  promise.then(
    (value) => {
      outcome.value = value
    },
    (error) => {
      outcome.error = error
    },
  )
  return outcome
}

async function acquired(origin: SleepyOrigin, asked: Promise<Hold>): Promise<Hold> {
  const outcome = follow(asked)
  await origin.settle()
  if (outcome.value === undefined) throw new Error(`not acquired: ${outcome.error}`)
  return outcome.value
}

/** Nothing is left in the browser, and no timers but looks that end by themselves. */
async function expectNothingLeft(origin: SleepyOrigin): Promise<void> {
  await origin.advance(10_000)
  expect(origin.snapshot()).toEqual({ held: [], pending: [] })
  expect(origin.clock.timers).toBe(0)
}

function open(count = 2): { origin: SleepyOrigin; agents: SleepyAgent[] } {
  const origin = new SleepyOrigin()
  return { origin, agents: Array.from({ length: count }, () => origin.open()) }
}

test('a holder that stands still loses its lock to who waits, and hears of it when it goes on', async () => {
  const { origin, agents } = open()
  const [frozen, other] = agents as [SleepyAgent, SleepyAgent]
  const lost: unknown[] = []
  frozen.locks.subscribe((event) => event.type === 'lost' && lost.push(event.reason))
  const hold = await acquired(origin, frozen.locks.mutex('a').acquire({ lease }))
  const { signal } = hold
  frozen.sleep()
  const waiting = follow(other.locks.mutex('a').acquire())
  await origin.advance(ttl)
  expect(waiting.value).toBeUndefined()
  await origin.advance(2000)
  expect(waiting.value?.name).toBe('a')
  expect(origin.steals.filter((name) => name === 'a')).toHaveLength(1)
  expect(signal.aborted).toBe(false)
  frozen.wake()
  await origin.settle()
  expect(signal.reason).toBeInstanceOf(LockLostError)
  expect(signal.reason.message).toMatch(/its lease ran out/)
  expect(lost).toEqual(['expired'])
  hold.release()
  await origin.advance(ttl)
  expect(waiting.value?.signal.aborted).toBe(false)
  await expect(hold.renew()).rejects.toBe(signal.reason)
  waiting.value?.release()
  await expectNothingLeft(origin)
})

test('a holder that answers keeps its lock', async () => {
  const { origin, agents } = open()
  const [holder, other] = agents as [SleepyAgent, SleepyAgent]
  const hold = await acquired(origin, holder.locks.mutex('a').acquire({ lease }))
  const waiting = follow(other.locks.mutex('a').acquire())
  await origin.advance(20 * ttl)
  expect(waiting.value).toBeUndefined()
  expect(origin.steals).toEqual([])
  hold.release()
  await origin.settle()
  expect(waiting.value?.name).toBe('a')
  waiting.value?.release()
  await expectNothingLeft(origin)
})

test('one theft, however many wait, and in their order', async () => {
  const { origin, agents } = open(31)
  const [frozen, ...others] = agents as [SleepyAgent, ...SleepyAgent[]]
  await acquired(origin, frozen.locks.mutex('a').acquire({ lease }))
  frozen.sleep()
  const order: number[] = []
  for (const [index, { locks }] of others.entries()) {
    locks.mutex('a').run(
      () => {
        order.push(index)
      },
      index % 2 === 0 ? {} : { lease },
    )
    await origin.settle()
  }
  await origin.advance(ttl + 5000)
  expect(order).toEqual(others.map((_, index) => index))
  expect(origin.steals.filter((name) => name === 'a')).toHaveLength(1)
  frozen.wake()
  await expectNothingLeft(origin)
})

test('a holder without a lease is not robbed, however long it stands still', async () => {
  const { origin, agents } = open()
  const [frozen, other] = agents as [SleepyAgent, SleepyAgent]
  const hold = await acquired(origin, frozen.locks.mutex('a').acquire())
  frozen.sleep()
  const waiting = follow(other.locks.mutex('a').acquire({ lease }))
  await origin.advance(20 * ttl)
  expect(waiting.value).toBeUndefined()
  expect(origin.steals).toEqual([])
  frozen.wake()
  hold.release()
  await origin.settle()
  waiting.value?.release()
  await expectNothingLeft(origin)
})

test('a holder that goes on in time, though its lease has run out, keeps its lock', async () => {
  const { origin, agents } = open(1)
  const [frozen] = agents as [SleepyAgent]
  const hold = await acquired(origin, frozen.locks.mutex('a').acquire({ lease }))
  frozen.sleep()
  await origin.advance(5 * ttl)
  const other = origin.open()
  const waiting = follow(other.locks.mutex('a').acquire())
  frozen.wake()
  await origin.advance(5 * ttl)
  expect(waiting.value).toBeUndefined()
  expect(hold.signal.aborted).toBe(false)
  expect(origin.steals).toEqual([])
  hold.release()
  await origin.settle()
  waiting.value?.release()
  await expectNothingLeft(origin)
})

test.each([
  ['forward', 600_000],
  ['back', -600_000],
])('a clock that is set %s robs nobody who answers', async (_how, shift) => {
  const { origin, agents } = open()
  const [holder, other] = agents as [SleepyAgent, SleepyAgent]
  const hold = await acquired(origin, holder.locks.mutex('a').acquire({ lease }))
  const quiet = await acquired(
    origin,
    holder.locks.mutex('b').acquire({ lease: { ttl: 60_000, renew: false } }),
  )
  const waiting = follow(other.locks.mutex('a').acquire())
  const quietly = follow(other.locks.mutex('b').acquire())
  await origin.advance(1000)
  origin.shift = shift
  await origin.advance(3 * ttl)
  expect([waiting.value, quietly.value]).toEqual([undefined, undefined])
  expect(hold.signal.aborted).toBe(false)
  expect(quiet.signal.aborted).toBe(false)
  expect(origin.steals).toEqual([])
  hold.release()
  quiet.release()
  await origin.advance(2000)
  waiting.value?.release()
  quietly.value?.release()
  await expectNothingLeft(origin)
})

test('a clock that is set back does not save a holder that stands still', async () => {
  const { origin, agents } = open()
  const [frozen, other] = agents as [SleepyAgent, SleepyAgent]
  await acquired(origin, frozen.locks.mutex('a').acquire({ lease }))
  frozen.sleep()
  origin.shift = -600_000
  const waiting = follow(other.locks.mutex('a').acquire())
  await origin.advance(3 * ttl)
  expect(waiting.value?.name).toBe('a')
  frozen.wake()
  waiting.value?.release()
  await expectNothingLeft(origin)
})

test('a lease that is not renewed runs out, unless its holder renews it', async () => {
  const { origin, agents } = open()
  const [holder, other] = agents as [SleepyAgent, SleepyAgent]
  const renew = false
  const hold = await acquired(origin, holder.locks.mutex('a').acquire({ lease: { ttl, renew } }))
  const waiting = follow(other.locks.mutex('a').acquire())
  for (let i = 0; i < 5; i++) {
    await origin.advance(ttl / 2)
    follow(hold.renew())
    await origin.settle()
  }
  expect(waiting.value).toBeUndefined()
  await origin.advance(ttl + 2000)
  expect(waiting.value?.name).toBe('a')
  expect(hold.signal.reason).toBeInstanceOf(LockLostError)
  waiting.value?.release()
  await expectNothingLeft(origin)
})

test('who waits in the same agent gets what was not renewed', async () => {
  const { origin, agents } = open(1)
  const [agent] = agents as [SleepyAgent]
  const mutex = agent.locks.mutex('a')
  const hold = await acquired(origin, mutex.acquire({ lease: { ttl, renew: false } }))
  const waiting = follow(mutex.acquire({ lease }))
  await origin.advance(ttl + 2000)
  expect(hold.signal.reason).toBeInstanceOf(LockLostError)
  expect(waiting.value?.name).toBe('a')
  waiting.value?.release()
  await expectNothingLeft(origin)
})

test('a late release crosses no theft: it robs nobody of what it gave back', async () => {
  const { origin, agents } = open(3)
  const [frozen, thief, next] = agents as [SleepyAgent, SleepyAgent, SleepyAgent]
  const hold = await acquired(origin, frozen.locks.mutex('a').acquire({ lease }))
  frozen.sleep()
  const waiting = follow(thief.locks.mutex('a').acquire({ signal: AbortSignal.timeout(1e9) }))
  await origin.advance(ttl)
  const after = follow(next.locks.mutex('a').acquire())
  // Until the thief has its turn, and is about to look again.
  while (!origin.snapshot().held.some(({ name }) => name === 'a!t')) {
    origin.clock.advance(10)
    await origin.step()
  }
  frozen.wake()
  hold.release()
  await origin.advance(2000)
  const robbed = [waiting, after].filter(({ value }) => value?.signal.aborted)
  expect(robbed).toEqual([])
  waiting.value?.release()
  await origin.advance(1000)
  after.value?.release()
  await expectNothingLeft(origin)
})

test('a thief that stands still in its turn holds up nobody for long', async () => {
  const { origin, agents } = open(3)
  const [frozen, thief, other] = agents as [SleepyAgent, SleepyAgent, SleepyAgent]
  await acquired(origin, frozen.locks.mutex('a').acquire({ lease }))
  frozen.sleep()
  const first = follow(thief.locks.mutex('a').acquire())
  await origin.settle()
  while (!origin.snapshot().held.some(({ name }) => name === 'a!t')) {
    origin.clock.advance(10)
    await origin.step()
  }
  thief.sleep()
  const second = follow(other.locks.mutex('a').acquire())
  await origin.advance(30_000)
  expect(origin.steals.filter((name) => name === 'a')).toHaveLength(1)
  thief.wake()
  await origin.advance(1000)
  expect(first.value?.signal.aborted).toBe(false)
  first.value?.release()
  await origin.settle()
  expect(second.value?.signal.aborted).toBe(false)
  second.value?.release()
  frozen.wake()
  await expectNothingLeft(origin)
})

test('one that stood still before it heard of its grant loses it too', async () => {
  const { origin, agents } = open(3)
  const [holder, frozen, other] = agents as [SleepyAgent, SleepyAgent, SleepyAgent]
  const hold = await acquired(origin, holder.locks.mutex('a').acquire())
  const never = follow(frozen.locks.mutex('a').acquire({ lease }))
  await origin.settle()
  const waiting = follow(other.locks.mutex('a').acquire())
  await origin.settle()
  frozen.sleep()
  hold.release()
  await origin.advance(ttl + 2000)
  expect(waiting.value?.name).toBe('a')
  frozen.wake()
  await origin.settle()
  expect(never.error).toBeInstanceOf(LockLostError)
  expect(waiting.value?.signal.aborted).toBe(false)
  waiting.value?.release()
  await expectNothingLeft(origin)
})

test('a writer that stands still loses the lock and its gate', async () => {
  const { origin, agents } = open(4)
  const [frozen, ...others] = agents as [SleepyAgent, SleepyAgent, SleepyAgent, SleepyAgent]
  const hold = await acquired(origin, frozen.locks.rwLock('r').acquireWrite({ lease }))
  frozen.sleep()
  const writer = follow(others[0].locks.rwLock('r').write(() => 'wrote', { lease }))
  const reader = follow(others[1].locks.rwLock('r').read(() => 'read'))
  const second = follow(others[2].locks.rwLock('r').write(() => 'wrote too'))
  await origin.advance(ttl + 10_000)
  expect([writer.value, reader.value, second.value]).toEqual(['wrote', 'read', 'wrote too'])
  expect(origin.steals.filter((name) => !name.includes('!l')).sort()).toEqual(['r', 'r!w'])
  frozen.wake()
  await origin.settle()
  expect(hold.signal.reason).toBeInstanceOf(LockLostError)
  await expectNothingLeft(origin)
})

test('readers lose a lock when all of them may', async () => {
  const { origin, agents } = open(4)
  const [frozen, answers, bare, other] = agents as [
    SleepyAgent,
    SleepyAgent,
    SleepyAgent,
    SleepyAgent,
  ]
  const first = await acquired(origin, frozen.locks.rwLock('r').acquireRead({ lease }))
  const second = await acquired(origin, answers.locks.rwLock('r').acquireRead({ lease }))
  const third = await acquired(origin, bare.locks.rwLock('r').acquireRead())
  frozen.sleep()
  const writer = follow(other.locks.rwLock('r').acquireWrite())
  await origin.advance(5 * ttl)
  third.release()
  await origin.advance(5 * ttl)
  expect(origin.steals).toEqual([])
  expect(writer.value).toBeUndefined()
  second.release()
  await origin.advance(5000)
  expect(writer.value?.mode).toBe('exclusive')
  frozen.wake()
  await origin.settle()
  expect(first.signal.aborted).toBe(true)
  writer.value?.release()
  await expectNothingLeft(origin)
})

test('an agent that dies while it holds a lease leaves nothing', async () => {
  const { origin, agents } = open()
  const [dead, other] = agents as [SleepyAgent, SleepyAgent]
  await acquired(origin, dead.locks.mutex('a').acquire({ lease }))
  const waiting = follow(other.locks.mutex('a').acquire())
  await origin.settle()
  dead.die()
  await origin.settle()
  expect(waiting.value?.name).toBe('a')
  expect(origin.steals).toEqual([])
  waiting.value?.release()
  await expectNothingLeft(origin)
})

test('a lease renewed by who has none, and after the end', async () => {
  const { origin, agents } = open(1)
  const [agent] = agents as [SleepyAgent]
  const bare = await acquired(origin, agent.locks.mutex('a').acquire())
  await expect(bare.renew()).rejects.toThrow(/^"a" is held without a lease/)
  bare.release()
  const hold = await acquired(origin, agent.locks.mutex('a').acquire({ lease: true, maxHold: 1e6 }))
  hold.release()
  await expect(hold.renew()).rejects.toThrow(/has ended/)
  const limited = await acquired(origin, agent.locks.mutex('a').acquire({ maxHold: 1000 }))
  await expect(limited.renew()).rejects.toThrow(TypeError)
  limited.release()
  await expectNothingLeft(origin)
})

test.each([
  [{ ttl: 99 }, RangeError, /^lease\.ttl must be between 100 and .*got 99/],
  [{ ttl: '1' }, TypeError, /^lease\.ttl must be a number, got "1"/],
  [{ renew: 1 }, TypeError, /^lease\.renew must be true or false, got 1/],
  [5, TypeError, /^lease must be an object, got 5/],
  [{ tll: 500 }, TypeError, /^lease must have no keys but ttl, renew, got "tll"/],
  [[], TypeError, /^lease must be an object, got /],
  ['', TypeError, /^lease must be an object, got ""/],
  [0, TypeError, /^lease must be an object, got 0/],
])('%o is refused before anything changes', async (bad, Kind, message) => {
  const { origin, agents } = open(1)
  const [agent] = agents as [SleepyAgent]
  const asked = agent.locks.mutex('a').acquire({ lease: bad as never })
  await expect(asked).rejects.toThrow(Kind as typeof Error)
  await expect(asked).rejects.toThrow(message)
  expect(origin.snapshot()).toEqual({ held: [], pending: [] })
})
