/** One run of a program from its first worker to its last mark. */

import type { Program } from '../../scenario'
import { startAllowance } from '../bound'
import { type ClockOffset, clockResolution } from '../clocks'
import { measureOffset, pageClock } from '../measure-clock'
import { type OpenTab, openTab } from '../open-tab'
import { memoryFor } from '../run-locks'
import type { Carrier } from '../support'
import { type Endpoint, portEndpoint, workerEndpoint } from './endpoint'
import { handOver } from './hand-over'
import type { PerformProgramOptions } from './perform-program'
import type { FromThread, ToThread } from './protocol'
import { reportOf } from './report'
import { type SharedVariables, shareVariables, valuesOf } from './shared-variables'
import type { Mark, RealProgramRun, ThreadEnd } from './types'

/** How long beyond the last turn and `after` a wait is watched before the run is given up, in ms. */
const patience = 2_500

/** How far ahead the common start is, in ms: the message must have reached everybody. */
const lead = 60

export class ProgramRun {
  readonly #program: Program
  readonly #carrier: Carrier
  readonly #options: PerformProgramOptions
  readonly #after: number
  readonly #variables: SharedVariables | undefined
  /** Of each thread: 0 for this page, 1 for the second one. */
  readonly #tabs: readonly number[]
  /** By thread. */
  readonly #threads: Endpoint[] = []
  /** What each thread is asked for. */
  readonly #answers = new Map<string, (message: FromThread) => void>()
  readonly #marks: Mark[] = []
  readonly #ends: ThreadEnd[] = []
  readonly #outcome: Promise<RealProgramRun>
  #resolve: (run: RealProgramRun) => void = () => {}
  #reject: (reason: unknown) => void = () => {}
  readonly #over = new AbortController()
  /** No other run has it, in no tab. Pages on plain http have no `crypto.randomUUID`. */
  readonly #prefix = `program ${Math.random().toString(36).slice(2)} `
  #clockError = 0
  #latest = 0
  #tab: Promise<OpenTab> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(program: Program, carrier: Carrier, options: PerformProgramOptions) {
    this.#program = program
    this.#carrier = carrier
    this.#options = options
    this.#after = options.after ?? 500
    this.#variables = shareVariables(program.variables)
    const tabs = options.secondTab === undefined ? 1 : 2
    // Neighbours are in different tabs: that is where their locks are between two of them.
    this.#tabs = program.threads.map((_, thread) => thread % tabs)
    this.#outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  play(): Promise<RealProgramRun> {
    const { secondTab } = this.#options
    const { signal } = this.#over
    // At once: a browser lets nobody open a tab who has awaited anything since the click.
    if (secondTab !== undefined) this.#tab = openTab({ address: secondTab, signal })
    this.#perform().catch((error: unknown) => this.fail(error))
    return this.#outcome
  }

  fail(reason: unknown): void {
    this.#reject(reason)
  }

  /** Resolves when no worker and no tab of the run is left. */
  async end(): Promise<void> {
    clearTimeout(this.#timer)
    this.#over.abort()
    for (const thread of this.#threads) thread.end()
    const tab = await this.#tab?.catch(() => undefined)
    await tab?.close()
  }

  async #perform(): Promise<void> {
    const tab = await this.#tab
    if (this.#over.signal.aborted) return
    const late = `the workers did not answer within ${startAllowance / 1000} s`
    this.#timer = setTimeout(() => this.fail(new Error(late)), startAllowance)
    const ports = this.#openThreads()
    if (tab) this.#hand(tab, ports)
    await Promise.all(this.#threads.map((_, thread) => this.#prepare(thread)))
    const clocks = await this.#measure()
    clearTimeout(this.#timer)
    if (!this.#over.signal.aborted) this.#begin(clocks)
  }

  /** Answers the ports for the threads of the second tab. */
  #openThreads(): readonly MessagePort[] {
    return this.#tabs.flatMap((tab, thread) => {
      const hear = (message: FromThread) => this.#hear(thread, message)
      const listener = { hear, fail: (error: Error) => this.fail(error) }
      if (tab === 0) {
        this.#threads.push(workerEndpoint(listener))
        return []
      }
      const { port1, port2 } = new MessageChannel()
      this.#threads.push(portEndpoint(port1, listener))
      return [port2]
    })
  }

  #hand(tab: OpenTab, ports: readonly MessagePort[]): void {
    const { title, threads } = this.#program
    const there = threads.filter((_, thread) => this.#tabs[thread] === 1)
    const share = { title, threads: there.map(({ name }) => name), ports }
    handOver(tab, share, (reason) => this.fail(reason))
  }

  #prepare(thread: number): Promise<unknown> {
    const { name = '', statements = [] } = this.#program.threads[thread] ?? {}
    return this.#ask(thread, 'ready', {
      type: 'prepare',
      thread,
      name,
      statements,
      prefix: this.#prefix,
      policy: this.#program.policy === 'go' ? 'phase-fair' : 'fifo',
      memory: memoryFor(this.#carrier.reach),
      variables: this.#variables,
      turns: this.#options.turns[thread] ?? [],
      after: this.#after,
    })
  }

  /** One worker after the other: answers that queue behind each other would all look slow. */
  async #measure(): Promise<readonly ClockOffset[]> {
    const resolution = clockResolution(() => performance.now())
    const clocks: ClockOffset[] = []
    for (const thread of this.#threads.keys()) {
      const ask = async () => (await this.#ask(thread, 'pong', { type: 'ping' })).time
      clocks.push(await measureOffset(ask, resolution))
    }
    return clocks
  }

  #begin(clocks: readonly ClockOffset[]): void {
    const start = pageClock() + lead
    for (const [thread, endpoint] of this.#threads.entries()) {
      // On its own clock: what it tells from then on counts from the common start.
      endpoint.tell({ type: 'start', at: start + (clocks[thread]?.offset ?? 0) })
    }
    this.#clockError = Math.max(...clocks.map(({ error }) => error))
    const wait = this.#after + patience
    const lastTurn = Math.max(0, ...this.#options.turns.flat())
    this.#timer = setTimeout(() => this.#finish(wait), lead + lastTurn + wait)
  }

  /** Never settles if the thread fails: that ends the run. */
  #ask<Type extends FromThread['type']>(
    thread: number,
    type: Type,
    question: ToThread,
  ): Promise<Extract<FromThread, { type: Type }>> {
    return new Promise((resolve) => {
      const answered = (message: FromThread) =>
        resolve(message as Extract<FromThread, { type: Type }>)
      this.#answers.set(`${type} ${thread}`, answered)
      this.#threads[thread]?.tell(question)
    })
  }

  #hear(thread: number, message: FromThread): void {
    switch (message.type) {
      case 'ready':
      case 'pong':
        this.#answers.get(`${message.type} ${thread}`)?.(message)
        return
      case 'mark':
        this.#marks.push(message.mark)
        this.#options.onProgress?.(this.#marks.length)
        return
      case 'late':
        this.#latest = Math.max(this.#latest, message.by)
        return
      case 'end':
        this.#ends.push(message.end)
        if (this.#ends.length === this.#threads.length) this.#finish(undefined)
        return
      case 'failed':
        this.fail(new Error(message.message))
    }
  }

  #finish(givenUpAfter: number | undefined): void {
    const { mechanism } = this.#carrier
    const [tabs, clockError, latest] = [this.#tabs, this.#clockError, this.#latest]
    const told = { marks: this.#marks, ends: this.#ends, variables: valuesOf(this.#variables) }
    this.#resolve(reportOf({ mechanism, tabs, clockError, latest, ...told, givenUpAfter }))
  }
}
