/**
 * Random programs of tasks in several agents, over one lock space or several of them: what the
 * detector says is compared with a central model that sees everything at once. It knows no edges, no
 * spaces, and looks for no cycle: whoever does not wait is let finish, with all who can go on then,
 * and whoever is left is deadlocked.
 *
 * `SEED=… npx vitest run …` plays a run again; `RUNS=…` makes it longer.
 */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { DeadlockError } from '../errors'
import type { DeadlockParty, LockEvent, LockMode } from '../events'
import type { Hold, Task } from '../hold'
import { FifoModel, type LockModel, PhaseFairModel } from '../testing/lock-model'
import { type MixedAgents, mixedAgents, realm } from '../testing/mixed-agents'
import { extend, testAgents } from '../testing/test-agents'
import { detectDeadlocks } from './detect-deadlocks'

vi.setConfig({ testTimeout: 300_000 })

const numRuns = Number(process.env.RUNS ?? 200)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`detector.property.test.ts: SEED=${seed}`)

const after = 1_000

/** What a task does next: asks for a lock, or releases what it took last, or gives up its wait. */
interface Step {
  readonly task: number
  /** The lock's name and space; `undefined` releases, or gives up where the mode is shared and it waits. */
  readonly lock: string | undefined
  readonly mode: LockMode
}

interface Program {
  /** The agent of each task. */
  readonly agents: readonly number[]
  readonly steps: readonly Step[]
}

/** The same names in several spaces: they are different locks. */
function inSpaces(names: readonly string[], spaces: number): string[] {
  return Array.from({ length: spaces }, (_, space) =>
    names.map((name) => lockOf(name, space)),
  ).flat()
}

/** Locks of different spaces go by different names in this test, and in its model. */
function lockOf(name: string, space: number | string): string {
  return `${name} of ${space}`
}

const mutexes = ['m0', 'm1', 'm2', 'm3']
const rwLocks = ['fifo', 'phase']

function programs(lockNames: readonly string[]): fc.Arbitrary<Program> {
  return fc.array(fc.nat(2), { minLength: 3, maxLength: 6, size: 'max' }).chain((agents) => {
    const step = fc.record({
      task: fc.nat(agents.length - 1),
      lock: fc.option(fc.constantFrom(...lockNames), { freq: 4, nil: undefined }),
      mode: fc.constantFrom<LockMode>('exclusive', 'shared'),
    })
    return fc.record({
      agents: fc.constant(agents),
      steps: fc.array(step, { minLength: 15, maxLength: 60, size: 'max' }),
    })
  })
}

/** An acquisition, as the test knows it. */
interface Asked {
  readonly id: number
  readonly lock: string
  readonly mode: LockMode
  readonly hold: Promise<Hold>
  readonly patience: AbortController
  state: 'waits' | 'held' | 'over'
}

class Actor {
  readonly asked: Asked[] = []
  fell = false

  constructor(
    readonly name: string,
    readonly agent: number,
    /** What it is in each space. */
    readonly faces: readonly Task[],
  ) {}

  get wait(): Asked | undefined {
    return this.asked.find(({ state }) => state === 'waits')
  }
  holds(lock: string): Asked | undefined {
    return this.asked.find((each) => each.state === 'held' && each.lock === lock)
  }
}

type Move = ['ask', number, LockMode] | ['end', number]

class Run {
  readonly actors: Actor[] = []
  readonly deadlocks: Extract<LockEvent, { readonly type: 'deadlock' }>[] = []
  /** What happened to each lock, for the model. */
  readonly moves = new Map<string, Move[]>()
  /** Whether everything has settled whenever the model is asked. */
  checked = true
  /** How many deadlocks led through several spaces. */
  mixed = 0
  /** In which space an agent of the library's is. */
  readonly spaces = new Map<string, number | string>()
  #ids = 0

  constructor(
    readonly world: MixedAgents,
    { agents }: Program,
    /** Whether the order among agents is exact, so that a model can tell who holds. */
    readonly exact: boolean,
    detectAfter = after,
  ) {
    const opened = [0, 1, 2].map(() => world.open())
    for (const [agent, { locks }] of opened.entries()) {
      for (const [space, each] of locks.entries()) {
        this.spaces.set(each.space.agent, this.#spaceOf(agent, space))
        extend(each, { deadlock: detectDeadlocks({ after: detectAfter }) })
        each.subscribe((event) => {
          if (event.type !== 'deadlock') return
          this.deadlocks.push(event)
          this.hears(event.cycle)
        })
      }
    }
    for (const [index, agent] of agents.entries()) {
      const name = `t${index}`
      const locks = opened[agent]?.locks ?? []
      const task = locks[index % locks.length]?.task(name) as Task
      const faces = locks.map((each) => each.task(task))
      this.actors.push(new Actor(name, agent, faces))
    }
  }

  /** A space that ends at the agent is another one in each. */
  #spaceOf(agent: number, space: number): number | string {
    return this.world.names[space] === realm ? `${space} in ${agent}` : space
  }

