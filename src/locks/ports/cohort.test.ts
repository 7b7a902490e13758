/** What a cohort promises (cohort.ts), against a far port that does as it is told. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LockMode } from '../events'
import { Probe, type ProbeOptions } from '../testing/probe'
import { ScriptedPort } from '../testing/scripted-port'
import { microtasks, VirtualClock } from '../testing/virtual-clock'
import { type CohortPort, cohort } from './cohort'
import { MemoryPort } from './memory'

const budget = 5

let clock: VirtualClock
let far: ScriptedPort
let near: MemoryPort
let port: CohortPort
let page: EventTarget
let probes: Probe[]

beforeEach(() => {
  clock = new VirtualClock()
  far = new ScriptedPort(clock)
  near = new MemoryPort(clock)
  page = new EventTarget()
  port = cohort(near, far, { clock, budget, lifecycle: [page] }) as CohortPort
  probes = []
})

afterEach(async () => {
  for (const probe of probes.toReversed()) probe.end()
  await clock.settle()
  for (let waits = far.waiting.length; waits > 0; waits--) far.grant()
  await clock.settle()
  expect(probes.flatMap(({ mistakes }) => mistakes)).toEqual([])
  expect({ held: far.held, waiting: far.waiting }).toEqual({ held: [], waiting: [] })
  expect([near.queues.size, port.names.size, clock.timers]).toEqual([0, 0, 0])
})

function ask(mode: LockMode = 'exclusive', options: ProbeOptions = {}): Probe {
  const probe = new Probe(port, `${mode} ${probes.length}`, { mode, ...options })
  probes.push(probe)
  probe.ask()
  return probe
}

function states(...some: Probe[]): string {
  return some.map(({ state }) => state).join(' ')
}

/** A loop of `await mutex.run(…)`: acquires and releases `times`, in one turn of the event loop. */
function loop(times: number, mode: LockMode = 'exclusive'): void {
  for (let i = 0; i < times; i++) {
    const probe = ask(mode)
    if (probe.state === 'waiting') far.grant()
    probe.release()
  }
}

test('near must end at the agent', () => {
  // @ts-expect-error: it reaches further than the agent
  expect(() => cohort(far, far)).not.toThrow()
})

describe('one far hold for many', () => {
  test('waiters of the agent follow each other on it', () => {
    const [a, b, c] = [ask(), ask(), ask()]
    far.grant()
    a.release()
    b.release()
    expect(states(a, b, c)).toBe('over over held')
    c.release()
    expect(far.look()).toEqual(['ask exclusive', 'release'])
  })

  test('readers share it in shared mode', () => {
    const [a, b] = [ask('shared'), ask('shared')]
    expect(far.look()).toEqual(['ask shared'])
    far.grant()
    const c = ask('shared')
    expect(states(a, b, c)).toBe('held held held')
    for (const probe of [a, b, c]) probe.release()
    expect(far.look()).toEqual(['release'])
  })

  test('an exclusive one serves readers too', () => {
    const [writer, a, b] = [ask(), ask('shared'), ask('shared')]
    far.grant()
    writer.release()
    expect(states(a, b)).toBe('held held')
    expect(far.look()).toEqual(['ask exclusive'])
  })

  test('a shared one does not serve a writer', () => {
    const [reader, writer] = [ask('shared'), ask()]
    far.grant()
    reader.release()
    expect(states(writer)).toBe('waiting')
    expect(far.look()).toEqual(['ask shared', 'release', 'ask exclusive'])
    far.grant()
    expect(states(writer)).toBe('held')
  })

  test('nobody is inside before it is granted', () => {
    expect(states(ask('shared'), ask('shared'), ask())).toBe('waiting waiting waiting')
  })

  test('when the far port answers at once, so does the cohort', () => {
    far.answers = 'granted'
    const writer = ask()
    const [a, b] = [ask('shared'), ask('shared')]
    clock.advance(budget)
    writer.release()
    expect(states(a, b)).toBe('held held')
  })
})

