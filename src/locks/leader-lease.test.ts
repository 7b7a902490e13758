/**
 * Leaders that stand still, and go on: they are replaced, and never believe to lead beside another.
 *
 * `SEED=… npx vitest run …` plays a run again; `RUNS=…` makes it longer.
 */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Leader } from './leader'
import { Errand } from './lease/errand'
import { type SleepyAgent, SleepyOrigin } from './testing/sleepy-agents'

const numRuns = Number(process.env.RUNS ?? 60)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`leader-lease.test.ts: SEED=${seed}`)

const ttl = 1000

class Party {
  readonly leader: Leader
  readonly told: string[] = []

  constructor(
    readonly agent: SleepyAgent,
    /** Fences, in the order of the elections as they were told. */
    readonly fences: number[],
  ) {
    this.leader = agent.locks.leader('sync', { ttl })
    this.leader.subscribe((event) => {
      this.told.push(event.type)
      if (event.type === 'elected') this.fences.push(event.fence ?? 0)
    })
  }

  campaign(): void {
    this.leader.campaign().catch((reason) => this.told.push(`${reason}`))
  }
}

function open(count: number) {
  const origin = new SleepyOrigin()
  const fences: number[] = []
  const parties = Array.from({ length: count }, () => new Party(origin.open(), fences))
  return { origin, fences, parties }
}

/** Who believes to lead, of those who can believe anything. */
function leading(parties: readonly Party[]): Party[] {
  return parties.filter(({ agent, leader }) => !agent.isAsleep && leader.isLeader)
}

test('one that stands still is replaced once its lease has run out, and knows it when it wakes', async () => {
  const { origin, parties, fences } = open(2)
  const [frozen, next] = parties as [Party, Party]
  frozen.campaign()
  await origin.settle()
  next.campaign()
  await origin.settle()
  expect(leading(parties)).toEqual([frozen])
  frozen.agent.sleep()
  await origin.advance(ttl)
  expect(next.leader.isLeader).toBe(false)
  await origin.advance(2 * ttl)
  expect(next.leader.isLeader).toBe(true)
  frozen.agent.wake()
  // Before it has heard of anything: by its own clock.
  expect(frozen.leader).toMatchObject({ isLeader: false, hold: undefined, fence: undefined })
  await origin.advance(100)
  expect(frozen.told).toEqual(['elected', 'lost'])
  expect(fences).toEqual([1, 2])
  expect(leading(parties)).toEqual([next])
})

test('one that nobody wanted to replace leads on when it says so', async () => {
  const { origin, parties, fences } = open(1)
  const [only] = parties as [Party]
  only.campaign()
  await origin.settle()
  only.agent.sleep()
  await origin.advance(5 * ttl)
  only.agent.wake()
  expect(only.leader.isLeader).toBe(false)
  only.campaign()
  await origin.settle()
  expect(only.leader.isLeader).toBe(true)
  expect(only.told).toEqual(['elected'])
  expect(fences).toEqual([1])
  only.leader.resign()
  await origin.settle()
})

test('one that campaigns after its lease was taken queues again', async () => {
  const { origin, parties, fences } = open(2)
  const [frozen, next] = parties as [Party, Party]
  frozen.campaign()
  await origin.settle()
  next.campaign()
  await origin.settle()
  frozen.agent.sleep()
  await origin.advance(3 * ttl)
  frozen.agent.wake()
  frozen.campaign()
  await origin.advance(ttl)
  expect(leading(parties)).toEqual([next])
  next.leader.resign()
  await origin.advance(ttl)
  expect(leading(parties)).toEqual([frozen])
  expect(fences).toEqual([1, 2, 3])
})