  /** Called in the midst of everything. */
  hears: (cycle: readonly DeadlockParty[]) => void = () => {}

  /** Called after each step of the model. */
  moved: () => void = () => {}

  async pass(ms: number): Promise<void> {
    this.world.clock.advance(ms)
    await this.world.settle()
  }

  async take({ task, lock, mode }: Step): Promise<void> {
    const actor = this.actors[task]
    if (actor === undefined || actor.fell) return
    if (actor.wait !== undefined) {
      if (lock === undefined && mode === 'shared') this.#giveUp(actor.wait)
    } else if (lock === undefined) await this.#release(actor)
    else {
      const [name = '', space = ''] = lock.split(' of ')
      const where = lockOf(name, this.#spaceOf(actor.agent, Number(space)))
      const face = actor.faces[Number(space)] as Task
      await this.#ask(actor, face, where, lock.startsWith('m') ? 'exclusive' : mode)
    }
    await this.pass(1)
  }

  #giveUp(wait: Asked): void {
    this.#end(wait)
    wait.patience.abort(gaveUp)
  }

  async #ask(actor: Actor, face: Task, lock: string, mode: LockMode): Promise<void> {
    const held = actor.holds(lock)
    // What a task waits for that it holds itself somebody else releases.
    if (held !== undefined && (mode === 'exclusive' || held.mode === 'exclusive')) return
    const patience = new AbortController()
    const asked: Asked = {
      id: ++this.#ids,
      lock,
      mode,
      hold: ask(face, lock.split(' of ')[0] as string, mode, patience.signal),
      patience,
      state: 'waits',
    }
    actor.asked.push(asked)
    this.#note(lock, ['ask', asked.id, mode])
    asked.hold.then(
      () => {
        asked.state = 'held'
      },
      (error) => {
        if (error === gaveUp) return
        if (!(error instanceof DeadlockError)) throw error
        actor.fell = true
        this.#end(asked)
        for (const each of actor.asked) void this.#letGo(each)
      },
    )
    await this.world.settle()
  }

  async #release(actor: Actor): Promise<void> {
    const last = actor.asked.findLast(({ state }) => state === 'held')
    if (last !== undefined) await this.#letGo(last)
  }

  async #letGo(asked: Asked): Promise<void> {
    if (asked.state !== 'held') return
    this.#end(asked)
    ;(await asked.hold).release()
  }

  #end(asked: Asked): void {
    asked.state = 'over'
    this.#note(asked.lock, ['end', asked.id])
  }

  #note(lock: string, move: Move): void {
    const moves = this.moves.get(lock) ?? []
    this.moves.set(lock, moves)
    moves.push(move)
    this.moved()
  }

  /** Everybody who does not wait finishes, and who can go on then. */
  async finish(): Promise<void> {
    for (let round = 0; round <= this.actors.length; round++) {
      for (const actor of this.actors) {
        if (actor.wait !== undefined) continue
        for (const each of [...actor.asked].reverse()) await this.#letGo(each)
      }
      await this.pass(20)
    }
  }

  /** The names of those who can never go on. */
  deadlocked(): Set<string> {
    return this.exact ? this.#leftByModel() : this.#leftByHolders()
  }

  #leftByModel(): Set<string> {
    const models = new Map<string, LockModel>()
    for (const [lock, moves] of this.moves) {
      const model = lock.startsWith('phase') ? new PhaseFairModel() : new FifoModel()
      for (const [what, id, mode] of moves) {
        if (what === 'ask') model.ask(id, mode)
        else model.end(id)
      }
      models.set(lock, model)
    }
    const stateOf = ({ lock, id }: Asked) => models.get(lock)?.states.get(id)
    for (const { asked } of this.checked ? this.actors : []) {
      for (const each of asked) {
        const known = { waiting: 'waits', held: 'held', over: 'over' }[stateOf(each) as 'held']
        if (known !== each.state) throw new Error(`${each.lock}: ${each.state}, not ${known}`)
      }
    }
    const left = new Set(this.actors)
    for (let before = Number.POSITIVE_INFINITY; left.size < before; ) {
      before = left.size
      for (const actor of left) {
        if (actor.asked.some((each) => stateOf(each) === 'waiting')) continue
        left.delete(actor)
        for (const { lock, id } of actor.asked) models.get(lock)?.end(id)
      }
    }
    return new Set([...left].map(({ name }) => name))
  }

  /** Mutexes only: whoever waits can go on if the holder can, in whatever order. */
  #leftByHolders(): Set<string> {
    const left = new Set(this.actors)
    for (let before = Number.POSITIVE_INFINITY; left.size < before; ) {
      before = left.size
      for (const actor of left) {
        const wanted = actor.wait?.lock
        if (wanted !== undefined && [...left].some((each) => each.holds(wanted))) continue
        left.delete(actor)
      }
    }
    return new Set([...left].map(({ name }) => name))
  }

  /** Each step of a reported cycle, as it was before. */
  describeSituation(): string[] {
    return this.actors.flatMap(({ name, asked }) =>
      asked
        .filter(({ state }) => state !== 'over')
        .map(({ lock, state }) => `${name} ${state === 'held' ? 'holds' : 'waits for'} ${lock}`),
    )
  }
}

