/** What agents owe each other, and what they ask the mechanism for. */

import { beforeEach, describe, expect, test } from 'vitest'
import type { Fairness } from '../arguments'
import { Locks } from '../create-locks'
import { LockLostError } from '../errors'
import type { LockPort, PortRequest } from '../ports/port'
import { Space } from '../space'
import { Probe } from '../testing/probe'
import { ScriptedPort } from '../testing/scripted-port'
import { type TestAgents, testAgents } from '../testing/test-agents'
import { VirtualClock } from '../testing/virtual-clock'
import type { Semaphore, SemaphoreHold } from './semaphore'
import { SemaphorePort } from './semaphore-port'

const budget = 5

let world: TestAgents

beforeEach(() => {
  world = (testAgents['one queue'] as () => TestAgents)()
})

interface Agent {
  readonly semaphore: Semaphore
  readonly port: LockPort
  /** What it asked the mechanism for and gave back, since the last look. */
  look(): string[]
  /** The page is hidden for good, or frozen. */
  sleep(): void
}

function open(permits: number, fair: Fairness = 'bounded'): Agent {
  const port = world.open().strict
  let journal: string[] = []
  const note = (what: string, { name, ifAvailable }: PortRequest) =>
    journal.push(`${ifAvailable && what === 'ask' ? 'try' : what} ${name}`)
  const strict: LockPort = {
    reach: port.reach,
    bus: port.bus,
    acquire(request) {
      note('ask', request)
      return port.acquire(request)
    },
    release(request) {
      if (request.slot !== undefined) note('release', request)
      port.release(request)
    },
    cancel(request) {
      if (request.slot !== undefined) note('cancel', request)
      port.cancel(request)
    },
    live: () => port.live(),
    query: () => port.query(),
  }
  const { clock } = world
  const space = new Space('origin', () => ({ bounded: strict, strict }), clock)
  const page = new EventTarget()
  const made = (isStrict: boolean) =>
    new SemaphorePort(strict, { clock, budget, strict: isStrict, lifecycle: [page] })
  space.semaphores = { bounded: made(false), strict: made(true) }
  return {
    semaphore: new Locks(space).semaphore('s', permits, { fair }),
    port: strict,
    look() {
      const seen = journal
      journal = []
      return seen
    },
    sleep: () => page.dispatchEvent(new Event('freeze')),
  }
}

/** An acquisition, and its hold once it is granted. */
interface Wait {
  hold: SemaphoreHold | undefined
  error: unknown
  over: boolean
}

async function ask({ semaphore }: Agent, permits = 1): Promise<Wait> {
  const wait: Wait = { hold: undefined, error: undefined, over: false }
  semaphore.acquire(permits).then(
    (hold) => {
      wait.hold = hold
    },
    (error) => {
      wait.error = error
    },
  )
  await world.settle()
  return wait
}

/** Once, if it was granted. */
async function release(wait: Wait): Promise<void> {
  if (!wait.over) wait.hold?.release()
  wait.over = wait.hold !== undefined
  await world.settle()
}

function granted(...waits: readonly Wait[]): boolean[] {
  return waits.map(({ hold }) => hold !== undefined)
}

