/** One run from its first worker to its last event. */

import type { LockEvent, Locks } from '../locks'
import type { Scenario, Thread } from '../scenario'
import { runAllowance, startAllowance } from './bound'
import { bounded, listenSafely } from './bounded'
import { type ClockOffset, clockResolution, type TimeScale } from './clocks'
import { RealRunError } from './errors'
import { measureClock, pageClock } from './measure-clock'
import type { ThreadLateness } from './play-thread'
import { byTime, lastWord, mapEvent } from './recording'
import { locksOver, memoryFor, type SharedWith } from './run-locks'
import type { Carrier } from './support'
import { ThreadWorker } from './thread-worker'
import type { PerformOptions, RealProgress, RealRun } from './types'

/**
 * How far ahead the common start lies, in ms: long enough for every worker to hear of it on a
 * busy machine. A worker that hears later reports it as lateness.
 */
const lead = 100

export class Run {
  /** No other run has it, in no tab. Pages on plain http have no `crypto.randomUUID`. */
  readonly lock = `latchkey real run ${Math.random().toString(36).slice(2)}`
  /** The page's own: it watches over the workers, and sees what they leave. */
  readonly locks: Locks
  readonly #carrier: Carrier
  readonly #memory: SharedWith
  readonly #threads: ThreadWorker[] = []
  #timekeeper: ThreadWorker | undefined
  readonly #events: LockEvent[] = []
  readonly #scales = new Map<string, TimeScale>()
  readonly #scenario: Scenario
  readonly #options: PerformOptions
  /** Whatever ends the run before its time aborts this, with what the run rejects with. */
  readonly #end: AbortController

  constructor(scenario: Scenario, carrier: Carrier, options: PerformOptions, end: AbortController) {
    this.#carrier = carrier
    this.#memory = memoryFor(carrier.reach)
    this.locks = locksOver(this.#memory)
    this.#scenario = scenario
    this.#options = options
    this.#end = end
  }

  get workers(): readonly ThreadWorker[] {
    return this.#timekeeper === undefined ? this.#threads : [...this.#threads, this.#timekeeper]
  }

  async play(): Promise<RealRun> {
    const { policy, speed } = this.#options
    await this.#bounded(startAllowance, this.#setUp())
    const clocks = await this.#bounded(startAllowance, this.#measure())
    const lateness = await this.#bounded(runAllowance(this.#scenario, speed), this.#start(clocks))
    return {
      scenario: this.#scenario,
      policy,
      speed,
      mechanism: this.#carrier.mechanism,
      events: byTime(this.#events),
      // Each is that far from the page's at most, so two of them may be twice as far apart.
      clockError: 2 * Math.max(...clocks.map(({ error }) => error)),
      lateness: {
        most: Math.max(...lateness.map(({ latest }) => latest)),
        total: lateness.reduce((sum, { late }) => sum + late, 0),
      },
    }
  }

  async #setUp(): Promise<void> {
    const { threads } = this.#scenario
    let ready = 0
    const progress = () => this.#progress({ kind: 'starting', ready, threads: threads.length })
    progress()
    await Promise.all(
      threads.map(async (thread) => {
        await this.#hire(thread)
        ready++
        progress()
      }),
    )
    // Last, so that what is wrong with all workers is told of a thread, whom people know.
    this.#timekeeper = this.#worker('timekeeper')
    await this.#timekeeper.ask(
      { type: 'keep-time', lock: this.lock, memory: this.#memory },
      'ready',
    )
  }

  async #hire({ name, sections }: Thread): Promise<void> {
    const worker = this.#worker(name)
    this.#threads.push(worker)
    const { policy, speed } = this.#options
    await worker.ask(
      {
        type: 'setup',
        lock: this.lock,
        memory: this.#memory,
        policy: policy === 'go' ? 'phase-fair' : 'fifo',
        thread: name,
        sections,
        speed,
      },
      'ready',
    )
  }

  #worker(name: string): ThreadWorker {
    // Nobody would dismiss one that is hired after the end.
    this.#end.signal.throwIfAborted()
    return new ThreadWorker(name, {
      event: (event) => this.#heard(name, event),
      failure: (error) => this.#end.abort(error),
    })
  }

  /** One worker after the other: answers that queue behind each other would all look slow. */
  async #measure(): Promise<readonly ClockOffset[]> {
    const clocks: ClockOffset[] = []
    const resolution = clockResolution(() => performance.now())
    for (const worker of this.#threads) {
      clocks.push(await measureClock(worker, resolution))
    }
    return clocks
  }

  async #start(clocks: readonly ClockOffset[]): Promise<readonly ThreadLateness[]> {
    const start = pageClock() + lead
    const startAt = start - performance.timeOrigin
    const threads = this.#threads.length
    let finished = 0
    const progress = () => this.#progress({ kind: 'running', finished, threads, startAt })
    const played = this.#threads.map(async (worker, index) => {
      const offset = clocks[index]?.offset ?? 0
      this.#scales.set(worker.thread, { start, offset, speed: this.#options.speed })
      const lateness = await worker.ask({ type: 'start', at: start + offset }, 'finished')
      finished++
      progress()
      return lateness
    })
    const kept = this.#timekeeper?.ask({ type: 'start', at: start }, 'finished')
    progress()
    const lateness = await Promise.all(played)
    this.#timekeeper?.tell({ type: 'enough' })
    return kept === undefined ? lateness : [...lateness, await kept]
  }

  #heard(thread: string, event: LockEvent): void {
    const scale = this.#scales.get(thread)
    if (scale === undefined || this.#end.signal.aborted) return
    const mapped = mapEvent(event, scale)
    this.#events.push(mapped)
    listenSafely(() => this.#options.onEvent?.(mapped))
  }

  #progress(progress: RealProgress): void {
    if (!this.#end.signal.aborted) listenSafely(() => this.#options.onProgress?.(progress))
  }

  #bounded<T>(allowance: number, work: Promise<T>): Promise<T> {
    return bounded(this.#end, allowance, () => this.#overdue(allowance), work)
  }

  #overdue(allowance: number): RealRunError {
    const waiting = this.#threads.filter(({ isAsked }) => isAsked).map(({ thread }) => thread)
    const after = `after ${(allowance / 1000).toFixed(1)} s`
    const told =
      this.#scales.size === 0
        ? `the workers of ${waiting.join(', ')} did not answer ${after}`
        : `${after}, ${waiting.map((thread) => lastWord(thread, this.#events)).join('; ')}`
    return new RealRunError('overdue', waiting, told)
  }
}
