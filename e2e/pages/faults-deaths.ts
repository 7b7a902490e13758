/**
 * Ends workers at random moments, among healthy ones: while they hold a lock, wait for one, are
 * busy and hear nothing, block their thread, or are inside the table of a shared memory. With each
 * death a request is made behind the dead: that it is granted proves that all is well again, and
 * when tells how long that took.
 */

import { createLockMemory } from '../../src/locks/ports/shared-memory/create-lock-memory'
import { type Entry, holdOf } from '../faults/log'
import { type AgentOptions, FaultAgent, lifeOf, type Role } from './faults-agent'
import { Latch } from './faults-latch'
import type { Carried } from './faults-locks'
import { readLog, type Testimony, type Witness, witnessMemory, witnessOf } from './faults-witness'
import type { Order } from './faults-worker'
import { mulberry32 } from './hammer-agent'

export interface Plan {
  readonly carried: Carried
  readonly fair: 'bounded' | 'strict'
  readonly kills: number
  readonly seed: number
  /** How long, in ms, whoever waits behind a dead one is waited for. */
  readonly patience: number
  /** The script of the workers. */
  readonly worker: string
  /** The witness where there is no shared memory. */
  readonly witness?: string | undefined
}

export interface Death {
  readonly role: Role
  /** How long its lane stood still, in ms, until who came behind it was through. */
  readonly recovery: number | undefined
  /** It died as the owner of the table's latch. */
  readonly insideLatch: boolean
}

export interface Deaths {
  readonly deaths: readonly Death[]
  /** Empty where the witness is elsewhere. */
  readonly entries: readonly Entry[]
  /** Sections that the healthy ones went through. */
  readonly sections: number
  /** The most that a timer here, or the answer of an idle worker, was late, in ms. */
  readonly lateness: number
  /** The longest that a request waited on a lane where nobody had died. */
  readonly healthyWait: number
  /** What was held or waited for when all had ended. */
  readonly left: readonly string[]
  /** Somebody waited for longer than the plan's patience, and the rest was not played. */
  readonly stuck: boolean
}

/** Whose threads are idle. */
const idle: readonly Role[] = ['holds', 'reads', 'contends', 'contends']
/**
 * Whose threads are busy until the browser's grace is over. They have an act of their own, for one
 * that is in the midst of a transaction, or inside the latch, stops all lanes.
 */
const busy: readonly Role[] = ['busy']
const busyInMemory: readonly Role[] = ['blocks', 'loops', 'busy', 'loops']

/** Agent numbers. */
const director = 1
const firstHealthy = 2
const healthy = 2
const firstVictim = firstHealthy + healthy

export async function endWorkers(plan: Plan): Promise<Deaths> {
  return new Theatre(plan).play()
}

class Theatre {
  readonly #memory: SharedArrayBuffer | undefined
  readonly #testimony: Testimony
  readonly #witness: Witness
  readonly #latch: Latch | undefined
  readonly #deaths: Death[] = []
  readonly #agent: FaultAgent
  readonly #script: string
  #victims = 0
  /** Somebody waited for longer than it is to be waited for. */
  #stuck = false
  #lateness = 0
  #healthyWait = 0
  #over = false

