/**
 * Several agents of one lock space in one process, each with `Locks`, a mechanism and a bus of its
 * own, on one virtual clock. A test can kill an agent and lose messages.
 */

import { type CreateLocksOptions, Locks } from '../create-locks'
import { createLockManager } from '../lock-manager'
import type { Bus } from '../ports/bus'
import { MemoryPort } from '../ports/memory'
import { MintingWebLocksPort } from '../ports/minting-web-locks'
import type {
  Answer,
  LockPort,
  PortLockInfo,
  PortRequest,
  PortSnapshot,
  Reach,
} from '../ports/port'
import { Space } from '../space'
import { LedgerClock } from './ledger-clock'
import { LocalMemory } from './local-memory'
import { TestOrigin } from './test-origin'
import { testCohort } from './test-ports'
import { microtasks, VirtualClock } from './virtual-clock'

export interface TestAgent {
  readonly locks: Locks
  /** What its locks stand on. */
  readonly strict: LockPort
  /** Ends it between two instructions: its locks are free, and it hears and says nothing more. */
  die(): void
}

export interface TestAgents {
  readonly clock: VirtualClock
  readonly bus: TestBus
  /** Whether anything is under way. */
  busy(): boolean
  open(): TestAgent
  /** Until nothing moves any more. Time stands still. */
  settle(): Promise<void>
}

/** A channel: messages are copied, and come in a later turn to all but their sender. */
export class TestBus {
  /** Which messages are lost. */
  loses: (message: { readonly type: string }) => boolean = () => false
  /** How long a message is under way, in ms of the world's clock; 0: until the next turn. */
  delay: () => number = () => 0
  /** What was posted, by type. */
  readonly posted: string[] = []
  /** How many messages are under way. */
  busy = 0
  readonly #ears = new Set<(message: unknown, from: object) => void>()

  constructor(readonly clock: VirtualClock) {}