describe('between agents', () => {
  test('a permit is passed on while its budget lasts, and then to whoever queues', async () => {
    const [one, other] = [open(1), open(1)]
    const first = await ask(one)
    const [second, third] = [await ask(one), await ask(one)]
    const rival = await ask(other)
    world.clock.advance(budget - 1)
    await release(first)
    expect(granted(second, third, rival)).toEqual([true, false, false])
    world.clock.advance(1)
    await release(second)
    expect(granted(third, rival)).toEqual([false, true])
    await release(rival)
    expect(granted(third)).toEqual([true])
    await release(third)
  })

  test('in strict order nothing is passed on', async () => {
    const [one, other] = [open(1, 'strict'), open(1, 'strict')]
    const first = await ask(one)
    const rival = await ask(other)
    const second = await ask(one)
    await release(first)
    expect(granted(rival, second)).toEqual([true, false])
    await release(rival)
    expect(granted(second)).toEqual([true])
    await release(second)
  })

  test('who wants all gets them, though others pass theirs on', async () => {
    const [one, other] = [open(2), open(2)]
    const running = [await ask(one), await ask(one)]
    const all = await ask(other, 2)
    let turns = 0
    for (; all.hold === undefined && turns < 20; turns++) {
      running.push(await ask(one), await ask(one))
      world.clock.advance(2)
      for (const wait of running) await release(wait)
    }
    expect(turns).toBeLessThan(5)
    await release(all)
    for (const wait of running) await release(wait)
  })

  test('an agent alone asks once for each budget whether it may go on', async () => {
    const agent = open(2)
    const waits = [await ask(agent), await ask(agent), await ask(agent), await ask(agent)]
    agent.look()
    world.clock.advance(budget)
    await release(waits[0] as Wait)
    expect(granted(...waits)).toEqual([true, true, true, false])
    expect(agent.look()).toEqual(['try s!q', 'release s!q'])
    // Both may be passed on again.
    await release(waits[1] as Wait)
    expect(granted(...waits)).toEqual([true, true, true, true])
    expect(agent.look()).toEqual([])
    for (const wait of waits.slice(2)) await release(wait)
  })

  test('a gate that is taken away is queued for again', async () => {
    const [one, other] = [open(2), open(2)]
    const first = await ask(one, 2)
    const second = await ask(other, 2)
    const thief = new Probe(one.port, 'thief', { name: 's!q', steal: true })
    thief.ask()
    await world.settle()
    await release(first)
    expect(granted(second)).toEqual([false])
    thief.end()
    await world.settle()
    expect(granted(second)).toEqual([true])
    await release(second)
  })

  test('a stolen permit is no reason for others to wait', async () => {
    const [one, other] = [open(2), open(2)]
    const first = await ask(one, 2)
    const second = await ask(other)
    const thief = new Probe(other.port, 'thief', { name: 's!s0', steal: true })
    thief.ask()
    await world.settle()
    expect(first.hold?.signal.reason).toBeInstanceOf(LockLostError)
    expect(granted(second)).toEqual([true])
    await release(second)
    thief.end()
  })

  test('a page that falls asleep leaves its turn and what it has gathered', async () => {
    const [one, other] = [open(2), open(2)]
    const held = await ask(one)
    const sleeper = await ask(other, 2)
    const wish = await ask(one)
    expect(granted(sleeper, wish)).toEqual([false, false])
    other.sleep()
    await world.settle()
    expect(granted(sleeper, wish)).toEqual([false, true])
    await release(held)
    await release(wish)
    expect(granted(sleeper)).toEqual([true])
    await release(sleeper)
  })
})

describe('what is asked for', () => {
  test('a permit that is free: the gate and one slot', async () => {
    const agent = open(4)
    await release(await ask(agent))
    expect(agent.look()).toEqual(['ask s!q', 'try s!s0', 'release s!q', 'release s!s0'])
  })

  test('all that are missing are queued for, and what is too many goes back', async () => {
    const [one, other] = [open(3), open(3)]
    const holds = [await ask(one), await ask(one), await ask(one)]
    const wait = await ask(other)
    expect(other.look()).toEqual(['ask s!q', 'try s!s0', 'ask s!s0', 'ask s!s1', 'ask s!s2'])
    await release(holds[1] as Wait)
    expect(other.look()).toEqual(['cancel s!s0', 'cancel s!s2', 'release s!q'])
    // The next one does not try first.
    const again = await ask(other)
    expect(other.look()).toEqual(['ask s!q', 'ask s!s0', 'ask s!s2'])
    await release(holds[0] as Wait)
    expect(granted(again)).toEqual([true])
    await release(again)
    await release(wait)
    for (const hold of holds) await release(hold)
  })

  test('a loop goes to the mechanism once in a while', async () => {
    const agent = open(4)
    for (let i = 0; i < 200; i++) await agent.semaphore.run(() => {})
    await world.settle()
    expect(agent.look().length).toBeLessThan(20)
    expect([...agent.port.live()]).toEqual([])
  })

  test('a try that cannot succeed asks for nothing', async () => {
    const agent = open(2)
    const hold = await ask(agent)
    agent.look()
    expect(await agent.semaphore.tryAcquire(2)).toBeNull()
    expect(agent.look()).toEqual([])
    await release(hold)
  })
})

describe('a mechanism that fails', () => {
  test('is told to whoever was first, and the others go on', async () => {
    const clock = new VirtualClock()
    const far = new ScriptedPort(clock)
    const space = new Space('origin', () => ({ bounded: far, strict: far }), clock)
    const semaphore = new Locks(space).semaphore('s', 2)
    const errors: unknown[] = []
    const waits = [semaphore.acquire(), semaphore.acquire()]
    waits[0]?.catch((error) => errors.push(error))
    await clock.settle()
    far.fail(new Error('full'))
    await clock.settle()
    expect(errors).toEqual([new Error('full')])
    // The gate for the other one; then its slot fails, too.
    far.grant()
    waits[1]?.catch((error) => errors.push(error))
    far.fail(new Error('fuller'))
    await clock.settle()
    expect(errors).toEqual([new Error('full'), new Error('fuller')])
    expect({ held: far.held, waiting: far.waiting }).toEqual({ held: [], waiting: [] })
    expect(space.semaphores?.bounded.pools.size).toBe(0)
  })
})
