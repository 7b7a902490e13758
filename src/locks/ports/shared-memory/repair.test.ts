/**
 * An agent dies before any one of its operations on the memory, whatever it was doing: the others
 * are told by its presence, repair the table and go on. Real threads die in `threads.test.ts`; all
 * interleavings of living ones are tried in `interleave/`.
 */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { LockMode } from '../../events'
import { LocalMemory } from '../../testing/local-memory'
import { MortalAgent } from '../../testing/mortal-agent'
import { Probe, type ProbeOptions } from '../../testing/probe'
import { VirtualClock } from '../../testing/virtual-clock'
import type { SharedMemoryPort } from './shared-memory'
import { usageOf } from './usage'

vi.setConfig({ testTimeout: 60_000 })

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const numRuns = Number(process.env.RUNS ?? 400)
console.info(`shared-memory/repair.test.ts: SEED=${seed}`)

/** Two who live on, and one who does not. */
class Cluster {
  readonly clock = new VirtualClock()
  readonly memory = new LocalMemory(this.clock)
  readonly healthy = [this.memory.attach(), this.memory.attach()] as const
  readonly mortal = new MortalAgent(this.memory)
  readonly probes: Probe[] = []
  /** Of those who live on, thieves apart. */
  readonly grants: Probe[] = []

  ask(port: SharedMemoryPort, options: ProbeOptions = {}): Probe {
    const probe = new Probe(port, String(this.probes.length), {
      ...options,
      hears: (what) => {
        const counts = port !== this.mortal.port && !probe.steal
        if (what === 'granted' && counts) this.grants.push(probe)
      },
    })
    this.probes.push(probe)
    if (port === this.mortal.port) this.mortal.act(() => probe.ask())
    else probe.ask()
    return probe
  }

  end(probe: Probe): void {
    if (probe.port === this.mortal.port) this.mortal.act(() => probe.end())
    else probe.end()
  }

  async settle(): Promise<void> {
    await this.clock.settle()
    this.mortal.act(() => this.mortal.clock.turn())
    await this.clock.settle()
  }

  get alive(): Probe[] {
    return this.probes.filter(({ port }) => port !== this.mortal.port || !this.mortal.dead)
  }

  expectExclusion(): void {
    const held = this.alive.filter(({ state }) => state === 'held')
    for (const name of new Set(held.map((probe) => probe.name))) {
      const modes = held.filter((probe) => probe.name === name).map(({ mode }) => mode)
      if (modes.length > 1) expect(modes).not.toContain('exclusive')
    }
  }

  /** Of one agent and name, whoever asked first was granted first, unless both only read. */
  expectOrder(): void {
    for (const [place, probe] of this.grants.entries()) {
      for (const later of this.grants.slice(place + 1)) {
        const meet = later.port === probe.port && later.name === probe.name
        const both = probe.mode === 'shared' && later.mode === 'shared'
        if (meet && !both) expect(Number(probe.id)).toBeLessThan(Number(later.id))
      }
    }
  }

  /** Everybody who lives gets in, in order, and nothing is left. */
  async drain(): Promise<void> {
    const { left } = this.mortal
    if (!this.mortal.dead) this.mortal.left = Number.POSITIVE_INFINITY
    for (let round = 0; round <= this.probes.length; round++) {
      await this.settle()
      this.expectExclusion()
      for (const probe of this.alive) if (probe.state === 'held') this.end(probe)
    }
    expect(this.alive.filter(({ state }) => state === 'waiting').map(({ id }) => id)).toEqual([])
    expect(this.probes.flatMap(({ mistakes }) => mistakes)).toEqual([])
    this.expectOrder()
    this.mortal.left = left
    await this.expectNothingLeft()
  }

  async expectNothingLeft(): Promise<void> {
    const [port] = this.healthy
    // Whoever is told of a death takes it away.
    for (const name of usageOf(this.memory.words).names) {
      const probe = new Probe(port, 'told', { name })
      expect([probe.ask(), probe.abandoned]).toEqual(['granted', true])
      probe.release()
    }
    const usage = usageOf(this.memory.words)
    expect(usage).toEqual({
      agents: this.mortal.dead ? 2 : 3,
      cells: usage.cells,
      free: usage.cells,
      names: [],
      holding: 0,
      waiting: 0,
      ending: 0,
      abandoned: 0,
      latch: 0,
    })
    expect(this.clock.timers).toBe(0)
    expect(await port.query()).toEqual({ held: [], pending: [] })
  }
}

