/**
 * An origin as it can be had in one process: one IndexedDB (fake-indexeddb) and one channel for
 * several agents, which a test can kill. Time stands still while it settles.
 */

import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { type Clock, systemClock } from '../clock'
import type { Bus } from '../ports/bus'
import { IndexedDbPort } from '../ports/indexed-db/indexed-db'
import { newPresenceId, type Presence } from '../presence/presence'
import { microtasks, VirtualClock } from './virtual-clock'

// What every browser has as a global.
globalThis.IDBKeyRange ??= IDBKeyRange

/** An agent of the origin. */
export interface TestAgent {
  readonly port: IndexedDbPort
  readonly alive: boolean
  /** Where its `pagehide` and the like are fired. */
  readonly page: EventTarget
  /** The ids of its lives, the present one last. */
  readonly ids: readonly string[]
  /** Its connections to the table, the present one last. */
  readonly connections: readonly IDBDatabase[]
  /** Ends it between two instructions: it neither does nor hears anything from then on. */
  die(): void
  /** It hears no messages meanwhile. */
  deaf: boolean
  /** The browser takes its presence away while it lives. */
  losePresence(): void
}

export class TestOrigin {
  readonly factory = new IDBFactory()
  readonly clock: VirtualClock
  /** How much is under way. */
  busy = 0
  readonly #living = new Map<string, Set<() => void>>()
  readonly #ears = new Set<(message: unknown, from: object) => void>()
  /** What the next transaction ends with. */
  failure: DOMException | undefined

  /** @param clock if others go by it as well: then they settle all of it */
  constructor(clock?: VirtualClock) {
    this.clock = clock ?? new OriginClock(this)
  }

  open(): TestAgent {
    let alive = true
    const timers = new Set<() => void>()
    const page = new EventTarget()
    const ids: string[] = []
    const connections: IDBDatabase[] = []
    let losePresence = () => {}
    const port = new IndexedDbPort({
      clock: this.#clockOf(() => alive, timers),
      wakes: this.#busOf(() => alive && !agent.deaf),
      bus: this.#busOf(() => alive),
      lifecycle: [page],
      indexedDB: () => this.#factoryOf(connections),
      presence: () => {
        const presence = this.#presence((lose) => {
          losePresence = lose
        })
        ids.push(presence.id)
        return presence
      },
    })
    const agent: TestAgent = {
      port,
      page,
      ids,
      connections,
      deaf: false,
      get alive() {
        return alive
      },
      losePresence: () => losePresence(),
      die: () => {
        alive = false
        for (const stop of timers) stop()
        for (const connection of connections) connection.close()
        for (const id of ids) this.#bury(id)
      },
    }
    return agent
  }

  #bury(id: string): void {
    const watchers = this.#living.get(id) ?? new Set()
    this.#living.delete(id)
    for (const died of watchers) died()
  }

  #presence(onLose: (lose: () => void) => void): Presence {
    const id = newPresenceId()
    this.#living.set(id, new Set())
    return {
      id,
      ready: Promise.resolve(),
      established: true,
      lost: new Promise((lose) => onLose(lose)),
      watch: (other, died) => {
        const watcher = () => died()
        const watchers = this.#living.get(other)
        if (watchers === undefined) queueMicrotask(watcher)
        else watchers.add(watcher)
        return () => watchers?.delete(watcher)
      },
      leave: () => this.#bury(id),
    }
  }

  /** The origin's clock, with the timers of one agent noted. */
  #clockOf(isAlive: () => boolean, timers: Set<() => void>): Clock {
    const { clock } = this
    return {
      now: () => clock.now(),
      coarse: () => clock.coarse(),
      after: (delay, callback) => {
        if (!isAlive()) return () => {}
        const stop = clock.after(delay, callback)
        timers.add(stop)
        return stop
      },
      soon: (callback) => clock.soon(callback),
    }
  }

  /** A channel: messages are copied, and come in a later turn to all but their sender. */
  #busOf(hears: () => boolean): Bus {
    const self = {}
    return {
      post: (message) => {
        const copy = structuredClone(message)
        this.busy++
        systemClock.soon(() => {
          this.busy--
          for (const ear of [...this.#ears]) ear(copy, self)
        })
      },
      listen: (listener) => {
        const ear = (message: unknown, from: object) => {
          if (from !== self && hears()) listener(message)
        }
        this.#ears.add(ear)
        return () => this.#ears.delete(ear)
      },
    }
  }

  #factoryOf(connections: IDBDatabase[]): IDBFactory {
    const open = (name: string, version?: number) => {
      const request = this.factory.open(name, version)
      this.#track(request, ['success', 'error'])
      request.addEventListener('success', () => {
        const connection = request.result
        connections.push(connection)
        const transaction = connection.transaction.bind(connection)
        connection.transaction = (...args) => {
          const begun = transaction(...args)
          this.#track(begun, ['complete', 'abort'])
          if (this.failure !== undefined) fail(begun, this.failure)
          this.failure = undefined
          return begun
        }
      })
      return request
    }
    return { open } as IDBFactory
  }

  #track(target: EventTarget, ends: readonly string[]): void {
    this.busy++
    for (const type of ends) {
      target.addEventListener(type, () => {
        this.busy--
      })
    }
  }
}

/** As if the engine could not write. */
function fail(transaction: IDBTransaction, error: DOMException): void {
  transaction.commit = () => {}
  Object.defineProperty(transaction, 'error', { value: error })
  queueMicrotask(() => transaction.abort())
}

/** Settles once nothing is under way in its origin either. */
class OriginClock extends VirtualClock {
  constructor(readonly origin: TestOrigin) {
    super()
  }

  override async settle(): Promise<void> {
    await super.settle()
    while (this.origin.busy > 0) {
      await microtasks()
      await super.settle()
    }
  }
}
