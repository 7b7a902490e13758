import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { WebLocksPort } from '../ports/web-locks'
import { type TestAgent, type TestAgents, testAgents } from '../testing/test-agents'
import { testLocks } from '../testing/test-locks'
import { microtasks } from '../testing/virtual-clock'
import type { LocksView, PartyView } from './view'

interface Watched {
  readonly views: LocksView[]
  readonly now: LocksView
  readonly stop: () => void
}

function watch({ locks }: TestAgent, every?: number): Watched {
  const views: LocksView[] = []
  const stop = locks.watch((view) => views.push(view), every === undefined ? {} : { every })
  return {
    views,
    stop,
    get now() {
      const view = views.at(-1)
      if (view === undefined) throw new Error('nothing was seen')
      return view
    },
  }
}

/** In small steps: what comes in answer to a message is due in between. */
async function pass(world: TestAgents, ms: number): Promise<void> {
  await world.settle()
  for (let passed = 0; passed < ms; passed += 10) {
    world.clock.advance(Math.min(10, ms - passed))
    await world.settle()
  }
}

function lines(view: LocksView): readonly string[] {
  const words = ({ task, mode, own, kind, silent }: PartyView) =>
    [task, mode, own ? 'own' : 'other', kind, ...(silent ? ['silent'] : [])].join(' ')
  return view.locks.flatMap(({ name, holders, waiters }) => [
    ...holders.map((party) => `${name} held: ${words(party)}`),
    ...waiters.map((party) => `${name} waits: ${words(party)}`),
  ])
}

function open(name = 'cohort over web locks'): TestAgents {
  const make = testAgents[name]
  if (make === undefined) throw new Error(`no agents are called ${name}`)
  return make()
}

function rawLocks({ strict }: TestAgent): LockManager {
  return (strict as WebLocksPort).locks
}

function holdRaw(agent: TestAgent, name: string, mode: LockMode = 'exclusive'): () => void {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  rawLocks(agent).request(name, { mode }, () => held)
  return release
}

describe.each(Object.keys(testAgents))('over %s', (mechanism) => {
  it('shows holders and waiters of all agents, each change, until it is stopped', async () => {
    const world = open(mechanism)
    const [one, two, three] = [world.open(), world.open(), world.open()]
    const hold = await settled(world, one.locks.task('author').rwLock('page').acquireWrite())
    two.locks.task('reader').rwLock('page').acquireRead()
    await world.settle()
    world.clock.advance(1)
    two.locks.task('editor').rwLock('page').acquireWrite()
    await world.settle()
    const watched = watch(three)
    await pass(world, 100)
    expect(lines(watched.now)).toEqual([
      'page held: author exclusive other latchkey',
      'page waits: reader shared other latchkey',
      'page waits: editor exclusive other latchkey',
    ])
    expect(watched.now.locks[0]?.holders[0]?.since).toBe(hold.grantedAt)
    const own = await settled(world, three.locks.task('mine').mutex('own').acquire())
    hold.release()
    await pass(world, 100)
    expect(lines(watched.now)).toEqual([
      'own held: mine exclusive own latchkey',
      'page held: reader shared other latchkey',
      'page waits: editor exclusive other latchkey',
    ])
    watched.stop()
    const seen = watched.views.length
    own.release()
    await pass(world, 100)
    expect(watched.views.length).toBe(seen)
  })

  it('who has stopped may stop again: others here who listen by then go on', async () => {
    const world = open(mechanism)
    const [one, two] = [world.open(), world.open()]
    await settled(world, one.locks.task('early').mutex('cart').acquire())
    const first = watch(two)
    await pass(world, 100)
    first.stop()
    const second = watch(two)
    await pass(world, 100)
    first.stop()
    await settled(world, one.locks.task('late').mutex('pay').acquire())
    await pass(world, 100)
    expect(lines(second.now)).toEqual([
      'cart held: early exclusive other latchkey',
      'pay held: late exclusive other latchkey',
    ])
    second.stop()
  })

  it('drops an agent that died once the mechanism does not list it any more', async () => {
    const world = open(mechanism)
    const [one, two] = [world.open(), world.open()]
    await settled(world, one.locks.task('doomed').mutex('cart').acquire())
    const watched = watch(two)
    await pass(world, 100)
    expect(lines(watched.now)).toEqual(['cart held: doomed exclusive other latchkey'])
    one.die()
    await pass(world, 6000)
    expect(watched.now).toMatchObject({ locks: [], agents: [{ own: true }] })
    watched.stop()
  })

  it('shows an agent that does not answer as silent, as long as it is listed', async () => {
    const world = open(mechanism)
    const [one, two] = [world.open(), world.open()]
    const hold = await settled(world, one.locks.task('frozen').mutex('cart').acquire())
    const watched = watch(two)
    await pass(world, 100)
    world.bus.loses = ({ type }) => type === 'told' || type === 'here'
    await pass(world, 5000)
    expect(lines(watched.now)).toEqual(['cart held: frozen exclusive other latchkey silent'])
    expect(watched.now.agents).toMatchObject([{ own: true }, { own: false, silent: true }])
    world.bus.loses = () => false
    hold.release()
    await pass(world, 1500)
    expect(watched.now.locks).toEqual([])
    watched.stop()
  })

  it('makes lost messages good', async () => {
    const world = open(mechanism)
    const [one, two] = [world.open(), world.open()]
    const hold = await settled(world, one.locks.task('late').mutex('pay').acquire())
    const watched = watch(two)
    await pass(world, 100)
    world.bus.loses = ({ type }) => type === 'told'
    hold.release()
    await pass(world, 100)
    expect(watched.now.locks).toHaveLength(1)
    world.bus.loses = () => false
    await pass(world, 3000)
    expect(watched.now.locks).toEqual([])
    watched.stop()
  })
})