/**
 * In words: who (`a` and `b` live on, `m` dies) does what: `x` asks exclusively, `s` shared, `t`
 * only tries, `!` steals, `-` ends what it asked first, `l` asks for a long name.
 */
async function play(cluster: Cluster, program: string): Promise<void> {
  for (const step of program.split(' ').filter((word) => word !== '')) {
    const [who, what] = step
    const ports = { a: cluster.healthy[0], b: cluster.healthy[1], m: cluster.mortal.port }
    const port = ports[who as 'a' | 'b' | 'm']
    if (what === '-') {
      const own = cluster.probes.filter((probe) => probe.port === port)
      const first = own.find(({ state }) => state === 'held' || state === 'waiting')
      if (first !== undefined) cluster.end(first)
    } else {
      cluster.ask(port, asks[what ?? ''] ?? {})
    }
    await cluster.settle()
  }
}

const asks: Readonly<Record<string, ProbeOptions>> = {
  x: {},
  s: { mode: 'shared' },
  t: { ifAvailable: true },
  '!': { steal: true },
  l: { name: 'a name that takes more than one cell '.repeat(4) },
}

const scenes: readonly [before: string, doing: string, what: string][] = [
  ['', 'mx', 'takes a free lock'],
  ['', 'ml', 'takes a free lock with a long name'],
  ['', 'mx m-', 'takes a free lock and gives it back'],
  ['ml', 'm-', 'gives back the last hold of a long name'],
  ['as', 'ms', 'joins a reader'],
  ['as', 'ms m-', 'joins a reader and leaves'],
  ['ax', 'mx', 'begins to wait'],
  ['ax bx', 'mx', 'begins to wait behind others'],
  ['ax', 'mt', 'tries in vain'],
  ['mx ax', 'm-', 'hands on to a writer'],
  ['mx as bs ax', 'm-', 'hands on to readers'],
  ['ms ax bs', 'm-', 'leaves as the last reader'],
  ['ax mx bx', 'm-', 'withdraws from the middle'],
  ['as mx bs', 'm-', 'withdraws as a waiting writer'],
  ['ax mx', 'm-', 'withdraws as the last one'],
  ['ax', 'm!', 'steals from a writer'],
  ['as bs ax', 'm!', 'steals from readers'],
  ['as bs bx', 'm! m-', 'steals and gives back'],
  ['mx bx', 'm! m-', 'steals from itself'],
  ['mx', 'ax bs', 'only holds'],
  ['ax mx bx', 'a-', 'is granted what it waits for'],
]

describe('before any operation of an agent that', () => {
  test.each(scenes)('[%s] %s: %s', async (before, doing) => {
    let steps = 0
    // One run more than there are operations: then it dies after the last one.
    for (let last = false; !last; steps++) {
      const cluster = new Cluster()
      await play(cluster, before)
      cluster.mortal.left = steps
      await play(cluster, doing)
      last = !cluster.mortal.dead
      cluster.mortal.dead = true
      // Between its death and the proof of it, others ask, give back and withdraw.
      await play(cluster, 'bx as a-')
      cluster.mortal.prove()
      await cluster.drain()
    }
    expect(steps).toBeGreaterThan(doing.includes('m') ? 1 : 0)
  })
})

