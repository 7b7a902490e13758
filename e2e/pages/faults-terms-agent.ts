/**
 * One agent, in a page or a worker, that does three things at a time for as long as it lives: it
 * campaigns and writes into the leaders' log, takes some of three permits, and flies with whoever
 * flies. It writes down what it does; `terms-judge.ts` tells whether it was right.
 */

import {
  createLocks,
  type FencedHold,
  type Hold,
  type Leader,
  LockLostError,
  type Locks,
  type Semaphore,
  StaleFenceError,
  TimeoutError,
} from '../../src/locks/index'
import { holdOf } from '../faults/log'
import { type Room, rooms } from '../faults/terms-judge'
import { Notes } from './faults-terms-notes'
import { mulberry32 } from './hammer-agent'

export interface TermsOptions {
  readonly memory?: SharedArrayBuffer | undefined
  readonly fair: 'bounded' | 'strict'
  /** Of a leader's lease, in ms. */
  readonly ttl: number
  /** Its number: no other agent has it. */
  readonly agent: number
  readonly seed: number
  /** Each agent has locks of its own names, which exclude nobody: the judge must notice. */
  readonly apart: boolean
}

const isWorker = typeof document === 'undefined'

interface Freeze {
  readonly ms: number
  done(): void
}

export class TermsAgent {
  readonly number: number
  readonly notes: Notes
  readonly #random: () => number
  readonly #locks: Locks
  readonly #leader: Leader
  readonly #semaphore: Semaphore
  readonly #flight: string
  #freeze: Freeze | undefined
  #serial = 0

  private constructor({ memory, fair, ttl, agent, seed, apart }: TermsOptions, notes: Notes) {
    const name = (what: string) => (apart ? `${what} of agent ${agent}` : what)
    this.number = agent
    this.notes = notes
    this.#random = mulberry32(seed)
    this.#locks = createLocks(memory === undefined ? {} : { reach: 'cluster', memory })
    this.#leader = this.#locks.leader(name('log'), { ttl })
    this.#semaphore = this.#locks.semaphore(name('permits'), rooms.permits, { fair })
    this.#flight = name('flight')
  }

  static async open(options: TermsOptions): Promise<TermsAgent> {
    const agent = new TermsAgent(options, await Notes.open())
    await agent.#locks.ready()
    return agent
  }

  /** To the end of its life. */
  async live(): Promise<void> {
    const ever = async (act: () => Promise<unknown>) => {
      for (;;) {
        // Whoever is to be frozen as a leader begins nothing else: others would wait for that.
        if (this.#freeze === undefined || act === lead) await expected(act)
        await this.#pause()
      }
    }
    const lead = () => this.#lead(this.#random() < 0.2 ? { timeout: 300 } : {})
    const lives = [
      ever(lead),
      ever(() => this.#take(this.#random() < 0.3 ? 2 : 1)),
      ever(() => this.#fly()),
    ]
    try {
      await Promise.all(lives)
    } catch (error) {
      await this.notes.tell({ kind: 'failed', agent: this.number, error: `${error}` })
    }
  }

  /** Everything once. @returns whether it could write into the log */
  async doAll(): Promise<boolean> {
    await expected(() => this.#take(rooms.permits))
    const written = await expected(() => this.#lead({}))
    await expected(() => this.#fly())
    return written ?? false
  }

  /** Stands still for so long, at once or when it leads. Resolves when it has gone on. */
  freeze(ms: number, when: 'now' | 'leading'): Promise<void> {
    if (when === 'now') {
      standStill(ms)
      return Promise.resolve()
    }
    return new Promise((done) => {
      this.#freeze = { ms, done }
    })
  }

  async #lead(options: { readonly timeout?: number }): Promise<boolean> {
    const { name, fence } = await this.#leader.campaign(options)
    // Written with even if it is lost: as who does not know yet.
    const hold = { name, fence }
    try {
      for (let left = 2 + Math.floor(this.#random() * 3); left > 0; left--) {
        if (!(await this.#write(hold))) return false
        await this.#pause()
      }
      const freeze = this.#freeze
      if (freeze === undefined) return true
      standStill(freeze.ms)
      const written = await this.#write(hold)
      this.#freeze = undefined
      freeze.done()
      return written
    } finally {
      this.#leader.resign()
    }
  }

  /** @returns whether it was not too late */
  async #write(hold: FencedHold): Promise<boolean> {
    const entry = { agent: this.number, fence: hold.fence ?? 0 }
    await this.notes.writeUnfenced(entry)
    try {
      await this.notes.writeFenced(hold, entry)
      return true
    } catch (error) {
      if (!(error instanceof StaleFenceError)) throw error
      await this.notes.tell({ kind: 'refused', agent: this.number })
      return false
    }
  }

  async #take(permits: number): Promise<void> {
    const impatient = permits < rooms.permits && this.#random() < 0.2
    const hold = await this.#semaphore.acquire(permits, impatient ? { timeout: 50 } : {})
    try {
      await this.#enter('permits', permits, hold)
    } finally {
      hold.release()
    }
  }

  async #fly(): Promise<void> {
    const hold = await this.#locks.once(this.#flight, (hold) => this.#enter('once', 1, hold))
    await this.notes.tell({ kind: 'got', agent: this.number, hold })
  }

  /** @returns the number of this stay */
  async #enter(room: Room, permits: number, { signal }: Pick<Hold, 'signal'>): Promise<number> {
    const agent = this.number
    const hold = holdOf(agent, ++this.#serial)
    const tell = () => this.notes.tell({ kind: 'lost', agent, hold }).catch(report)
    if (signal.aborted) tell()
    else signal.addEventListener('abort', tell, { once: true })
    await this.notes.tell({ kind: 'in', agent, room, hold, permits })
    await this.#pause()
    await this.notes.tell({ kind: 'out', agent, room, hold, permits })
    signal.removeEventListener('abort', tell)
    return hold
  }

  async #pause(): Promise<void> {
    // Else the machine would be busy with this alone. In a hidden page a timer takes a second.
    if (isWorker && this.#random() < 0.5) await passed(this.#random() * 10)
    for (let turns = 1 + Math.floor(this.#random() * 8); turns > 0; turns--) await turn()
  }
}

/** What may happen to anybody. */
async function expected<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof LockLostError || error instanceof TimeoutError) return undefined
    throw error
  }
}

export function report(error: unknown): void {
  reportError(error)
}

function standStill(ms: number): void {
  const start = performance.now()
  while (performance.now() - start < ms);
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