  constructor(readonly plan: Plan) {
    const { carried, fair, seed, witness } = plan
    const hasMemory = !['web-locks', 'indexed-db', 'nothing'].includes(carried)
    this.#script = URL.createObjectURL(new Blob([plan.worker], { type: 'text/javascript' }))
    this.#memory = hasMemory ? createLockMemory() : undefined
    this.#testimony = witness ?? witnessMemory()
    this.#witness = witnessOf(this.#testimony)
    this.#latch = this.#memory && new Latch(this.#memory)
    const memory = this.#memory
    this.#agent = new FaultAgent({
      ...{ carried, fair, memory, seed, testimony: this.#testimony, agent: director },
    })
  }

  async play(): Promise<Deaths> {
    // First of all: it watches over those who block.
    await this.#agent.lanes.locks?.ready()
    const lanes = Array.from({ length: 4 }, (_, lane) => lane)
    const [echo, ...others] = await Promise.all([
      this.#cast(0),
      ...Array.from({ length: healthy }, (_, i) => this.#cast(firstHealthy + i)),
    ])
    if (echo === undefined) throw new Error('no worker')
    const measured = this.#measure(echo)
    const sections = others.map((worker) => {
      const tasks = this.plan.witness === undefined ? 2 : 1
      worker.postMessage({ order: 'contend', lanes, tasks } satisfies Order)
      return answer<number>(worker)
    })
    const { kills } = this.plan
    await Promise.all(lanes.map((lane) => this.#act(lane, idle, Math.ceil(kills * 0.7))))
    const second = this.#memory === undefined ? busy : busyInMemory
    await Promise.all(lanes.map((lane) => this.#act(lane, second, kills)))
    for (const worker of others) worker.postMessage({ order: 'stop' } satisfies Order)
    const counted = this.#stuck ? [] : await this.#patient(Promise.all(sections))
    this.#over = true
    const { patience } = this.plan
    // It looks for as long itself, if it is answered.
    const left = this.#stuck
      ? []
      : await this.#patient(this.#agent.lanes.leftOver(patience), 2 * patience)
    await measured
    for (const worker of [echo, ...others]) worker.terminate()
    return {
      deaths: this.#deaths,
      entries: typeof this.#testimony === 'string' ? [] : readLog(this.#testimony),
      sections: (counted ?? []).reduce((sum, each) => sum + each, 0),
      lateness: this.#lateness,
      healthyWait: this.#healthyWait,
      left: left ?? [],
      stuck: this.#stuck,
    }
  }

  /** One lane's victims, one after the other, until there were so many in all. */
  async #act(lane: number, roles: readonly Role[], kills: number): Promise<void> {
    const random = mulberry32(this.plan.seed + lane)
    while (this.#victims < kills && !this.#stuck) {
      const agent = firstVictim + this.#victims++
      const role = roles[(this.plan.seed + agent) % roles.length] ?? 'holds'
      if (roles === idle) await this.#control(lane)
      if (this.#stuck) return
      // Readers are of RW locks, which the odd lanes are.
      const possible = role === 'reads' && lane % 2 === 0 ? 'holds' : role
      this.#deaths.push(await this.#end(lane, possible, agent, random))
    }
  }

  async #patient<T>(promise: Promise<T>, ms = this.plan.patience): Promise<T | undefined> {
    let waits = true
    const late = passed(ms).then(() => {
      this.#stuck ||= waits
      return undefined
    })
    const first = await Promise.race([promise, late])
    waits = false
    return first
  }

  /** How long it takes to wait behind the healthy ones alone. */
  async #control(lane: number): Promise<void> {
    const start = performance.now()
    await this.#patient(this.#agent.pass(lane))
    this.#healthyWait = Math.max(this.#healthyWait, performance.now() - start)
  }

  async #end(lane: number, role: Role, agent: number, random: () => number): Promise<Death> {
    const pulse = this.#memory && new SharedArrayBuffer(4)
    const victim = await this.#cast(agent, pulse)
    const inPlace = answer(victim)
    victim.postMessage({ order: 'take', role, lane } satisfies Order)
    await this.#patient(inPlace)
    await passed(random() * 40)
    await this.#witness.tell('killed', lane, holdOf(agent, 0))
    await this.#witness.watch(lane, agent)
    const watch = role === 'loops' && pulse ? this.#latch?.watch(pulse) : undefined
    victim.terminate()
    const outlives = role === 'loops' || role === 'blocks'
    const through = outlives ? this.#passAfterEnd(agent, lane) : this.#agent.pass(lane)
    const recovered = through.then(() => this.#witness.standstill(lane))
    const recovery = await this.#patient(recovered)
    return { role, recovery, insideLatch: watch?.() ?? false }
  }

  /**
   * Who locks and unlocks with its whole thread goes on doing so until the browser's grace is over,
   * and may die inside the latch, so that nobody gets anything: what counts is who comes after that.
   */
  async #passAfterEnd(agent: number, lane: number): Promise<void> {
    await navigator.locks.request(lifeOf(agent), () => {})
    await this.#agent.pass(lane)
  }

  async #cast(agent: number, pulse?: SharedArrayBuffer): Promise<Worker> {
    const { carried, fair, seed } = this.plan
    const worker = new Worker(this.#script, { type: 'module' })
    worker.addEventListener('error', (event) => {
      if (!this.#over) reportError(new Error(`agent ${agent}: ${event.message}`))
    })
    await answer(worker)
    const options: AgentOptions = {
      ...{ carried, fair, memory: this.#memory, testimony: this.#testimony },
      ...{ agent, seed: seed + 1000 * agent, pulse },
    }
    const ready = answer(worker)
    worker.postMessage({ order: 'be', options } satisfies Order)
    await this.#patient(ready)
    return worker
  }

  /** How late a machine this busy is, whatever locks do. */
  async #measure(echo: Worker): Promise<void> {
    while (!this.#over) {
      const start = performance.now()
      await passed(10)
      const answered = answer(echo)
      echo.postMessage({ order: 'echo' } satisfies Order)
      await answered
      this.#lateness = Math.max(this.#lateness, performance.now() - start - 10)
    }
  }
}

function answer<T>(worker: Worker): Promise<T> {
  return new Promise((resolve) => {
    worker.addEventListener('message', ({ data }) => resolve(data), { once: true })
  })
}

function passed(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
