/** The locks that the fault suite tries, and some that are none, to see that it notices. */

import type { Fairness } from '../../src/locks/arguments'
import { systemClock } from '../../src/locks/clock'
import { createLocks, Locks } from '../../src/locks/create-locks'
import type { Hold } from '../../src/locks/hold'
import { createLockManager } from '../../src/locks/lock-manager'
import { SharedMemoryPort } from '../../src/locks/ports/shared-memory/shared-memory'
import type { Presence } from '../../src/locks/presence/presence'
import { webLocksPresence } from '../../src/locks/presence/web-locks-presence'
import { Space } from '../../src/locks/space'

/**
 * The last three must fail: no lock at all; one that never hears of a death; one that lets
 * every tenth in without waiting.
 */
export type Carried =
  | 'web-locks'
  | 'shared-memory'
  | 'indexed-db'
  | 'nothing'
  | 'forgetful'
  | 'leaky'

export interface LanesOptions {
  readonly carried: Carried
  readonly fair: Fairness
  /** For what stands on it. */
  readonly memory: SharedArrayBuffer | undefined
}

/** What is asked of a hold here. */
export type LaneHold = Pick<Hold, 'signal' | 'release'>

/** Of a leaky one: so many stand behind each who is let in without waiting. */
const leak = 10

/** Numbered locks: the even ones are mutexes, the odd ones RW locks. */
export class Lanes {
  readonly locks: Locks | undefined
  readonly #fair: Fairness
  readonly #manager: LockManager | undefined
  #leaks = false
  #asked = 0

  constructor({ carried, fair, memory }: LanesOptions) {
    this.#fair = fair
    if (carried === 'nothing') return
    this.#leaks = carried === 'leaky'
    if (carried === 'forgetful') {
      this.locks = new Locks(forgetful(memory as SharedArrayBuffer))
      return
    }
    const reach = memory === undefined ? 'origin' : 'cluster'
    this.locks = createLocks({ reach, memory })
    this.#manager = createLockManager({ reach, memory })
  }

  exclusive(
    lane: number,
    wait: 'patient' | 'hurried' | 'try' = 'patient',
  ): Promise<LaneHold | null> {
    const { locks } = this
    const leaks = this.#leaks && ++this.#asked % leak === 0
    if (locks === undefined || leaks) return Promise.resolve(noHold)
    const options = { fair: this.#fair }
    if (lane % 2 === 1) {
      const lock = locks.rwLock(laneName(lane), options)
      if (wait === 'try') return lock.tryAcquireWrite()
      return lock.acquireWrite(wait === 'hurried' ? { timeout: 5 } : {})
    }
    const lock = locks.mutex(laneName(lane), options)
    if (wait === 'try') return lock.tryAcquire()
    return lock.acquire(wait === 'hurried' ? { timeout: 5 } : {})
  }

  /** Of an odd lane. */
  shared(lane: number): Promise<LaneHold> {
    if (this.locks === undefined) return Promise.resolve(noHold)
    return this.locks.rwLock(laneName(lane), { fair: this.#fair }).acquireRead()
  }

  /** Blocks the thread. */
  exclusiveNow(lane: number): LaneHold {
    if (this.locks === undefined) return noHold
    const options = { fair: this.#fair }
    return lane % 2 === 1
      ? this.locks.rwLock(laneName(lane), options).acquireWriteSync()
      : this.locks.mutex(laneName(lane), options).acquireSync()
  }

  /** Takes a lane from whoever holds it, as a stranger who knows no more than its name. */
  async steal(lane: number, section: () => Promise<void>): Promise<void> {
    await this.#manager?.request(laneName(lane), { steal: true }, section)
  }

  /** What is held or waited for in any lane: at once if it is nothing, else after `patience` ms. */
  async leftOver(patience: number): Promise<string[]> {
    const start = performance.now()
    for (;;) {
      const names = (await this.#names()).filter((name) => name.startsWith('lane '))
      if (names.length === 0 || performance.now() - start > patience) return names
      // A query may be answered at once: windows that share this event loop need turns, too.
      await new Promise<void>((turn) => systemClock.soon(turn))
    }
  }

  async #names(): Promise<string[]> {
    const { held = [], pending = [] } = (await this.#manager?.query()) ?? {}
    return [...held, ...pending].map(({ name = '' }) => name)
  }
}

const laneName = (lane: number) => `lane ${lane}`

const noHold: LaneHold = { signal: new AbortController().signal, release() {} }

function forgetful(memory: SharedArrayBuffer): Space {
  const presence = (): Presence => {
    const real = webLocksPresence(navigator.locks)
    return {
      id: real.id,
      ready: real.ready,
      lost: real.lost,
      get established() {
        return real.established
      },
      watch: () => () => {},
      leave: () => real.leave(),
    }
  }
  const port = new SharedMemoryPort(memory, { presence })
  return new Space('cluster', () => ({ strict: port, bounded: port }))
}
