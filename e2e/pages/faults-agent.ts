/**
 * One agent of the fault suite, in a page or a worker: it takes lanes, is seen by the witness in
 * each, and never says that it is well or not. Healthy ones and victims run the same code.
 */

import { LockLostError, TimeoutError } from '../../src/locks/errors'
import { holdOf } from '../faults/log'
import { type LaneHold, Lanes, type LanesOptions } from './faults-locks'
import { Ousted, type Testimony, type Witness, witnessOf } from './faults-witness'
import { mulberry32 } from './hammer-agent'

/** What an agent can be made to do for the rest of its life. The last three need its whole thread. */
export const roles = ['holds', 'reads', 'contends', 'busy', 'blocks', 'loops'] as const
export type Role = (typeof roles)[number]

export interface AgentOptions extends LanesOptions {
  readonly testimony: Testimony
  /** Its number: no other agent has it. */
  readonly agent: number
  readonly seed: number
  /** For `loops`: counts its rounds in the first word. */
  readonly pulse?: SharedArrayBuffer | undefined
}

export class FaultAgent {
  readonly lanes: Lanes
  readonly number: number
  /** Sections that it has finished. */
  sections = 0
  readonly #options: AgentOptions
  readonly #witness: Witness
  readonly #random: () => number
  #serial = 0
  #stopped = false

  constructor(options: AgentOptions) {
    this.#options = options
    this.number = options.agent
    this.lanes = new Lanes(options)
    this.#witness = witnessOf(options.testimony)
    this.#random = mulberry32(options.seed)
  }

  /** Resolves when it is in the midst of it. */
  async take(role: Role, lane: number): Promise<() => void> {
    const { lanes } = this
    switch (role) {
      case 'holds':
      case 'busy': {
        const hold = await lanes.exclusive(lane)
        const id = this.#next()
        if (hold !== null) this.#listen(lane, id, hold)
        await this.#witness.enter(lane, id)
        return () => {
          if (role === 'busy') for (;;) this.#witness.touchNow(lane, id)
        }
      }
      case 'reads':
        await lanes.shared(lane)
        return () => {}
      case 'contends':
        this.contend([lane], 4).catch(report)
        await this.pass(lane)
        return () => {}
      case 'blocks':
      case 'loops':
        await lanes.locks?.ready()
        await this.#live()
        return () => (role === 'blocks' ? this.#block(lane) : this.#loop())
    }
  }

  /** Takes these lanes by so many tasks, until it is told to stop. */
  async contend(lanes: readonly number[], tasks: number): Promise<void> {
    const run = async () => {
      while (!this.#stopped) {
        const lane = lanes[Math.floor(this.#random() * lanes.length)] ?? 0
        await this.#visit(lane)
        // Else the machine would be busy with this alone.
        if (this.#random() < 0.3) await passed(this.#random() * 8)
      }
    }
    await Promise.all(Array.from({ length: tasks }, run))
  }

  stop(): void {
    this.#stopped = true
  }

  /** Waits for a lane and goes through it: whoever stood before is out of the way then. */
  async pass(lane: number, granted = () => {}): Promise<void> {
    const hold = await this.lanes.exclusive(lane)
    granted()
    await this.#section(lane, hold)
  }

  /** Resolves when the lane is held, by this agent alone: with what tells when it is lost. */
  async keep(lane: number): Promise<{ readonly lost: Promise<void> }> {
    const hold = await this.lanes.exclusive(lane)
    const id = this.#next()
    if (hold === null) throw new Error('not to be had')
    this.#listen(lane, id, hold)
    await this.#witness.enter(lane, id)
    const lost = new Promise<void>((told) => {
      hold.signal.addEventListener('abort', () => told())
      if (hold.signal.aborted) told()
    })
    return { lost }
  }

  /** Takes a lane from its holders, and goes through it. */
  async steal(lane: number, granted = () => {}): Promise<void> {
    const id = this.#next()
    await this.#witness.tell('thief', lane, id)
    await this.lanes.steal(lane, async () => {
      granted()
      const value = await this.#witness.enter(lane, id)
      await this.#witness.leave(lane, id, value)
    })
  }

  async #visit(lane: number): Promise<void> {
    const choice = this.#random()
    const wait = choice < 0.8 ? 'patient' : choice < 0.9 ? 'hurried' : 'try'
    try {
      const hold = await this.lanes.exclusive(lane, wait)
      if (hold === null) await turn()
      else await this.#section(lane, hold)
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
    }
  }

  async #section(lane: number, hold: LaneHold | null): Promise<void> {
    if (hold === null) return
    const id = this.#next()
    const witness = this.#witness
    try {
      if (this.#listen(lane, id, hold)) return
      const value = await witness.enter(lane, id)
      for (let steps = Math.floor(this.#random() * 4); steps > 0; steps--) {
        await pause(this.#random)
        await witness.touch(lane, id)
      }
      if (!hold.signal.aborted) await witness.leave(lane, id, value)
      this.sections++
    } catch (error) {
      // It is in the log.
      if (!(error instanceof Ousted)) throw error
    } finally {
      hold.release()
    }
  }

  /** Tells the witness of a loss. @returns whether it is lost by now */
  #listen(lane: number, id: number, { signal }: LaneHold): boolean {
    const tell = () => this.#witness.tell('lost', lane, id)
    if (signal.aborted) tell()
    else signal.addEventListener('abort', tell, { once: true })
    return signal.aborted
  }

  /** Blocks for a lane that others want, too. */
  #block(lane: number): never {
    const witness = this.#witness
    for (;;) {
      const hold = this.lanes.exclusiveNow(lane)
      const id = this.#next()
      const value = witness.enter(lane, id) as number
      witness.touchNow(lane, id)
      witness.leave(lane, id, value)
      hold.release()
    }
  }

  /** Locks and unlocks what nobody else wants: half of its time it owns the table's latch. */
  #loop(): never {
    const { agent, pulse = new SharedArrayBuffer(4) } = this.#options
    const beats = new Int32Array(pulse)
    const own = this.lanes.locks?.mutex(`own ${agent}`, { fair: 'strict' })
    for (;;) {
      own?.acquireSync().release()
      Atomics.add(beats, 0, 1)
    }
  }

  /** Holds a lock of the browser's own to the end of its life. */
  #live(): Promise<void> {
    return new Promise((held) => {
      navigator.locks.request(lifeOf(this.#options.agent), () => {
        held()
        return new Promise(() => {})
      })
    })
  }

  #next(): number {
    return holdOf(this.#options.agent, ++this.#serial)
  }
}

/** A lock of the browser's that is free once this agent, who blocks, is dead. */
export const lifeOf = (agent: number): string => `the life of agent ${agent}`

/** A lost lock is no failure, the log tells whether it was lost rightly. */
export function report(error: unknown): void {
  if (!(error instanceof LockLostError)) reportError(error)
}

async function pause(random: () => number): Promise<void> {
  const choice = random()
  if (choice < 0.4) return
  if (choice < 0.6) await null
  else await turn()
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