async function settled<T>(world: TestAgents, answer: Promise<T>): Promise<T> {
  await world.settle()
  return answer
}

describe.each(['cohort over web locks', 'cohort over one queue'])(
  'what a lock is made of, %s',
  (mechanism) => {
    it('goes by its name: semaphores, with their permits, RW locks and leases', async () => {
      const world = open(mechanism)
      const [one, two] = [world.open(), world.open()]
      const task = one.locks.task('me')
      await settled(world, task.semaphore('uploads', 3).acquire(2))
      await settled(world, task.rwLock('page').acquireWrite())
      await settled(world, task.mutex('cart').acquire({ lease: true }))
      const watched = watch(two)
      await pass(world, 2000)
      expect(lines(watched.now)).toEqual([
        'cart held: me exclusive other latchkey',
        'page held: me exclusive other latchkey',
        'uploads held: me shared other latchkey',
      ])
      expect(watched.now.locks[2]?.holders[0]?.permits).toBe(2)
      one.die()
      await pass(world, 6000)
      expect(watched.now.locks).toEqual([])
      watched.stop()
    })

    it('goes by its name also where only the mechanism knows of it', async () => {
      const world = open(mechanism)
      const [one, two] = [world.open(), world.open()]
      world.bus.loses = ({ type }) => type === 'told'
      await settled(world, one.locks.semaphore('uploads', 3).acquire(2))
      await settled(world, one.locks.mutex('cart').acquire({ lease: true }))
      const watched = watch(two)
      await pass(world, 2000)
      expect([...new Set(lines(watched.now).map((line) => line.replace(/:.*/, '')))]).toEqual([
        'cart held',
        'uploads held',
      ])
      watched.stop()
    })
  },
)