test.each([0, 300, undefined])(
  'one whose renewal takes long gives up after %s ms',
  async (timeout) => {
    const { origin, parties } = open(2)
    const [late, other] = parties as [Party, Party]
    late.campaign()
    await origin.settle()
    // Has the turn that renewing what has run out takes, and stands still.
    const turn = new Errand(other.agent.port, 'sync!t').send()
    await origin.settle()
    other.agent.sleep()
    late.agent.sleep()
    await origin.advance(2 * ttl)
    late.agent.wake()
    const patience = new AbortController()
    const told: string[] = []
    const { signal } = patience
    late.leader.campaign({ timeout, signal }).then(
      () => told.push('elected'),
      (reason) => told.push(reason?.name ?? reason),
    )
    await origin.advance(200)
    expect(told).toEqual(timeout === 0 ? ['TimeoutError'] : [])
    await origin.advance(200)
    if (timeout === undefined) patience.abort('enough')
    await origin.settle()
    expect(told).toEqual([timeout === undefined ? 'enough' : 'TimeoutError'])
    // It is the leader still, if nobody wanted it: giving up is no resignation.
    other.agent.wake()
    turn.end()
    await origin.advance(1000)
    expect(late.leader.isLeader).toBe(true)
    expect(late.told).toEqual(['elected'])
    late.leader.resign()
    await origin.advance(1000)
  },
)

test('what renewing took is no longer there for the election', async () => {
  const { origin, parties } = open(3)
  const [late, other, third] = parties as [Party, Party, Party]
  late.campaign()
  await origin.settle()
  third.campaign()
  await origin.settle()
  late.agent.sleep()
  await origin.advance(4 * ttl)
  expect(third.leader.isLeader).toBe(true)
  const turn = new Errand(other.agent.port, 'sync!t').send()
  await origin.settle()
  late.agent.wake()
  // Before it has heard of its loss.
  const began = origin.clock.now()
  let ended = 0
  late.leader.campaign({ timeout: 1000 }).catch(() => {
    ended = origin.clock.now() - began
  })
  await origin.advance(500)
  turn.end()
  await origin.advance(2000)
  expect(ended).toBe(1000)
  third.leader.resign()
  await origin.settle()
})

type Step =
  | { readonly do: 'campaign' | 'resign' | 'sleep' | 'wake' | 'die'; readonly who: number }
  | { readonly do: 'pass'; readonly ms: number }

const count = 4
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('campaign', 'campaign', 'resign', 'sleep', 'sleep', 'wake', 'wake'),
      who: fc.nat(count - 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), who: fc.nat(count - 2) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.oneof(fc.nat(50), fc.nat(3 * ttl)),
    }),
  },
)

test('at most one believes to lead, fences rise, and in the end somebody leads', async () => {
  let elections = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { origin, parties, fences } = open(count)
      const look = () => expect(leading(parties).length).toBeLessThanOrEqual(1)
      for (const each of steps) {
        if (each.do === 'pass') {
          for (let left = each.ms; left > 0; left -= 50) {
            origin.clock.advance(Math.min(50, left))
            look()
            await origin.settle()
            look()
          }
          continue
        }
        const { agent, leader } = parties[each.who] as Party
        if (each.do === 'wake' && !agent.isDead) agent.wake()
        if (each.do === 'die') agent.die()
        if (agent.isAsleep) continue
        if (each.do === 'campaign') parties[each.who]?.campaign()
        if (each.do === 'resign') leader.resign()
        if (each.do === 'sleep') agent.sleep()
        look()
        // Not all of it, so that they fall asleep in the midst of something.
        for (let i = 0; i < each.who + 1; i++) await origin.step()
        look()
      }
      const living = parties.filter(({ agent }) => !agent.isDead)
      for (const party of living) party.agent.wake()
      look()
      for (const party of living) party.campaign()
      await origin.advance(30_000, 500)
      expect(leading(parties)).toHaveLength(1)
      const rising = [...fences].sort((a, b) => a - b)
      expect(fences).toEqual([...new Set(rising)])
      elections += fences.length
    }),
    { seed, numRuns },
  )
  expect(elections).toBeGreaterThan(numRuns)
}, 300_000)