describe('of what a dead agent held', () => {
  let cluster: Cluster

  async function die(): Promise<void> {
    cluster.mortal.dead = true
    cluster.mortal.prove()
    await cluster.settle()
  }

  /** Who was told, of those who are granted one after the other. */
  async function told(): Promise<string> {
    const seen: string[] = []
    for (const probe of cluster.probes.filter(({ port }) => port !== cluster.mortal.port)) {
      await cluster.settle()
      seen.push(`${probe.mode === 'shared' ? 's' : 'x'}${probe.abandoned === true ? '!' : ''}`)
      cluster.end(probe)
    }
    await cluster.expectNothingLeft()
    return seen.join(' ')
  }

  test.each([
    ['mx ax bx', 'x! x', 'the next writer is told, and nobody after him'],
    ['mx as bs ax bx', 's! s! x! x', 'readers are told until a writer was'],
    ['ms ax', 'x', 'nobody is told of a reader, who changed nothing'],
    ['ax mx bx', 'x x', 'nobody is told of a waiter'],
  ])('%s: %s (%s)', async (program, expected) => {
    cluster = new Cluster()
    await play(cluster, program)
    await die()
    expect(await told()).toBe(expected)
  })

  test('whoever comes later is told, too', async () => {
    cluster = new Cluster()
    await play(cluster, 'mx')
    await die()
    await play(cluster, 'as bs')
    expect(cluster.probes.map(({ abandoned }) => abandoned)).toEqual([undefined, true, true])
    await play(cluster, 'a- b- ax')
    expect(cluster.probes.at(-1)?.abandoned).toBe(true)
    await play(cluster, 'a- bx')
    expect(cluster.probes.at(-1)?.abandoned).toBeUndefined()
    await cluster.drain()
  })

  test('who withdraws untold leaves it to the next one', async () => {
    cluster = new Cluster()
    await play(cluster, 'mx')
    const first = cluster.ask(cluster.healthy[1])
    const second = cluster.ask(cluster.healthy[0])
    cluster.mortal.dead = true
    cluster.mortal.prove()
    // Granted, but not told yet.
    first.cancel()
    await cluster.settle()
    expect([second.state, second.abandoned]).toEqual(['held', true])
    await cluster.drain()
  })

  test('a thief is told', async () => {
    cluster = new Cluster()
    await play(cluster, 'mx')
    await die()
    await play(cluster, 'a!')
    expect(cluster.probes.at(-1)?.abandoned).toBe(true)
    await cluster.drain()
  })

  test('a memory that is full forgets it rather than refuse', async () => {
    cluster = new Cluster()
    const { cells } = usageOf(cluster.memory.words)
    const held: Probe[] = []
    for (let i = 0; i < cells / 2 - 1; i++) {
      held.push(cluster.ask(cluster.mortal.port, { name: `dead ${i}` }))
    }
    await die()
    expect(usageOf(cluster.memory.words).abandoned).toBe(held.length)
    const [port] = cluster.healthy
    const probes = held.map((_, i) => cluster.ask(port, { name: `alive ${i}` }))
    expect(probes.every(({ state }) => state === 'held')).toBe(true)
    expect(usageOf(cluster.memory.words).abandoned).toBe(0)
    await cluster.drain()
  })
})

test('a repairer that dies as well, before any of its operations', async () => {
  for (const program of ['mx ax bx', 'ax mx bs as', 'as mx bx a-']) {
    let steps = 0
    for (let last = false; !last; steps += 7) {
      const cluster = new Cluster()
      const second = new MortalAgent(cluster.memory)
      await play(cluster, program)
      // The first one dies somewhere under the latch.
      cluster.mortal.left = 2
      cluster.ask(cluster.mortal.port, { mode: 'shared' })
      cluster.mortal.dead = true
      second.left = steps
      // It is told first, and repairs.
      second.act((port) => port.seat?.watching.died(cluster.mortal.port.seat?.own ?? 0))
      last = !second.dead
      second.dead = true
      second.prove()
      cluster.mortal.prove()
      await cluster.drain()
    }
    expect(steps).toBeGreaterThan(50)
  }
})

const mode = fc.constantFrom<LockMode>('exclusive', 'shared')
const step = fc.record({
  who: fc.nat(3),
  does: fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('ask' as const), mode }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('try' as const), mode }) },
    { weight: 1, arbitrary: fc.constant({ do: 'steal' as const }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(9) }) },
  ),
  name: fc.constantFrom('a', 'b', ''),
})

test('random programs: whoever lives gets in, in order, and nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.nat(400), async (program, left) => {
      const cluster = new Cluster()
      // Half of all that happens is the mortal agent's.
      const ports = [...cluster.healthy, cluster.mortal.port, cluster.mortal.port]
      cluster.mortal.left = left
      for (const { who, does, name } of program) {
        const port = ports[who] ?? cluster.healthy[0]
        const own = cluster.alive.filter((probe) => probe.port === port)
        const live = own.filter(({ state }) => state === 'held' || state === 'waiting')
        if (does.do === 'end') {
          const probe = live[does.which % Math.max(1, live.length)]
          if (probe !== undefined) cluster.end(probe)
        } else {
          const steal = does.do === 'steal'
          const options = { name, steal, ifAvailable: does.do === 'try' }
          cluster.ask(port, { ...options, mode: steal ? 'exclusive' : does.mode })
        }
        await cluster.settle()
        cluster.expectExclusion()
      }
      cluster.mortal.dead = true
      cluster.mortal.prove()
      await cluster.drain()
    }),
    { seed, numRuns },
  )
})