const gaveUp = new Error('gave up')

function ask(task: Task, name: string, mode: LockMode, signal: AbortSignal): Promise<Hold> {
  if (name.startsWith('m')) return task.mutex(name).acquire({ signal })
  const lock = task.rwLock(name, { policy: name.startsWith('fifo') ? 'fifo' : 'phase-fair' })
  const options = { reentrant: 'wait', signal } as const
  return mode === 'shared' ? lock.acquireRead(options) : lock.acquireWrite(options)
}

/** Lets the detector have its say, and compares. Answers how many cycles it found. */
async function judge(run: Run): Promise<number> {
  const left = run.deadlocked()
  const situation = run.describeSituation()
  const before = run.deadlocks.length
  for (let round = 0; round < 2; round++) await run.pass(after + 10)
  const found = run.deadlocks.slice(before)
  expect(found.length > 0, `${situation} left: ${[...left]}`).toBe(left.size > 0)
  for (const { cycle, task } of found) {
    expect(cycle[0]?.task).toBe(task)
    if (new Set(cycle.map(({ agent }) => run.spaces.get(agent))).size > 1) run.mixed++
    for (const [index, { task, agent, behind, ...party }] of cycle.entries()) {
      const lock = lockOf(party.lock, run.spaces.get(agent) as number | string)
      const next = cycle[(index + 1) % cycle.length]?.task
      expect(left).toContain(task)
      expect(situation).toContain(`${task} waits for ${lock}`)
      expect(situation).toContain(`${next} ${behind === 'holder' ? 'holds' : 'waits for'} ${lock}`)
    }
  }
  expect([...run.deadlocked()]).toEqual([])
  return found.length
}

async function play(make: () => MixedAgents, program: Program, exact: boolean) {
  const run = new Run(make(), program, exact)
  let found = 0
  for (const [index, step] of program.steps.entries()) {
    await run.take(step)
    // Now and then in the midst: most waits last long before they are part of a cycle.
    if (index % 13 === 12) found += await judge(run)
  }
  found += await judge(run)
  await run.finish()
  for (const { wait, name } of run.actors) if (wait) throw new Error(`${name} waits for ever`)
  expect(run.deadlocks).toHaveLength(found)
  return { found, mixed: run.mixed }
}

const single = Object.keys(testAgents)
const mixtures = [
  ['one queue', 'one queue'],
  ['web locks', 'shared memory'],
  ['web locks', realm],
  ['shared memory', 'web locks', realm],
  ['cohort over web locks', 'cohort over shared memory'],
  ['indexed db', 'cohort over shared memory', realm],
]

const carriers = [...single.map((name) => [name]), ...mixtures].map((worlds) => ({
  title: worlds.join(' and '),
  worlds,
}))