describe('users of the bare mechanism', () => {
  it('appear as unknown: of other clients, of an answering one, and of this very one', async () => {
    const world = open()
    const [one, two, stranger] = [world.open(), world.open(), world.open()]
    await settled(world, two.locks.task('theirs').mutex('cart').acquire())
    const releases = [
      holdRaw(stranger, 'a stranger’s', 'shared'),
      holdRaw(two, 'beside theirs'),
      holdRaw(one, 'beside mine'),
    ]
    rawLocks(stranger).request('cart', () => {})
    const watched = watch(one)
    await pass(world, 3000)
    expect(lines(watched.now)).toEqual([
      'a stranger’s held:  shared other unknown',
      'beside mine held:  exclusive own unknown',
      'beside theirs held:  exclusive other unknown',
      'cart held: theirs exclusive other latchkey',
      'cart waits:  exclusive other unknown',
    ])
    const [first] = watched.now.locks
    const since = first?.holders[0]?.since
    await pass(world, 1000)
    expect(watched.now.locks[0]?.holders[0]?.since).toBe(since)
    for (const release of releases) release()
    await pass(world, 3000)
    expect(watched.now.locks.map(({ name }) => name)).toEqual(['cart'])
    watched.stop()
  })

  it('are never told apart wrongly where locks move all the time', async () => {
    const world = open('cohort over web locks')
    const [one, two] = [world.open(), world.open()]
    let goesOn = true
    for (const { locks } of [one, two]) {
      const loop = async () => {
        while (goesOn) await locks.mutex('hot', { fair: 'strict' }).run(microtasks)
      }
      loop()
    }
    const watched = watch(two)
    for (let turn = 0; turn < 1000; turn++) {
      await microtasks()
      world.clock.turn()
      world.clock.advance(5)
    }
    goesOn = false
    const kinds = watched.views.flatMap(({ locks }) =>
      locks.flatMap(({ holders, waiters }) => [...holders, ...waiters].map(({ kind }) => kind)),
    )
    expect(kinds.length).toBeGreaterThan(0)
    expect(kinds).not.toContain('unknown')
    watched.stop()
    await pass(world, 100)
  })
})

describe('the price', () => {
  it('is nothing while nobody watches, and again afterwards', async () => {
    const world = open()
    const [one, two] = [world.open(), world.open()]
    for (const { locks } of [one, two])
      await settled(
        world,
        locks.mutex('a').run(() => {}),
      )
    await pass(world, 2000)
    const timers = world.clock.timers
    expect([one, two].map(({ locks }) => locks.space.emit)).toEqual([undefined, undefined])
    expect(world.bus.posted).toEqual([])
    const watched = watch(two)
    await pass(world, 2000)
    expect(one.locks.space.emit).toBeDefined()
    watched.stop()
    await world.settle()
    expect([one, two].map(({ locks }) => locks.space.emit)).toEqual([undefined, undefined])
    world.bus.posted.length = 0
    await pass(world, 10_000)
    expect(world.bus.posted).toEqual([])
    expect(world.clock.timers).toBeLessThanOrEqual(timers)
    for (const { locks } of [one, two])
      await settled(
        world,
        locks.mutex('a').run(() => {}),
      )
    expect(world.bus.posted).toEqual([])
  })

  it('posts nothing but an answer a second where nothing happens', async () => {
    const world = open()
    const [one, two] = [world.open(), world.open()]
    await settled(world, one.locks.mutex('a').acquire())
    const watched = watch(two)
    await pass(world, 2000)
    world.bus.posted.length = 0
    const calls = watched.views.length
    await pass(world, 10_000)
    const count = (type: string) => world.bus.posted.filter((each) => each === type).length
    expect(count('told')).toBe(0)
    expect(count('here')).toBeGreaterThanOrEqual(8)
    expect(count('here')).toBeLessThanOrEqual(11)
    expect(watched.views.length).toBe(calls)
    watched.stop()
  })

  it('tells once for all that happens in 16 ms', async () => {
    const world = open()
    const [one, two] = [world.open(), world.open()]
    await settled(
      world,
      one.locks.mutex('a').run(() => {}),
    )
    const watched = watch(two)
    await pass(world, 500)
    world.bus.posted.length = 0
    // Half of it ends what the other half began.
    for (let round = 0; round < 100; round++) {
      const hold = await settled(world, one.locks.mutex(`lock ${round}`).acquire())
      if (round % 2 === 0) hold.release()
      world.clock.advance(1)
    }
    await world.settle()
    const told = world.bus.posted.filter((type) => type === 'told').length
    expect(told).toBeGreaterThan(0)
    expect(told).toBeLessThanOrEqual(8)
    watched.stop()
  })

  it('forgets who watched and died', async () => {
    const world = open()
    const [one, two] = [world.open(), world.open()]
    await settled(
      world,
      one.locks.mutex('a').run(() => {}),
    )
    watch(two)
    await pass(world, 100)
    two.die()
    await pass(world, 6000)
    world.bus.posted.length = 0
    for (let round = 0; round < 3; round++) {
      await settled(
        world,
        one.locks.mutex('a').run(() => {}),
      )
      await pass(world, 100)
    }
    expect(world.bus.posted.filter((type) => type === 'told')).toEqual([])
    expect(one.locks.space.emit).toBeUndefined()
  })

  it('is bounded: an agent tells 1,000 of its holds and counts the rest', async () => {
    const world = open('cohort over one queue')
    const [one, two] = [world.open(), world.open()]
    for (let index = 0; index < 1200; index++) one.locks.mutex(`lock ${index}`).acquire()
    await world.settle()
    const watched = watch(two)
    await pass(world, 500)
    expect(watched.now.omitted).toBe(200)
    expect(watched.now.locks.length).toBe(1000)
    watched.stop()
  })
})