describe('budget', () => {
  test('once it is spent, the next one queues far again', () => {
    const [a, b] = [ask(), ask()]
    far.grant()
    clock.advance(budget)
    a.release()
    expect(states(b)).toBe('waiting')
    expect(far.look()).toEqual(['ask exclusive', 'release', 'ask exclusive'])
  })

  test('counts from the far grant, not from the asking', () => {
    const [a, b] = [ask(), ask()]
    clock.advance(1000)
    far.grant()
    clock.advance(budget - 1)
    a.release()
    expect(states(b)).toBe('held')
  })

  test('is not renewed by passing the hold on', () => {
    const all = [ask(), ask(), ask(), ask()]
    far.grant()
    for (const probe of all.slice(0, 3)) {
      clock.advance(2)
      probe.release()
    }
    expect(states(...all)).toBe('over over over waiting')
  })

  test('readers who overlap cannot keep a shared far hold alive', () => {
    let reader = ask('shared')
    far.grant()
    for (let i = 0; i < 3; i++) {
      clock.advance(2)
      const next = ask('shared')
      reader.release()
      reader = next
    }
    // The last one came when it was spent: he waits for a far request of his own.
    expect(states(reader)).toBe('waiting')
    expect(far.look()).toEqual(['ask shared', 'ask shared', 'release'])
  })

  test('readers inside of a spent shared hold keep it to their end', () => {
    const first = ask('shared')
    far.grant()
    clock.advance(budget)
    const second = ask('shared')
    far.look()
    far.grant()
    expect(far.look()).toEqual([])
    first.release()
    expect(far.look()).toEqual(['release'])
    expect(states(second)).toBe('held')
  })

  test('a wall clock that was set back counts as a spent budget', () => {
    const [a, b] = [ask(), ask()]
    far.grant()
    clock.set(0)
    a.release()
    expect(states(b)).toBe('waiting')
  })
})

describe('readers who come to a spent exclusive hold that serves readers', () => {
  async function spend(): Promise<Probe> {
    const [writer, reader] = [ask(), ask('shared')]
    far.grant()
    writer.release()
    clock.advance(budget)
    far.look()
    return reader
  }

  test('go in while nobody else waits, so that a nested read does not hang', async () => {
    const outer = await spend()
    const nested = ask('shared')
    expect(states(nested)).toBe('waiting')
    await clock.settle()
    expect(states(outer, nested)).toBe('held held')
    expect(far.look()).toEqual(['query'])
  })

  test('go in with a budget of their own, which is spent in its turn', async () => {
    await spend()
    ask('shared')
    await clock.settle()
    expect(states(ask('shared'))).toBe('held')
    clock.advance(budget)
    far.rivals = ['a']
    const late = ask('shared')
    await clock.settle()
    expect(states(late)).toBe('waiting')
  })

  test('queue far if somebody else waits: he gets in', async () => {
    const reader = await spend()
    far.rivals = ['a']
    const late = ask('shared')
    await clock.settle()
    expect(far.look()).toEqual(['query', 'ask shared'])
    reader.release()
    expect(far.look()).toEqual(['release'])
    far.grant()
    expect(states(late)).toBe('held')
  })

  test('do not mind rivals for other names', async () => {
    await spend()
    far.rivals = ['b']
    const late = ask('shared')
    await clock.settle()
    expect(states(late)).toBe('held')
  })

  test('take it that somebody waits if nobody can tell', async () => {
    await spend()
    far.broken = new Error('no answer')
    const late = ask('shared')
    await clock.settle()
    expect(states(late)).toBe('waiting')
    expect(far.look()).toEqual(['query', 'ask shared'])
  })

  test('queue far if the hold ended while the question was out', async () => {
    const reader = await spend()
    const late = ask('shared')
    reader.release()
    await clock.settle()
    expect(far.look()).toEqual(['query', 'release', 'ask shared'])
    far.grant()
    expect(states(late)).toBe('held')
  })

  test('may give up while the question is out', async () => {
    await spend()
    ask('shared').end()
    await clock.settle()
    expect(far.look()).toEqual(['query'])
  })

  test('and only try: they are let in, or refused, by the same answer', async () => {
    await spend()
    const first = ask('shared', { ifAvailable: true })
    await clock.settle()
    expect(states(first)).toBe('held')
    clock.advance(budget)
    far.rivals = ['a']
    far.answers = 'refused'
    const second = ask('shared', { ifAvailable: true })
    await clock.settle()
    expect(states(second)).toBe('refused')
  })

  test('together with one who only tries, all get an answer', async () => {
    const reader = await spend()
    const trial = ask('shared', { ifAvailable: true })
    const late = ask('shared')
    reader.release()
    await clock.settle()
    far.grant()
    expect(states(trial, late)).toBe('held waiting')
    far.grant()
    expect(states(trial, late)).toBe('held held')
  })
})

