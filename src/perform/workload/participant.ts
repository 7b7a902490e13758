/** One worker's part of a workload: its tasks, each of which follows its own plan. */

import { Histogram, type HistogramData } from '../../observe'
import { type Action, planOf, type Workload } from '../../scenario'
import type { Counters } from './counters'
import type { EventLog } from './event-log'
import type { Pausing } from './pausing'
import type { WorkloadCounts } from './types'
import type { Lock } from './workload-locks'

export interface Part {
  readonly workload: Workload
  readonly participant: number
  readonly lock: Lock
  readonly counters: Counters
  readonly log: EventLog
  readonly pausing: Pausing
  /** The time is over: nobody asks any more, who waits gives up, who holds finishes. */
  readonly over: AbortSignal
  /** The run is given up: nothing is finished. */
  readonly stop: AbortSignal
}

export interface Tally extends WorkloadCounts {
  readonly aborted: number
  readonly wait: HistogramData
  readonly hold: HistogramData
}

/** Longer than so many ms no task goes on without letting messages and timers come through. */
const breath = 8

export class Participant {
  readonly #part: Part
  /** Whichever of the two comes first. */
  readonly #end: AbortSignal
  readonly #wait = new Histogram()
  readonly #hold = new Histogram()
  #done = 0
  #writes = 0
  #lost = 0
  #aborted = 0
  #breathed = 0

  constructor(part: Part) {
    this.#part = part
    this.#end = either(part.over, part.stop)
  }

  /**
   * Resolves when all tasks have ended, by their plans, by the time, or because the run is given up.
   * Rejects when a lock fails or is lost.
   */
  async play(): Promise<void> {
    const { workload, participant } = this.#part
    const { tasks } = workload
    this.#breathed = this.#part.pausing.now()
    const first = participant * tasks
    await Promise.all(Array.from({ length: tasks }, (_, task) => this.#task(first + task)))
  }

  get counts(): WorkloadCounts {
    const { dropped } = this.#part.log
    return { done: this.#done, writes: this.#writes, lost: this.#lost, dropped }
  }

  tally(): Tally {
    const [wait, hold] = [this.#wait.data(), this.#hold.data()]
    return { ...this.counts, aborted: this.#aborted, wait, hold }
  }

  async #task(runner: number): Promise<void> {
    const { workload, pausing } = this.#part
    for (const action of planOf(workload, runner)) {
      if (action.think > 0) await pausing.pause(action.think, this.#end)
      if (this.#end.aborted) return
      await this.#acquire(runner, action)
      if (pausing.now() - this.#breathed < breath) continue
      await pausing.turn()
      this.#breathed = pausing.now()
    }
  }

  async #acquire(runner: number, action: Action): Promise<void> {
    const { lock, log, pausing } = this.#part
    const asked = pausing.now()
    const logged = log.request(runner, action, asked)
    let granted: number | undefined
    try {
      await lock(action, this.#end, async () => {
        granted = pausing.now()
        logged.note('grant', granted)
        await this.#section(action)
        const released = pausing.now()
        logged.note('release', released)
        this.#count(asked, granted, released)
      })
    } catch (error) {
      if (granted !== undefined || !this.#end.aborted) throw error
      logged.note('abort', pausing.now())
      this.#aborted++
    }
  }

  /** Reads the counter of the key, works, and writes: what no lock guards is lost for real. */
  async #section({ key, mode, hold }: Action): Promise<void> {
    const { counters, pausing, stop } = this.#part
    const seen = await counters.read(key)
    await pausing.pause(hold, stop)
    if (mode === 'read') return
    const before = await counters.write(key, seen + 1)
    this.#writes++
    this.#lost += before - seen
  }

  #count(asked: number, granted: number, released: number): void {
    this.#done++
    // A clock that was set back between two readings must not end a run.
    this.#wait.record(Math.max(0, granted - asked))
    this.#hold.record(Math.max(0, released - granted))
  }
}

/** Browsers have `AbortSignal.any` since 2024 only. */
function either(...signals: readonly AbortSignal[]): AbortSignal {
  const end = new AbortController()
  for (const signal of signals) {
    const follow = () => end.abort(signal.reason)
    if (signal.aborted) follow()
    signal.addEventListener('abort', follow, { once: true })
  }
  return end.signal
}