describe.each(carriers)('$title', ({ title, worlds }) => {
  const exact = !worlds.some((name) => name.startsWith('cohort'))
  // Each transaction of fake-indexeddb takes real time. Crossings share the rest out among them.
  const slow = worlds.some((name) => name.includes('indexed'))
  const runs = Math.ceil(numRuns / (slow ? 20 : worlds.length > 1 ? 5 : 1))
  // Four locks in all or little more, or hardly anybody meets.
  const each = Math.ceil(4 / worlds.length)
  const names = exact ? ['m0', 'phase', 'm1', 'fifo'] : mutexes
  const lockNames = inSpaces(names.slice(0, each), worlds.length)

  test('the verdict is the central model’s, whatever the program', async () => {
    let found = 0
    let clean = 0
    let mixed = 0
    await fc.assert(
      fc.asyncProperty(programs(lockNames), async (program) => {
        const cycles = await play(() => mixedAgents(worlds), program, exact)
        if (cycles.found > 0) found++
        else clean++
        if (cycles.mixed > 0) mixed++
      }),
      { seed, numRuns: runs },
    )
    // Programs of both kinds, or nothing was tested.
    expect(found).toBeGreaterThan(runs / 10)
    expect(clean).toBeGreaterThan(runs / 10)
    console.info(
      `${title}: of ${runs} programs ${found} had deadlocks, ${mixed} over several spaces`,
    )
    if (worlds.length > 1) expect(mixed).toBeGreaterThan(0)
  })
})

describe.each(Object.entries(testAgents))('%s', (name, make) => {
  const runs = name.includes('indexed') ? Math.ceil(numRuns / 20) : numRuns

  test('tasks that hold nothing else never deadlock through all()', async () => {
    const lists = fc.array(fc.uniqueArray(fc.constantFrom(...mutexes), { minLength: 1 }), {
      minLength: 2,
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(lists, async (wanted) => {
        const world = make()
        const agents = [0, 1, 2].map(() => world.open())
        const told: LockEvent[] = []
        for (const { locks } of agents) {
          extend(locks, { deadlock: detectDeadlocks({ after: 10 }) })
          locks.subscribe((event) => event.type === 'deadlock' && told.push(event))
        }
        let done = 0
        const works = wanted.map(async (names, index) => {
          const task = agents[index % agents.length]?.locks.task()
          await task?.all(names, () => new Promise<void>((end) => world.clock.after(25, end)))
          done++
        })
        for (let i = 0; i < 12 * wanted.length && done < wanted.length; i++) {
          world.clock.advance(5)
          await world.settle()
        }
        expect(done).toBe(wanted.length)
        await Promise.all(works)
        expect(told).toEqual([])
      }),
      { seed, numRuns: Math.ceil(runs / 4) },
    )
  })
})

test.each([[['one queue']], [['one queue', 'one queue', realm]]])(
  'over %s, slow messages among programs that go on and give waits up: none is told that was none',
  async (worlds) => {
    const slowest = 12
    let told = 0
    const paced = fc.record({
      program: programs(
        worlds.length === 1
          ? inSpaces([...mutexes.slice(0, 2), ...rwLocks], 1)
          : inSpaces(['m0', 'phase'], worlds.length),
      ),
      paces: fc.array(fc.nat(6), { minLength: 1, maxLength: 60 }),
      delays: fc.array(fc.integer({ min: 1, max: slowest }), { minLength: 1, maxLength: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(paced, async ({ program, paces, delays }) => {
        const world = mixedAgents(worlds)
        let sent = 0
        for (const { bus } of world.worlds) {
          bus.delay = () => delays[sent++ % delays.length] as number
        }
        const run = new Run(world, program, true, 5)
        run.checked = false
        const mistakes: string[] = []
        const history: { until: number; readonly left: ReadonlySet<string> }[] = []
        run.moved = () => {
          const latest = history.at(-1)
          if (latest !== undefined) latest.until = world.clock.now()
          history.push({ until: Number.POSITIVE_INFINITY, left: run.deadlocked() })
        }
        run.hears = (cycle) => {
          told++
          // True when the second round began, at the earliest: since then somebody may have given up.
          const began = world.clock.now() - slowest * cycle.length
          const states = history.filter(({ until }) => until >= began)
          const wasTrue = states.some(({ left }) => cycle.every(({ task }) => left.has(task)))
          if (!wasTrue) mistakes.push(cycle.map(({ task }) => task).join())
        }
        for (const [index, step] of program.steps.entries()) {
          await run.take(step)
          await run.pass(paces[index % paces.length] as number)
        }
        expect(mistakes).toEqual([])
        // In the end each cycle is found, however slow the messages were.
        for (let round = 0; round < 40 && run.deadlocked().size > 0; round++) await run.pass(25)
        expect([...run.deadlocked()]).toEqual([])
        expect(mistakes).toEqual([])
        await run.finish()
      }),
      { seed, numRuns },
    )
    expect(told).toBeGreaterThan(numRuns / 10)
  },
)