describe('lingering', () => {
  test('does not happen before a return at once was seen', () => {
    loop(1)
    expect(far.look()).toEqual(['ask exclusive', 'release'])
  })

  test('happens when returns at once are the rule, to the next turn only', () => {
    loop(10)
    expect(far.look().filter((what) => what.startsWith('ask')).length).toBeLessThanOrEqual(3)
    expect(far.held).toHaveLength(1)
    clock.turn()
    expect(far.look()).toEqual(['release'])
  })

  test('ends with the budget even in an endless loop', () => {
    loop(10)
    clock.advance(budget)
    far.look()
    const next = ask()
    expect(states(next)).toBe('waiting')
    expect(far.look()).toEqual(['release', 'ask exclusive'])
  })

  test('does not begin where each return takes a turn', () => {
    for (let i = 0; i < 20; i++) {
      loop(1)
      clock.turn()
    }
    expect(far.held).toEqual([])
    expect(far.look().filter((what) => what === 'release')).toHaveLength(20)
  })

  test('a wrong guess that made others wait is not made again soon', () => {
    loop(10)
    // The agent works for 50 ms before its event loop turns.
    clock.advance(50)
    clock.turn()
    far.look()
    loop(5)
    expect(far.held).toEqual([])
    clock.turn()
    loop(40)
    expect(far.held).toHaveLength(1)
  })

  test('a wrong guess that cost nobody anything is forgiven', () => {
    loop(10)
    clock.turn()
    far.look()
    loop(10)
    expect(far.held).toHaveLength(1)
  })

  test('bad experience outlives the idle name', () => {
    loop(10)
    clock.advance(50)
    clock.turn()
    expect(port.names.size).toBe(0)
    loop(5)
    expect(far.held).toEqual([])
  })

  test('a lingering hold makes way for a writer where it is shared', () => {
    loop(10, 'shared')
    expect(far.held).toHaveLength(1)
    far.look()
    ask()
    expect(far.look()).toEqual(['release', 'ask exclusive'])
  })

  test.each(['pagehide', 'freeze'])('%s drops it at once', (type) => {
    loop(10)
    far.look()
    page.dispatchEvent(new Event(type))
    expect(far.look()).toEqual(['release'])
  })

  test('pagehide leaves a hold alone that somebody is inside of', () => {
    const inside = ask()
    far.grant()
    page.dispatchEvent(new Event('pagehide'))
    expect(states(inside)).toBe('held')
    expect(far.held).toHaveLength(1)
  })

  test('its theft hurts nobody', () => {
    loop(10)
    far.lose('stolen')
    const next = ask()
    expect(states(next)).toBe('waiting')
  })
})

describe('giving up', () => {
  test('a far request that nobody waits for any more is withdrawn', () => {
    const only = ask()
    only.cancel()
    expect(far.look()).toEqual(['ask exclusive', 'cancel'])
  })

  test('a far request that somebody else waits for is not', () => {
    const [a, b] = [ask('shared'), ask('shared')]
    a.cancel()
    expect(far.look()).toEqual(['ask shared'])
    far.grant()
    expect(states(b)).toBe('held')
  })

  test('readers behind a waiting writer that gives up ask for what they need', () => {
    const [writer, a, b] = [ask(), ask('shared'), ask('shared')]
    writer.cancel()
    expect(far.look()).toEqual(['ask exclusive', 'cancel', 'ask shared'])
    far.grant()
    expect(states(a, b)).toBe('held held')
  })

  test('the next writer takes over the place in the far queue', () => {
    const [first, second] = [ask(), ask()]
    first.cancel()
    expect(far.look()).toEqual(['ask exclusive'])
    far.grant()
    expect(states(second)).toBe('held')
  })

  test('in the near queue changes nothing far', () => {
    const [first, second, third] = [ask(), ask(), ask()]
    second.cancel()
    expect(far.look()).toEqual(['ask exclusive'])
    far.grant()
    first.release()
    expect(states(third)).toBe('held')
  })

  test('a try can be withdrawn before its answer', () => {
    ask('exclusive', { ifAvailable: true }).cancel()
    expect(far.look()).toEqual(['try exclusive', 'cancel'])
  })
})

