/** What every port promises (port.ts), held against every port that runs in one process. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LockMode } from '../events'
import { Probe, type ProbeOptions } from '../testing/probe'
import { type TestPort, testCohort, testPorts } from '../testing/test-ports'
import { clientIdOf } from './client-id'
import { CohortPort } from './cohort'
import { MemoryPort } from './memory'

describe.each(Object.entries(testPorts))('%s', (_name, open) => {
  let made: TestPort
  let probes: Probe[]
  let journal: string[]

  beforeEach(() => {
    made = open()
    probes = []
    journal = []
  })

  afterEach(async () => {
    for (const probe of probes.toReversed()) probe.end()
    await settle()
    expect(probes.flatMap((probe) => probe.mistakes.map((text) => `${probe.id}: ${text}`))).toEqual(
      [],
    )
    await expectNothingLeft()
  })

  async function expectNothingLeft(): Promise<void> {
    expect([...made.port.live()]).toEqual([])
    expect(await made.port.query()).toEqual({ held: [], pending: [] })
    expect(made.clock.timers).toBe(0)
    for (const port of [made.port, made.far]) {
      if (port instanceof MemoryPort) expect(port.queues.size).toBe(0)
      if (port instanceof CohortPort) expect(port.names.size).toBe(0)
      if (port instanceof CohortPort) expect((port.near as MemoryPort).queues.size).toBe(0)
    }
  }

  async function settle(): Promise<void> {
    await made.clock.settle()
  }

  function ask(id: string, options: ProbeOptions = {}): Probe {
    const hears = (what: string, probe: Probe) => {
      journal.push(`${probe.id} ${what}`)
      options.hears?.(what, probe)
    }
    const probe = new Probe(made.port, id, { ...options, hears })
    probes.push(probe)
    probe.ask()
    return probe
  }

  /** A queue in words: `x1 s2 s3` asks exclusively, then shared twice. */
  async function queue(words: string, options: ProbeOptions = {}): Promise<Record<string, Probe>> {
    const asked: Record<string, Probe> = {}
    for (const id of words.split(' ')) {
      const mode: LockMode = id.startsWith('s') ? 'shared' : 'exclusive'
      asked[id] = ask(id, { ...options, mode })
      await settle()
    }
    return asked
  }

  async function end(probe: Probe | undefined): Promise<string> {
    const before = held()
    probe?.end()
    await settle()
    return held()
      .filter((id) => !before.includes(id))
      .join(' ')
  }

  function held(): string[] {
    return probes.filter(({ state }) => state === 'held').map(({ id }) => id)
  }

  test('a free lock is granted', async () => {
    const { x1 } = await queue('x1')
    expect(x1?.state).toBe('held')
    expect(x1?.grantedAt).toBe(made.clock.coarse())
  })

  test('an exclusive lock is passed on in the order of asking', async () => {
    const { x1, x2, x3 } = await queue('x1 x2 x3')
    expect(held()).toEqual(['x1'])
    expect(await end(x1)).toBe('x2')
    expect(await end(x2)).toBe('x3')
    expect(await end(x3)).toBe('')
  })

  test('all that asks in one turn is served in its order', async () => {
    for (const id of ['x1', 'x2', 'x3']) ask(id)
    await settle()
    for (const probe of [...probes]) await end(probe)
    const grants = journal.filter((line) => line.endsWith('granted')).map((line) => line[1])
    expect(grants).toEqual(['1', '2', '3'])
  })

  test('shared holds coexist, and exclude an exclusive one until the last has gone', async () => {
    const { s1, s2, x3 } = await queue('s1 s2 x3')
    expect(held()).toEqual(['s1', 's2'])
    expect(await end(s1)).toBe('')
    expect(await end(s2)).toBe('x3')
    await end(x3)
  })

  test('a waiting exclusive request holds back later shared ones', async () => {
    const { s1, x2 } = await queue('s1 x2 s3 s4 x5 s6')
    expect(held()).toEqual(['s1'])
    expect(await end(s1)).toBe('x2')
    expect(await end(x2)).toBe('s3 s4')
    expect(held()).toEqual(['s3', 's4'])
  })

  test('shared ones apart from each other in the queue are not granted together', async () => {
    const { x1, s2, x3 } = await queue('x1 s2 x3 s4')
    expect(await end(x1)).toBe('s2')
    expect(await end(s2)).toBe('x3')
    expect(await end(x3)).toBe('s4')
  })

  test('names do not wait for each other', async () => {
    ask('x1', { name: 'a' })
    ask('x2', { name: 'b' })
    await settle()
    expect(held()).toEqual(['x1', 'x2'])
  })

  test.each(['', 'constructor', '__proto__', 'a\u0000b', '💡', 'a b:c%'])(
    'any name will do: %j',
    async (name) => {
      const { x1 } = await queue('x1 x2', { name })
      expect(held()).toEqual(['x1'])
      expect(await end(x1)).toBe('x2')
    },
  )

  describe('ifAvailable', () => {
    const table: readonly [busy: string, mode: LockMode, answer: string][] = [
      ['', 'exclusive', 'held'],
      ['', 'shared', 'held'],
      ['x1', 'exclusive', 'refused'],
      ['x1', 'shared', 'refused'],
      ['s1', 'exclusive', 'refused'],
      ['s1', 'shared', 'held'],
      ['s1 x2', 'shared', 'refused'],
      ['x1 s2', 'shared', 'refused'],
    ]
    test.each(table)('held and waited for by %j: %s is %s', async (busy, mode, answer) => {
      if (busy !== '') await queue(busy)
      const trial = ask('try', { mode, ifAvailable: true })
      await settle()
      expect(trial.state).toBe(answer)
    })

    test('a refused try leaves no trace in the queue', async () => {
      const { x1 } = await queue('x1')
      ask('try', { ifAvailable: true })
      await settle()
      await queue('x2')
      expect(await end(x1)).toBe('x2')
    })

    test('a try right after a release gets the lock', async () => {
      const { x1 } = await queue('x1')
      x1?.release()
      const trial = ask('try', { ifAvailable: true })
      await settle()
      expect(trial.state).toBe('held')
    })

    test('a try right after a release goes behind whoever waits', async () => {
      const { x1, x2 } = await queue('x1 x2')
      x1?.release()
      const trial = ask('try', { ifAvailable: true })
      await settle()
      expect([x2?.state, trial.state]).toEqual(['held', 'refused'])
    })

    test('a try can be withdrawn before its answer', async () => {
      const trial = ask('try', { ifAvailable: true })
      trial.end()
      await settle()
      expect(await queue('x1').then(({ x1 }) => x1?.state)).toBe('held')
    })
  })

  describe('cancel', () => {
    test.each([
      ['head', 'x1', 'x2 x3'],
      ['middle', 'x2', 'x1 x3'],
      ['tail', 'x3', 'x1 x2'],
    ])('at the %s of the queue takes out nobody else', async (_where, gone, left) => {
      const { x0, ...waiting } = await queue('x0 x1 x2 x3')
      await end(waiting[gone])
      let holder: Probe | undefined = x0
      const order: string[] = []
      for (let next = await end(holder); next !== ''; next = await end(holder)) {
        order.push(next)
        holder = waiting[next]
      }
      expect(order.join(' ')).toBe(left)
    })

    test('of a waiting writer lets the readers behind it through', async () => {
      const { x2 } = await queue('s1 x2 s3 s4 x5 s6')
      expect(await end(x2)).toBe('s3 s4')
      expect(held()).toEqual(['s1', 's3', 's4'])
    })

    test('of a waiting reader lets nobody through a writer', async () => {
      const { s3 } = await queue('s1 x2 s3 s4')
      expect(await end(s3)).toBe('')
      expect(held()).toEqual(['s1'])
    })

    test('of the first of several writers lets no reader through', async () => {
      const { x2, x3 } = await queue('s1 x2 x3 s4')
      expect(await end(x2)).toBe('')
      expect(await end(x3)).toBe('s4')
    })

    test('in the same turn as the request', async () => {
      const x1 = ask('x1')
      x1.end()
      const x2 = ask('x2')
      await settle()
      expect(x2.state).toBe('held')
    })

    test('of all that wait, then the release', async () => {
      const { x1, x2, s3 } = await queue('x1 x2 s3')
      x2?.end()
      s3?.end()
      await end(x1)
      await expectNothingLeft()
    })

    test('is told to nobody', async () => {
      const { x2 } = await queue('x1 x2')
      await end(x2)
      expect(journal.filter((line) => line.startsWith('x2'))).toEqual([])
    })
  })

  describe('steal', () => {
    async function steal(id = 'thief'): Promise<Probe> {
      const thief = ask(id, { steal: true })
      await settle()
      return thief
    }

    test('of a free lock', async () => {
      expect((await steal()).state).toBe('held')
    })

    test('makes an exclusive holder lose the lock', async () => {
      const { x1 } = await queue('x1')
      const thief = await steal()
      expect([x1?.state, x1?.reason, thief.state]).toEqual(['lost', 'stolen', 'held'])
    })

    test('makes every shared holder lose the lock', async () => {
      const { s1, s2 } = await queue('s1 s2')
      const thief = await steal()
      expect([s1?.state, s2?.state, thief.state]).toEqual(['lost', 'lost', 'held'])
    })

    test('goes before everybody who waits, and leaves their order alone', async () => {
      const { x2, s3 } = await queue('x1 x2 s3 s4 x5')
      const thief = await steal()
      expect(held()).toEqual(['thief'])
      expect(await end(thief)).toBe('x2')
      expect(await end(x2)).toBe('s3 s4')
      await end(s3)
    })

    test('can be done to a thief', async () => {
      await queue('x1 x2')
      const first = await steal('first')
      const second = await steal('second')
      expect([first.state, second.state]).toEqual(['lost', 'held'])
      expect(await end(second)).toBe('x2')
    })

    test('leaves other names alone', async () => {
      const other = ask('other', { name: 'b' })
      await settle()
      await steal()
      expect(other.state).toBe('held')
    })

    test('the release of a lost hold gives nothing away', async () => {
      const { x1 } = await queue('x1 x2')
      await steal()
      made.port.release(x1 as Probe)
      await settle()
      expect(held()).toEqual(['thief'])
    })

    test('whoever lost it and asks again at once waits behind the thief', async () => {
      const again = new Probe(made.port, 'again', {})
      probes.push(again)
      ask('x1', { hears: (what) => what === 'lost' && again.ask() })
      await settle()
      const thief = await steal()
      expect([thief.state, again.state]).toEqual(['held', 'waiting'])
      expect(await end(thief)).toBe('again')
    })

    test('one of several who lost it may end the others in return', async () => {
      const others: Probe[] = []
      const hears = (what: string) => {
        if (what === 'lost') for (const other of others) if (other.state === 'held') other.release()
      }
      for (const id of ['s1', 's2', 's3']) others.push(ask(id, { mode: 'shared', hears }))
      await settle()
      const thief = await steal()
      await queue('x4 s5')
      expect(held()).toEqual(['thief'])
      expect(await end(thief)).toBe('x4')
    })
  })

  describe('mint', () => {
    /** Of several agents: whoever holds the lock. */
    async function mint(probe: Probe | undefined, count = 1, floor = 0): Promise<number> {
      const first = await probe?.port.mint?.(probe, count, floor)
      await settle()
      return first ?? 0
    }

    /** What the next holder has minted, who gives the lock back. */
    async function next(name = 'a', port = made.port, floor = 0): Promise<number> {
      const probe = new Probe(port, 'next', { name })
      probes.push(probe)
      probe.ask()
      await settle()
      expect(probe.state).toBe('held')
      const minted = await mint(probe, 1, floor)
      await end(probe)
      return minted
    }

    test('begins with 1', async () => {
      expect(await next()).toBe(1)
    })

    test('rises with each hold of a name, whichever agent has it', async () => {
      const minted: number[] = []
      for (let i = 0; i < 12; i++) {
        minted.push(await next('a', i % 3 === 0 ? made.far : made.port))
        await next('b')
      }
      expect(minted).toEqual([...new Set(minted)].sort((a, b) => a - b))
      expect(minted[0]).toBeGreaterThan(0)
    })

    test('as many in a row as are wanted', async () => {
      const { x1 } = await queue('x1')
      const first = await mint(x1, 5)
      expect(await mint(x1, 70_000)).toBeGreaterThanOrEqual(first + 5)
      const second = await mint(x1, 1, first + 70_004)
      await end(x1)
      expect(second).toBeGreaterThan(first + 70_004)
      expect(await next()).toBeGreaterThan(second)
    })

    test('all above the floor, also later ones without', async () => {
      const { x1 } = await queue('x1')
      expect(await mint(x1)).toBe(1)
      expect(await mint(x1, 1, 2 ** 40)).toBe(2 ** 40 + 1)
      await end(x1)
      expect(await next('a', made.far)).toBeGreaterThan(2 ** 40 + 1)
      expect(await next('a', made.port, 5)).toBeGreaterThan(2 ** 40 + 2)
    })

    test('none above the last one, and none is used up by asking for it', async () => {
      const { x1 } = await queue('x1')
      const beyond = mint(x1, 1, Number.MAX_SAFE_INTEGER)
      await expect(beyond).rejects.toThrow('no fences are left above 9007199254740991')
      expect(await mint(x1)).toBe(1)
    })

    test('none for whoever was stolen from before', async () => {
      const { x1 } = await queue('x1')
      const thief = ask('thief', { steal: true })
      // Maybe it has not been told yet.
      expect(await mint(x1)).toBe(0)
      expect(await mint(thief)).toBeGreaterThan(0)
      expect(await mint(x1)).toBe(0)
    })

    test('lower ones for whoever was stolen from later than for the thief', async () => {
      const { x1 } = await queue('x1')
      const before = await mint(x1)
      const thief = ask('thief', { steal: true })
      await settle()
      expect(await mint(thief)).toBeGreaterThan(before)
    })

    test('none for who waits, or has given the lock back', async () => {
      const { x1, x2 } = await queue('x1 x2')
      expect(await mint(x2)).toBe(0)
      await end(x1)
      expect(await mint(x1)).toBe(0)
      expect(await mint(x2)).toBe(1)
    })

    test('none for who gives it back meanwhile, and the next holder gets his own', async () => {
      const { x1, x2 } = await queue('x1 x2')
      const late = mint(x1)
      await end(x1)
      const second = await mint(x2)
      const first = await late
      expect(first === 0 || first < second).toBe(true)
      expect(second).toBeGreaterThan(0)
    })
  })

  test('a second release gives nothing away', async () => {
    const { x1 } = await queue('x1 x2 x3')
    await end(x1)
    made.port.release(x1 as Probe)
    await settle()
    expect(held()).toEqual(['x2'])
  })

  test('the release or cancel of a request that was refused is harmless', async () => {
    await queue('x1')
    const trial = ask('try', { ifAvailable: true })
    await settle()
    made.port.release(trial)
    made.port.cancel(trial)
    await settle()
    expect(held()).toEqual(['x1'])
  })

  test('the cancel of a granted request changes nothing', async () => {
    const { x1 } = await queue('x1 x2')
    made.port.cancel(x1 as Probe)
    await settle()
    expect(held()).toEqual(['x1'])
    expect(await end(x1)).toBe('x2')
  })

  test('live() tells holders in the order of their grants, then waiters in theirs', async () => {
    await queue('s1 s2 x3 s4')
    const live = [...made.port.live()].map((request) => (request as Probe).id)
    expect(live).toEqual(['s1', 's2', 'x3', 's4'])
  })

  test('query() tells names, modes and one id for each agent', async () => {
    await queue('s1 x2')
    const { held, pending } = await made.port.query()
    const clientId = await clientIdOf(made.port)
    expect(held).toMatchObject([{ name: 'a', mode: 'shared', clientId }])
    expect(pending.map(({ name }) => name).every((name) => name === 'a')).toBe(true)
    expect(clientId).not.toBe('')
  })

  test('query() leaves out what was given back or withdrawn in the same turn', async () => {
    const { x1, x2 } = await queue('x1 x2')
    x2?.end()
    x1?.end()
    await settle()
    expect(await made.port.query()).toEqual({ held: [], pending: [] })
  })

  test('a grant may be answered by a release, a refusal by another request', async () => {
    const again = new Probe(made.port, 'again', {})
    probes.push(again)
    const hears = (what: string, probe: Probe) => {
      if (what !== 'granted') return
      probe.release()
      again.ask()
    }
    const { x1 } = await queue('x1')
    ask('x2', { hears })
    await settle()
    x1?.end()
    await settle()
    expect(again.state).toBe('held')
    expect(await queue('x3').then(({ x3 }) => x3?.state)).toBe('waiting')
  })
})

describe('two agents', () => {
  test('of one far lock exclude each other, and take turns', async () => {
    const { far, clock } = (testPorts['cohort over memory'] as () => TestPort)()
    const [one, other] = [testCohort(far, clock), testCohort(far, clock)]
    const first = new Probe(one, 'first', {})
    const second = new Probe(other, 'second', {})
    const third = new Probe(one, 'third', {})
    for (const probe of [first, second, third]) probe.ask()
    await clock.settle()
    expect([first.state, second.state, third.state]).toEqual(['held', 'waiting', 'waiting'])
    clock.advance(10)
    first.release()
    await clock.settle()
    expect([second.state, third.state]).toEqual(['held', 'waiting'])
    second.release()
    await clock.settle()
    expect(third.state).toBe('held')
    third.release()
    await clock.settle()
    expect([far, one, other].map((port) => [...port.live()].length)).toEqual([0, 0, 0])
  })
})
