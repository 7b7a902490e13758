/** Single flight in one agent and among several, on each mechanism. */

import { afterEach, describe, expect, test } from 'vitest'
import { LockLostError, ReentrancyError, TimeoutError } from './errors'
import type { Hold } from './hold'
import { key } from './key'
import { readOnceMessage } from './once-wire'
import type { PortRequest } from './ports/port'
import { type TestAgent, type TestAgents, testAgents } from './testing/test-agents'
import { testLocks } from './testing/test-locks'

/** Work that ends when the test says so, and who has done it. */
class Work {
  readonly runs: string[] = []
  readonly holds: Hold[] = []
  readonly #ends: { resolve(value: unknown): void; reject(error: unknown): void }[] = []

  by(worker: string): (hold: Hold) => Promise<unknown> {
    return (hold) => {
      this.runs.push(worker)
      this.holds.push(hold)
      return new Promise((resolve, reject) => this.#ends.push({ resolve, reject }))
    }
  }
  /** Its worker is dead: it never ends. */
  bury(): void {
    this.#ends.shift()
  }
  end(value: unknown): void {
    this.#ends.shift()?.resolve(value)
  }
  fail(error: unknown): void {
    this.#ends.shift()?.reject(error)
  }
}

describe('one agent', () => {
  test('calls that overlap share one run and its very result', async () => {
    const { locks, clock } = testLocks()
    const work = new Work()
    const calls = [1, 2, 3].map((n) => locks.once('a', work.by(`${n}`)))
    await clock.settle()
    calls.push(locks.once('a', work.by('4')))
    const result = { of: 'work' }
    work.end(result)
    for (const call of calls) expect(await call).toBe(result)
    expect(work.runs).toEqual(['1'])
    await clock.settle()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    expect(clock.timers).toBe(0)
  })

  test('the next call works anew, also from within the answer to the last one', async () => {
    const { locks } = testLocks()
    let runs = 0
    const call = () => locks.once('a', () => ++runs)
    await expect(call().then(call)).resolves.toBe(2)
    await expect(call()).resolves.toBe(3)
  })

  test('different names do not share, nor do they with a mutex of that name', async () => {
    const { locks } = testLocks()
    const inside = locks.once('a', () =>
      locks.once('b', () => locks.mutex('a').run((hold) => hold.name)),
    )
    await expect(inside).resolves.toBe('a')
  })

  test('its lock is no name for another one', () => {
    const { locks } = testLocks()
    const message = /^name must not .* '!once'.* \(reserved\), got "a!once"/
    expect(() => locks.mutex('a!once')).toThrow(message)
    expect(() => locks.rwLock('a!once')).toThrow(RangeError)
    expect(() => locks.leader('a!once')).toThrow(RangeError)
    expect(locks.mutex('a!').name).toBe('a!')
  })

  test('a failure rejects in all, with the very error', async () => {
    const { locks } = testLocks()
    const error = new Error('no luck')
    const fail = () => {
      throw error
    }
    const calls = [locks.once('a', fail), locks.once('a', fail)]
    for (const call of calls) await expect(call).rejects.toBe(error)
    await expect(locks.once('a', () => 'again')).resolves.toBe('again')
  })

  test('who gives up gives up his own wait alone: the work goes on, and may be joined', async () => {
    const { locks, clock } = testLocks()
    const work = new Work()
    const patience = new AbortController()
    const first = locks.once('a', work.by('first'), { signal: patience.signal })
    await clock.settle()
    patience.abort('enough')
    await expect(first).rejects.toBe('enough')
    expect(work.holds[0]?.signal.aborted).toBe(false)
    const second = locks.once('a', work.by('second'))
    work.end('done')
    await expect(second).resolves.toBe('done')
    expect(work.runs).toEqual(['first'])
  })

  test('a timeout is for the result, whoever works, and says who does', async () => {
    const { locks, clock } = testLocks()
    const work = new Work()
    const late = locks.once('a', work.by('me'), { timeout: 30 })
    late.catch(() => {})
    await clock.settle()
    clock.advance(30)
    await expect(late).rejects.toBeInstanceOf(TimeoutError)
    await expect(late).rejects.toThrow(
      'timed out after 30 ms waiting for the result of once("a"): held by task "once a" in this agent (exclusive, for 30 ms); nobody else waits',
    )
    work.end('in vain')
    await clock.settle()
    expect(locks.stats().holds).toBe(0)
  })

  test('to call for itself is an error at once', async () => {
    const { locks } = testLocks()
    const call = locks.once('a', () => locks.once('a', () => 1))
    await expect(call).rejects.toBeInstanceOf(ReentrancyError)
    await expect(call).rejects.toThrow('once("a") in its own function would wait for itself')
  })

  test('a robbed worker fails in its agent, with what it threw as the cause', async () => {
    const { locks, port, clock } = testLocks()
    const work = new Work()
    const call = locks.once('a', work.by('me'))
    call.catch(() => {})
    await clock.settle()
    port.acquire(stealing('a!once'))
    const [hold] = work.holds
    expect(hold?.signal.reason).toBeInstanceOf(LockLostError)
    work.fail('because')
    await expect(call).rejects.toBe(hold?.signal.reason)
    expect(hold?.signal.reason.cause).toBe('because')
  })

  test.each<[string, unknown[], RegExp]>([
    ['no name', ['', () => 1], /^name must be a non-empty string, got ""/],
    ['a reserved name', ['-a', () => 1], /^name must not start with '-'/],
    ['no function', ['a', 5], /^fn must be a function, got 5/],
    ['options that are none', ['a', () => 1, 5], /^options must be an object, got 5/],
    ['a negative timeout', ['a', () => 1, { timeout: -1 }], /^timeout must be between/],
    [
      'no time at all',
      ['a', () => 1, { timeout: 0 }],
      /^timeout must be between 1 and Inf.*, got 0/,
    ],
    ['a signal that is none', ['a', () => 1, { signal: {} }], /^signal must be an AbortSignal/],
  ])('%s is refused before anything is asked', async (_what, args, message) => {
    const { locks } = testLocks()
    const call = (locks.once as (...args: unknown[]) => Promise<unknown>).apply(locks, args)
    await expect(call).rejects.toThrow(message)
    expect(locks.stats().names).toBe(0)
  })

  test('an aborted signal ends it before it begins', async () => {
    const { locks } = testLocks()
    const call = locks.once('a', () => 1, { signal: AbortSignal.abort('no') })
    await expect(call).rejects.toBe('no')
  })
})

describe.each(Object.entries(testAgents))('%s', (_mechanism, open) => {
  let world: TestAgents
  const worlds: TestAgents[] = []
  const start = (agents: number): TestAgent[] => {
    world = open()
    worlds.push(world)
    return Array.from({ length: agents }, () => world.open())
  }

  /** Lets the time pass that the loss of an agent or a message costs. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      world.clock.advance(100)
      await world.settle()
    }
  }

  afterEach(async () => {
    await pass(12_000)
  })

  test('one agent works, all get a copy of its result', async () => {
    const agents = start(4)
    const work = new Work()
    const calls = agents.map(({ locks }, n) => locks.once('a', work.by(`${n}`)))
    await world.settle()
    work.end({ rows: new Map([[1, 'one']]) })
    await world.settle()
    for (const call of calls) expect(await call).toEqual({ rows: new Map([[1, 'one']]) })
    expect(work.runs).toHaveLength(1)
    for (const { strict } of agents) expect([...strict.live()]).toEqual([])
  })

  test('who calls while the work goes on shares it, who calls afterwards does not', async () => {
    const [one, two] = start(2)
    const work = new Work()
    const first = one?.locks.once('a', work.by('one'))
    await world.settle()
    const second = two?.locks.once('a', work.by('two'))
    await world.settle()
    work.end(1)
    await world.settle()
    await expect(Promise.all([first, second])).resolves.toEqual([1, 1])
    const third = two?.locks.once('a', work.by('two'))
    await world.settle()
    work.end(2)
    await world.settle()
    await expect(third).resolves.toBe(2)
    expect(work.runs).toEqual(['one', 'two'])
  })

  test('who called in the moment of the end is waited for', async () => {
    const [one, two] = start(2)
    const work = new Work()
    const first = one?.locks.once('a', work.by('one'))
    await world.settle()
    // Queued, but its word is under way still.
    world.bus.delay = () => 20
    const second = two?.locks.once('a', work.by('two'))
    if (_mechanism.includes('indexed')) await world.settle()
    work.end(1)
    await world.settle()
    await pass(200)
    await expect(Promise.all([first, second])).resolves.toEqual([1, 1])
    expect(work.runs).toEqual(['one'])
  })

  test('a failure rejects in all, with its name, message and code', async () => {
    const agents = start(3)
    const work = new Work()
    const calls = agents.map(({ locks }) => locks.once('a', work.by('one')))
    for (const call of calls) call.catch(() => {})
    await world.settle()
    class QuotaError extends RangeError {
      override readonly name = 'QuotaError'
      readonly code = 'quota'
    }
    const error = new QuotaError('too much')
    work.fail(error)
    await world.settle()
    const errors = await Promise.all(calls.map((call) => call.catch((reason) => reason)))
    expect(errors.filter((each) => each === error)).toHaveLength(1)
    for (const each of errors) {
      expect(each).toBeInstanceOf(Error)
      expect(each).toMatchObject({ name: 'QuotaError', message: 'too much', code: 'quota' })
    }
  })

  test('what cannot be cloned its own caller gets, and the others a clear error', async () => {
    const [one, two] = start(2)
    const work = new Work()
    const first = one?.locks.once('a', work.by('one'))
    await world.settle()
    const second = two?.locks.once('a', work.by('two'))
    second?.catch(() => {})
    await world.settle()
    const result = () => {}
    work.end(result)
    await world.settle()
    expect(await first).toBe(result)
    await expect(second).rejects.toBeInstanceOf(TypeError)
    await expect(second).rejects.toThrow(
      /^the outcome of once\("a"\) cannot be sent from the agent that did the work: .*could not be cloned/,
    )
    expect(work.runs).toHaveLength(1)
  })

  test('an error that cannot be cloned comes without what hinders it', async () => {
    const [one, two] = start(2)
    const work = new Work()
    const first = one?.locks.once('a', work.by('one'))
    first?.catch(() => {})
    await world.settle()
    const second = two?.locks.once('a', work.by('two'))
    second?.catch(() => {})
    await world.settle()
    work.fail(Object.assign(new TypeError('odd', { cause: () => {} }), { code: 7 }))
    await world.settle()
    await expect(second).rejects.toMatchObject({ name: 'TypeError', message: 'odd', code: 7 })
  })

  test.each<[string, () => unknown, RegExp]>([
    ['code', () => trap(new Error('odd'), 'code'), /^the outcome of once\("a"\) cannot be sent/],
    ['name', () => trap(new Error('odd'), 'name'), /^the outcome of once\("a"\) cannot be sent/],
    ['message', () => trap(new Error('odd'), 'message'), /^the outcome .* cannot be sent/],
    ['getter that throws a trap', () => trap({}, 'a', trap({}, 'toString')), /it cannot be read$/],
  ])('an error whose %s throws ends the flight as any other', async (_what, make, message) => {
    const [one, two] = start(2)
    const work = new Work()
    const first = one?.locks.once('a', work.by('one'))
    first?.catch(() => {})
    await world.settle()
    const second = two?.locks.once('a', work.by('two'))
    second?.catch(() => {})
    await world.settle()
    const error = make()
    work.fail(error)
    await pass(200)
    const reason = await Promise.race([first?.catch((thrown) => thrown), pass(1000)])
    expect(reason === error).toBe(true)
    await expect(second).rejects.toThrow(message)
    const next = one?.locks.once('a', () => 'next')
    await pass(200)
    await expect(next).resolves.toBe('next')
    expect(work.runs).toEqual(['one'])
    for (const agent of [one, two]) {
      expect(agent?.locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    }
  })

  test.each(['once asked', 'once flying', 'once landed'])(
    'a bus that breaks at "%s" leaves nobody waiting',
    async (type) => {
      const [one, two] = start(2)
      const work = new Work()
      const first = one?.locks.once('a', work.by('one'))
      await world.settle()
      const second = two?.locks.once('a', work.by('two'))
      second?.catch(() => {})
      await world.settle()
      const { bus } = (type === 'once landed' ? one : two)?.strict ?? {}
      const post = bus?.post
      if (bus === undefined || post === undefined) throw new Error('these agents have no bus')
      bus.post = (message) => {
        if ((message as { readonly type: string }).type === type) throw new Error('broken')
        post(message)
      }
      // Its result is lost, and so the other one has to ask or to fly.
      world.bus.loses = (message) => message.type === 'once landed'
      work.end(1)
      await pass(3_000)
      work.end(2)
      await pass(3_000)
      await expect(first).resolves.toBe(1)
      if (type === 'once landed') await expect(second).resolves.toBe(2)
      else await expect(second).rejects.toThrow('broken')
      bus.post = post
      world.bus.loses = () => false
      const next = two?.locks.once('a', () => 'next')
      await pass(200)
      await expect(next).resolves.toBe('next')
    },
  )

  test('a worker that dies is replaced by one of those who wait, for the others too', async () => {
    const agents = start(4)
    const work = new Work()
    agents[0]?.locks.once('a', work.by('0')).catch(() => {})
    await world.settle()
    const calls = agents.slice(1).map(({ locks }, n) => locks.once('a', work.by(`${n + 1}`)))
    await world.settle()
    agents[0]?.die()
    await pass(3_000)
    expect(work.runs).toHaveLength(2)
    work.bury()
    work.end('anew')
    await world.settle()
    await expect(Promise.all(calls)).resolves.toEqual(['anew', 'anew', 'anew'])
    expect(work.runs).toHaveLength(2)
  })

  test('a result that was lost on the way is asked for, and not worked for again', async () => {
    const [one, two] = start(2)
    const work = new Work()
    const first = one?.locks.once('a', work.by('one'))
    await world.settle()
    const second = two?.locks.once('a', work.by('two'))
    await world.settle()
    let losses = 1
    world.bus.loses = ({ type }) => type === 'once landed' && losses-- > 0
    work.end('kept')
    await pass(500)
    await expect(Promise.all([first, second])).resolves.toEqual(['kept', 'kept'])
    expect(work.runs).toEqual(['one'])
  })

  test('where nothing is heard any more each works for itself', async () => {
    const [one, two] = start(2)
    const work = new Work()
    const first = one?.locks.once('a', work.by('one'))
    await world.settle()
    const second = two?.locks.once('a', work.by('two'))
    await world.settle()
    world.bus.loses = ({ type }) => type.startsWith('once')
    work.end(1)
    await pass(3_000)
    work.end(2)
    await pass(3_000)
    await expect(Promise.all([first, second])).resolves.toEqual([1, 2])
  })

  test('who joined a worker that was robbed does the work himself', async () => {
    const [one, two, thief] = start(3)
    const work = new Work()
    const first = one?.locks.once('a', work.by('one'))
    first?.catch(() => {})
    await world.settle()
    const second = two?.locks.once('a', work.by('two'))
    await world.settle()
    const request = stealing('a!once')
    thief?.strict.acquire(request)
    await world.settle()
    thief?.strict.release(request)
    await pass(2_000)
    expect(work.runs).toEqual(['one', 'two'])
    work.end('robbed')
    await world.settle()
    await expect(first).rejects.toBeInstanceOf(LockLostError)
    work.end('anew')
    await world.settle()
    await expect(second).resolves.toBe('anew')
  })

  test('who gives up leaves the queue, and the others get their result', async () => {
    const [one, two, three] = start(3)
    const work = new Work()
    const patience = new AbortController()
    const first = one?.locks.once('a', work.by('one'))
    await world.settle()
    const second = two?.locks.once('a', work.by('two'), { signal: patience.signal })
    second?.catch(() => {})
    await world.settle()
    const third = three?.locks.once('a', work.by('three'))
    await world.settle()
    patience.abort('enough')
    await expect(second).rejects.toBe('enough')
    await world.settle()
    expect([...(two?.strict.live() ?? [])]).toEqual([])
    work.end(1)
    await pass(500)
    await expect(Promise.all([first, third])).resolves.toEqual([1, 1])
    expect(work.runs).toEqual(['one'])
  })

  test('nothing goes over the bus to nobody, and what comes over it is not believed', async () => {
    const [one, two] = start(2)
    for (const message of [
      null,
      5,
      { latchkey: 1, type: 'once landed', name: 'a', flight: 'f' },
      { latchkey: 1, type: 'once joined', name: 'a', flight: 'f', callers: [5] },
      { latchkey: 1, type: 'constructor', name: 'a' },
      { latchkey: 1, type: 'once landed', name: 'a', flight: 'f', callers: ['x'], outcome: 5 },
      { latchkey: 2, type: 'once flying', name: 'a', flight: 'f' },
    ]) {
      expect(readOnceMessage(message)).toBe(undefined)
      if (typeof message === 'object' && message !== null) two?.strict.bus.post(message)
    }
    world.bus.posted.length = 0
    const call = one?.locks.once('a', () => 'done')
    await world.settle()
    await expect(call).resolves.toBe('done')
    expect(world.bus.posted.filter((type) => type.startsWith('once'))).toEqual([
      'once join',
      'once flying',
    ])
  })

  test('names of all kinds stay apart', async () => {
    const [one] = start(1)
    const names = ['a', 'a!', key`a:${'b!once'}`, 'ä', '__proto__']
    const calls = names.map((name) => one?.locks.once(name, () => name))
    await world.settle()
    await expect(Promise.all(calls)).resolves.toEqual(names)
  })
})

function stealing(name: string): PortRequest {
  return {
    ...{ name, mode: 'exclusive', ifAvailable: false, steal: true, slot: undefined },
    ...{ grantedAt: -1, granted() {}, refused() {}, failed() {}, lost() {} },
    describe: () => undefined,
  }
}

function trap<T extends object>(target: T, property: string, thrown: unknown = 'trapped'): T {
  const get = () => {
    throw thrown
  }
  return Object.defineProperty(target, property, { get, enumerable: true })
}