describe('a try', () => {
  test('is refused where the far lock is', () => {
    const trial = ask('exclusive', { ifAvailable: true })
    far.refuse()
    expect(states(trial)).toBe('refused')
    expect(port.names.size).toBe(0)
  })

  test('that is refused lets the one behind it ask', () => {
    const trial = ask('exclusive', { ifAvailable: true })
    const waiter = ask()
    far.refuse()
    expect(states(trial, waiter)).toBe('refused waiting')
    far.grant()
    expect(states(waiter)).toBe('held')
  })

  test('goes in where the agent has the far lock', () => {
    loop(10)
    expect(states(ask('exclusive', { ifAvailable: true }))).toBe('held')
  })

  test('is refused near without going far', () => {
    ask()
    far.grant()
    far.look()
    expect(states(ask('exclusive', { ifAvailable: true }))).toBe('refused')
    expect(far.look()).toEqual([])
  })

  test('is answered at once where the far port does', () => {
    far.answers = 'refused'
    expect(states(ask('exclusive', { ifAvailable: true }))).toBe('refused')
    expect(port.names.size).toBe(0)
  })
})

describe('a far hold that is taken away', () => {
  test('is lost to everybody inside, and the next one asks anew', () => {
    const [a, b, writer] = [ask('shared'), ask('shared'), ask()]
    far.grant()
    far.look()
    far.lose('stolen')
    expect(states(a, b, writer)).toBe('lost lost waiting')
    expect([a.reason, b.reason]).toEqual(['stolen', 'stolen'])
    expect(far.look()).toEqual(['ask exclusive'])
    far.grant()
    expect(states(writer)).toBe('held')
  })

  test('is not lost to those who are inside of another one', () => {
    const first = ask('shared')
    far.grant()
    clock.advance(budget)
    const second = ask('shared')
    far.grant()
    far.lose('gone')
    expect(states(first, second)).toBe('lost held')
  })

  test('those inside may end each other on hearing of it', () => {
    const all: Probe[] = []
    const hears = (what: string) => {
      if (what === 'lost') for (const probe of all) if (probe.state === 'held') probe.release()
    }
    for (let i = 0; i < 3; i++) all.push(ask('shared', { hears }))
    far.grant()
    far.lose('stolen')
    const next = ask()
    expect(states(next)).toBe('waiting')
    far.grant()
    expect(states(next)).toBe('held')
  })

  test('whoever lost it and asks again waits his turn', () => {
    const again: Probe[] = []
    const hears = (what: string) => {
      if (what === 'lost') again.push(ask())
    }
    const [first, second] = [ask('exclusive', { hears }), ask()]
    far.grant()
    far.lose('stolen')
    far.grant()
    expect(states(first, second, ...again)).toBe('lost held waiting')
  })
})

describe('a far port that fails', () => {
  test('fails whoever waits for its answer; the next one asks anew', () => {
    const error = new Error('no storage')
    const [a, b, writer] = [ask('shared'), ask('shared'), ask()]
    far.fail(error)
    expect(states(a, b, writer)).toBe('failed failed waiting')
    expect([a.error, b.error]).toEqual([error, error])
    far.grant()
    expect(states(writer)).toBe('held')
  })

  test('fails a try', () => {
    const trial = ask('exclusive', { ifAvailable: true })
    far.fail(new Error('no storage'))
    expect(states(trial)).toBe('failed')
  })
})

describe('steal', () => {
  test('goes straight to the far lock', () => {
    const [inside, waiting] = [ask(), ask()]
    far.grant()
    far.look()
    const thief = ask('exclusive', { steal: true })
    expect(far.look()).toEqual(['steal exclusive'])
    far.lose('stolen')
    expect(states(inside, waiting, thief)).toBe('lost waiting waiting')
    far.waiting.reverse()
    far.grant()
    far.grant()
    thief.release()
    expect(states(waiting)).toBe('held')
  })
})

test('nobody is let in twice by a far grant that comes while members change', async () => {
  const [a, b, c] = [ask('shared'), ask('shared'), ask('shared')]
  a.cancel()
  b.cancel()
  far.grant()
  c.release()
  await microtasks()
  expect(far.look()).toEqual(['ask shared', 'release'])
})
