/**
 * A page that ends and freezes workers of its own at random moments, while it keeps looking whether
 * it still gets everything; or is itself the tab to which something happens.
 */

import { createLockMemory } from '../../src/locks/ports/shared-memory/create-lock-memory'
import { judge, type Step, type Verdict } from '../faults/terms-judge'
import { report, TermsAgent, type TermsOptions } from './faults-terms-agent'
import type { TermsOrder } from './faults-terms-worker'
import { mulberry32 } from './hammer-agent'

export interface TermsPlan extends Pick<TermsOptions, 'fair' | 'ttl' | 'seed' | 'apart'> {
  readonly carried: 'web-locks' | 'shared-memory' | 'indexed-db'
  /** How many kills and freezes. */
  readonly faults: number
  /** How long, in ms, anything is waited for. */
  readonly patience: number
  /** The script of the workers. */
  readonly worker: string
}

export interface TermsOutcome {
  readonly kills: number
  readonly freezes: number
  /** How often the page did everything among the others, and the longest that it took, in ms. */
  readonly looks: number
  readonly longest: number
  /** How long it took when all others were dead, in ms; `undefined`: it could not. */
  readonly atEnd: number | undefined
  /** What was waited for in vain. */
  readonly stuck: readonly string[]
  readonly verdict: Verdict
}

const population = 4
/** Agent numbers. */
const director = 1

class TermsTheatre {
  readonly #random: () => number
  readonly #script: string
  readonly #memory: SharedArrayBuffer | undefined
  readonly #stuck: string[] = []
  #agents = director
  #faults = 0
  #kills = 0
  #freezes = 0
  #looks = 0
  #longest = 0
  #over = false

  constructor(readonly plan: TermsPlan) {
    this.#random = mulberry32(plan.seed)
    this.#script = URL.createObjectURL(new Blob([plan.worker], { type: 'text/javascript' }))
    this.#memory = plan.carried === 'shared-memory' ? createLockMemory() : undefined
  }

  async play(): Promise<TermsOutcome> {
    const self = await TermsAgent.open(this.#options(director))
    const looking = this.#look(self)
    await Promise.all(Array.from({ length: population }, () => this.#act(self)))
    this.#over = true
    await looking
    const start = performance.now()
    const done = this.#isStuck ? false : await this.#patient('all, after the end', self.doAll())
    return {
      ...{ kills: this.#kills, freezes: this.#freezes, looks: this.#looks },
      ...{ longest: this.#longest, stuck: this.#stuck },
      atEnd: done ? performance.now() - start : undefined,
      verdict: judge(await self.notes.read()),
    }
  }

  get #isStuck(): boolean {
    return this.#stuck.length > 0
  }

  /** One after the other lives here, until there were faults enough. */
  async #act(self: TermsAgent): Promise<void> {
    while (this.#faults < this.plan.faults && !this.#isStuck) {
      const agent = ++this.#agents
      const worker = await this.#cast(agent)
      await passed(this.#random() * 300)
      while (this.#faults < this.plan.faults && !this.#isStuck) {
        const fault = ++this.#faults
        if (fault % 4 !== 3 && fault % 8 !== 5) break
        await this.#freeze(worker, fault % 4 === 3 ? 'leading' : 'now')
        this.#freezes++
        await passed(this.#random() * 100)
      }
      await self.notes.tell({ kind: 'away', agent })
      worker.terminate()
      this.#kills++
    }
  }

  async #freeze(worker: Worker, when: 'now' | 'leading'): Promise<void> {
    const wentOn = answer(worker)
    // Long enough for others to find out.
    const ms = when === 'leading' ? 4 * this.plan.ttl : this.plan.ttl * this.#random()
    worker.postMessage({ order: 'freeze', ms, when } satisfies TermsOrder)
    await this.#patient(`to go on after a freeze ${when}`, wentOn)
  }

  async #look(self: TermsAgent): Promise<void> {
    while (!this.#over && !this.#isStuck) {
      const start = performance.now()
      await this.#patient('all, among others', self.doAll())
      this.#longest = Math.max(this.#longest, performance.now() - start)
      this.#looks++
      await passed(this.#random() * 200)
    }
  }

  async #cast(agent: number): Promise<Worker> {
    const worker = new Worker(this.#script, { type: 'module' })
    worker.addEventListener('error', ({ message }) => {
      reportError(new Error(`agent ${agent}: ${message}`))
    })
    await answer(worker)
    const ready = answer(worker)
    worker.postMessage({ order: 'live', options: this.#options(agent) } satisfies TermsOrder)
    await this.#patient('to be ready', ready)
    return worker
  }

  #options(agent: number): TermsOptions {
    const { fair, ttl, seed, apart } = this.plan
    return { memory: this.#memory, fair, ttl, apart, agent, seed: seed + 1000 * agent }
  }

  async #patient<T>(what: string, promise: Promise<T>): Promise<T | undefined> {
    const { patience } = this.plan
    const late = Symbol()
    const first = await Promise.race([promise, passed(patience).then(() => late)])
    if (first !== late) return first as T
    this.#stuck.push(`waited ${patience} ms ${what}`)
    return undefined
  }
}

function answer(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => {
    worker.addEventListener('message', resolve, { once: true })
  })
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

let agent: TermsAgent | undefined

function me(): TermsAgent {
  if (agent === undefined) throw new Error('nobody yet')
  return agent
}

globalThis.terms = {
  play: (plan) => new TermsTheatre(plan).play(),

  async be(options) {
    agent = await TermsAgent.open(options)
  },

  live() {
    me().live().catch(report)
  },

  tell: (step) => me().notes.tell(step),

  async doAll(patience) {
    const start = performance.now()
    const written = await Promise.race([me().doAll(), passed(patience)])
    return written === undefined ? undefined : { written, ms: performance.now() - start }
  },

  judge: async () => judge(await me().notes.read()),
}

interface Terms {
  play(plan: TermsPlan): Promise<TermsOutcome>
  be(options: TermsOptions): Promise<void>
  /** From now on does everything, again and again. */
  live(): void
  tell(step: Step): Promise<void>
  /** Does everything once. @returns `undefined` if it was not done after so many ms */
  doAll(patience: number): Promise<{ written: boolean; ms: number } | undefined>
  judge(): Promise<Verdict>
}

declare global {
  var terms: Terms
}