describe('listeners', () => {
  it('may be several, and one that throws stops no other', async () => {
    const world = open()
    const one = world.open()
    const errors: unknown[] = []
    const hear = (error: unknown) => errors.push(error)
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', hear)
    onTestFinished(() => {
      process.off('uncaughtException', hear)
      for (const listener of before) process.on('uncaughtException', listener)
    })
    const stop = one.locks.watch(() => {
      throw new Error('of the listener')
    })
    const watched = watch(one)
    await world.settle()
    await vi.waitFor(() => expect(errors).toEqual([new Error('of the listener')]))
    expect(watched.views.length).toBe(1)
    stop()
    stop()
    await settled(world, one.locks.mutex('a').acquire())
    await pass(world, 50)
    expect(watched.now.locks).toHaveLength(1)
    watched.stop()
  })

  it('are called no more often than they want', async () => {
    const world = open()
    const [one, two] = [world.open(), world.open()]
    const [rare, often] = [watch(two, 500), watch(two)]
    await pass(world, 1000)
    const before = [rare.views.length, often.views.length]
    for (let round = 0; round < 50; round++) {
      await settled(world, one.locks.mutex(`lock ${round}`).acquire())
      await pass(world, 20)
    }
    await pass(world, 600)
    expect(rare.views.length - (before[0] ?? 0)).toBeLessThanOrEqual(5)
    expect(often.views.length - (before[1] ?? 0)).toBeGreaterThan(20)
    expect(rare.now.locks.length).toBe(50)
    for (const each of [rare, often]) each.stop()
  })

  it.each([
    [() => ['no function'], TypeError],
    [() => [() => {}, 7], TypeError],
    [() => [() => {}, { every: '16' }], TypeError],
    [() => [() => {}, { every: 15 }], RangeError],
    [() => [() => {}, { every: 1001 }], RangeError],
    [() => [() => {}, { every: Number.NaN }], RangeError],
  ])('must be asked for properly (%#)', (args, Kind) => {
    const { locks } = testLocks()
    const watch = locks.watch.bind(locks) as (...args: unknown[]) => unknown
    expect(() => watch(...args())).toThrow(Kind)
    expect(locks.space.watcher).toBeUndefined()
  })

  it('see this agent alone where the reach is the realm', async () => {
    const { locks, clock } = testLocks('memory')
    const views: LocksView[] = []
    const stop = locks.watch((view) => views.push(view))
    const hold = await locks.task('me').mutex('cart').acquire()
    clock.advance(100)
    await clock.settle()
    expect(views.at(-1)?.locks).toMatchObject([{ name: 'cart', holders: [{ task: 'me' }] }])
    hold.release()
    clock.advance(100)
    await clock.settle()
    expect(views.at(-1)?.locks).toEqual([])
    stop()
    expect(clock.timers).toBe(0)
    expect(locks.space.emit).toBeUndefined()
  })
})