  open(isAlive: () => boolean): Bus {
    const self = {}
    return {
      post: (message) => {
        const copy = structuredClone(message) as { readonly type: string }
        if (!isAlive()) return
        this.posted.push(copy.type)
        if (this.loses(copy)) return
        const deliver = () => {
          for (const ear of [...this.#ears]) ear(copy, self)
        }
        const delay = this.delay()
        if (delay > 0) {
          this.clock.after(delay, deliver)
          return
        }
        this.busy++
        microtasks().then(() => {
          this.busy--
          deliver()
        })
      },
      listen: (listener) => {
        const ear = (message: unknown, from: object) => {
          if (from !== self && isAlive()) listener(message)
        }
        this.#ears.add(ear)
        return () => this.#ears.delete(ear)
      },
    }
  }
}

/** One agent's view of queues that all agents share. */
class SharedQueues implements LockPort {
  readonly reach = 'origin'
  /** Its agent is dead: what it asks for is asked by nobody. */
  dead = false

  constructor(
    readonly queues: MemoryPort,
    readonly owners: WeakMap<PortRequest, string>,
    readonly client: string,
    readonly bus: Bus,
  ) {}

  acquire(request: PortRequest): Answer {
    if (this.dead) return 'waiting'
    this.owners.set(request, this.client)
    return this.queues.acquire(request)
  }
  release(request: PortRequest): void {
    this.queues.release(request)
  }
  cancel(request: PortRequest): void {
    this.queues.cancel(request)
  }
  *live(): Generator<PortRequest> {
    for (const request of this.queues.live()) {
      if (this.owners.get(request) === this.client) yield request
    }
  }
  mint(request: PortRequest, count: number, floor: number): number | undefined {
    return this.queues.mint(request, count, floor)
  }
  async query(): Promise<PortSnapshot> {
    const held: PortLockInfo[] = []
    const pending: PortLockInfo[] = []
    for (const request of this.queues.live()) {
      const list = request.grantedAt < 0 ? pending : held
      const { name, mode } = request
      list.push({ name, mode, clientId: this.owners.get(request) ?? '' })
    }
    return { held, pending }
  }
}

export interface Mechanism {
  readonly clock: VirtualClock
  open(bus: Bus): { readonly strict: LockPort; die(): void }
  readonly isBusy?: () => boolean
}

function sharedQueues(clock: LedgerClock, wrap: (port: LockPort, bus: Bus) => LockPort): Mechanism {
  const queues = new MemoryPort(clock)
  const owners = new WeakMap<PortRequest, string>()
  let agents = 0
  return {
    clock,
    open(bus) {
      const own = new SharedQueues(queues, owners, `client ${++agents}`, bus)
      const die = () => {
        own.dead = true
        for (const request of [...own.live()]) {
          own.cancel(request)
          own.release(request)
        }
      }
      return { strict: wrap(own, bus), die }
    },
  }
}

const mechanisms: Readonly<Record<string, (clock?: LedgerClock) => Mechanism>> = {
  'one queue': (clock = new LedgerClock()) => sharedQueues(clock, (port) => port),
  'web locks': (clock = new LedgerClock()) =>
    sharedQueues(clock, (port, bus) => {
      const manager = createLockManager({ port })
      return new MintingWebLocksPort(manager, bus, clock, [], () => clock.ledger)
    }),
  'shared memory'(clock: VirtualClock = new VirtualClock()) {
    const memory = new LocalMemory(clock, 2 ** 17)
    return {
      clock,
      open(bus) {
        const ids: string[] = []
        const presence = () => {
          const made = memory.deaths.presence()
          ids.push(made.id)
          return made
        }
        const strict = memory.attach({ bus, presence })
        return { strict, die: () => ids.forEach((id) => void memory.deaths.kill(id)) }
      },
    }
  },
  'indexed db'(clock?: VirtualClock) {
    const origin = new TestOrigin(clock)
    return {
      clock: origin.clock,
      open(bus) {
        const agent = origin.open()
        // The same port, asked over the bus of the test.
        const strict = new Proxy(agent.port, {
          get: (port, key) => {
            if (key === 'bus') return bus
            const value = Reflect.get(port, key, port)
            return typeof value === 'function' ? value.bind(port) : value
          },
        })
        return { strict, die: () => agent.die() }
      },
      isBusy: () => origin.busy > 0,
    }
  },
}

/** Each mechanism, with a cohort in front of it and without. */
export const testAgents: Readonly<Record<string, (clock?: LedgerClock) => TestAgents>> =
  Object.fromEntries(
    Object.entries(mechanisms).flatMap(([name, make]) => [
      [name, (clock) => agentsOver(make(clock), false, reachOf(name))],
      [`cohort over ${name}`, (clock) => agentsOver(make(clock), true, reachOf(name))],
    ]),
  )

function reachOf(mechanism: string): Reach {
  return mechanism === 'shared memory' ? 'cluster' : 'origin'
}

export function agentsOver(
  { clock, open, isBusy = () => false }: Mechanism,
  cohort: boolean,
  reach: Reach,
): TestAgents {
  const bus = new TestBus(clock)
  const busy = () => bus.busy > 0 || isBusy()
  return {
    clock,
    bus,
    busy,
    open() {
      let alive = true
      const { strict, die } = open(bus.open(() => alive))
      const bounded = cohort ? testCohort(strict, clock) : strict
      const space = new Space(reach, () => ({ bounded, strict }), clock)
      return {
        locks: new Locks(space),
        strict,
        die() {
          alive = false
          die()
        },
      }
    },
    async settle() {
      do await clock.settle()
      while (busy())
      await clock.settle()
    },
  }
}

/** What `createLocks` does with its extensions, for locks that it did not make. */
export function extend(locks: Locks, { deadlock, order }: CreateLocksOptions): void {
  deadlock?.install(locks.space)
  order?.install(locks.space)
}
