/**
 * One agent's side of the suite: a port, locks over it, and whatever it was told to ask for. The
 * same in a page, a worker, a frame, a tab and a thread.
 */

import { type Clock, systemClock } from '../../src/locks/clock'
import { Locks } from '../../src/locks/create-locks'
import { detectDeadlocks } from '../../src/locks/deadlock'
import { DeadlockError } from '../../src/locks/errors'
import type { Hold } from '../../src/locks/index'
import type { LockPort } from '../../src/locks/ports/port'
import { Space } from '../../src/locks/space'
import { Probe, type ProbeOptions } from '../../src/locks/testing/probe'
import { nameOf } from './check'
import { Goroutines } from './goroutines'
import { type OpenPort, type PortRow, ports } from './ports'
import type { Answers, Command, Ending, Look, Opening, Side, Wish } from './protocol'

/** Real time, which knows whether a turn of the event loop was asked for. */
class CountingClock implements Clock {
  #asked = 0
  readonly now = systemClock.now
  readonly coarse = systemClock.coarse
  readonly after = systemClock.after

  get busy(): boolean {
    return this.#asked > 0
  }

  soon(callback: () => void): void {
    this.#asked++
    systemClock.soon(() => {
      this.#asked--
      callback()
    })
  }
}

export class Stage {
  readonly clock = new CountingClock()
  readonly open: OpenPort
  readonly locks: Locks
  readonly #probes: Probe[] = []
  readonly #holds = new Map<string, Hold>()
  readonly #kept: Hold[] = []
  readonly #wants = new Map<string, { readonly ending: Promise<Ending>; give(): void }>()
  readonly #goroutines = new Goroutines()
  /** Called with whatever a request hears. */
  readonly #listeners = new Set<() => void>()

  constructor(open: (clock: Clock) => OpenPort) {
    this.open = open(this.clock)
    const { bounded, strict } = this.open
    this.locks = new Locks(new Space(bounded.reach, () => ({ bounded, strict }), this.clock))
  }

  /** Resolves once its locks can be had. */
  static async on({ port, memory }: Opening): Promise<Stage> {
    const row: PortRow = ports[port]
    const stage = new Stage((clock) => row.open({ clock, memory }))
    await stage.open.strict.ready
    return stage
  }

  /** What the cases are about. */
  get port(): LockPort {
    return this.open.bounded
  }

  /** A hold that `clear` disposes of. */
  async keep<T extends Hold | null>(asked: Promise<T>): Promise<T> {
    const hold = await asked
    if (hold !== null) this.#kept.push(hold)
    return hold
  }

  /** A request of which nobody else knows yet. It is ended by `clear`. */
  probe(id: string, options: ProbeOptions = {}): Probe {
    const hears = (what: string, of: Probe) => {
      options.hears?.(what, of)
      for (const listener of this.#listeners) listener()
    }
    const probe = new Probe(this.port, id, { ...options, hears })
    this.#probes.push(probe)
    return probe
  }

  ask(id: string, options: ProbeOptions = {}): Probe {
    const probe = this.probe(id, options)
    probe.ask()
    return probe
  }

  async obey<T extends Command['type']>(
    command: Command & { readonly type: T },
  ): Promise<Answers[T]> {
    return (await this.#obey(command)) as Answers[T]
  }

  #obey(command: Command): unknown {
    switch (command.type) {
      case 'ask':
        return this.#ask(command.id, command.wish)
      case 'end':
        return this.#end(command.id)
      case 'held':
        return this.#held(command.id)
      case 'mint':
        return this.#mint(command.id, command.floor)
      case 'take':
        return this.#take(command.id, command.lock, command.side, command.task)
      case 'give':
        return this.#give(command.id)
      case 'detect':
        return this.#detect(command.after)
      case 'want':
        return this.#want(command.id, command.by, command.lock, command.timeout)
      case 'ending':
        return this.#wants.get(command.id)?.ending
      case 'block':
        return this.#block(command.lock, command.timeout)
      case 'act':
        return this.#goroutines.act(this.locks.rwLock(command.lock), command.g, command.op)
      case 'look':
        return this.look()
      case 'list':
        return this.open.strict.query()
      case 'clear':
        return this.#clear()
      case 'leave':
        return this.open.close?.()
    }
  }

  look(): Look {
    return {
      asked: this.#probes.map(({ id, state, reason, mistakes }) => ({
        id,
        state,
        reason,
        mistakes: [...mistakes],
      })),
      live: [...this.open.strict.live()].map(({ name, mode, grantedAt }) => ({
        name,
        mode,
        held: grantedAt >= 0,
      })),
      busy: this.clock.busy,
      goroutines: this.#goroutines.look(),
    }
  }

  #ask(id: string, wish: Wish): null {
    this.ask(id, wish)
    return null
  }

  #end(id: string): null {
    this.#probes.find((probe) => probe.id === id)?.end()
    return null
  }

  #held(id: string): Promise<null> {
    return new Promise((resolve) => {
      const look = () => {
        const probe = this.#probes.find((each) => each.id === id)
        if (probe?.state === 'held') resolve(null)
      }
      this.#listeners.add(look)
      look()
    })
  }

  async #mint(id: string, floor: number): Promise<number | null> {
    const probe = this.#probes.find((each) => each.id === id)
    if (probe === undefined) throw new Error(`nobody is called ${id}`)
    return (await this.port.mint?.(probe, 1, floor)) ?? null
  }

  async #take(id: string, lock: string, side: Side, task: string): Promise<null> {
    const asks = this.locks.task(task)
    const hold = await (side === 'mutex'
      ? asks.mutex(lock).acquire()
      : side === 'read'
        ? asks.rwLock(lock).acquireRead()
        : asks.rwLock(lock).acquireWrite())
    this.#holds.set(id, hold)
    return null
  }

  #give(id: string): null {
    this.#holds.get(id)?.release()
    this.#holds.delete(id)
    return null
  }

  #detect(after: number): null {
    detectDeadlocks({ after }).install(this.locks.space)
    return null
  }

  #want(id: string, by: string, lock: string, timeout: number | undefined): null {
    const holder = this.#holds.get(by)
    if (holder === undefined) throw new Error(`nobody has taken ${by}`)
    const patience = new AbortController()
    const asked = holder.mutex(lock).acquire({ signal: patience.signal, timeout })
    const ending = asked.then(
      (hold): Ending => {
        this.#holds.set(id, hold)
        return 'held'
      },
      (error): Ending => {
        const cycle = error instanceof DeadlockError ? error.cycle.map(({ task }) => task) : []
        return { error: nameOf(error), cycle }
      },
    )
    this.#wants.set(id, { ending, give: () => patience.abort() })
    return null
  }

  #block(lock: string, timeout: number): string {
    try {
      this.locks.mutex(lock).acquireSync({ timeout }).release()
      return 'held'
    } catch (error) {
      return nameOf(error)
    }
  }

  #clear(): null {
    // The last one first, so that none is granted in between.
    for (const probe of this.#probes.splice(0).toReversed()) probe.end()
    for (const want of this.#wants.values()) want.give()
    this.#wants.clear()
    for (const hold of [...this.#kept.splice(0), ...this.#holds.values()]) hold[Symbol.dispose]()
    this.#holds.clear()
    this.locks.space.detector = undefined
    this.#goroutines.clear()
    this.#listeners.clear()
    return null
  }
}
