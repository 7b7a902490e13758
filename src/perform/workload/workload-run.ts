/** One run of a workload, from its first worker to its last section. */

import { participantsOf, type Workload } from '../../scenario'
import { startAllowance } from '../bound'
import { bounded, listenSafely } from '../bounded'
import { type ClockOffset, clockResolution } from '../clocks'
import { RealRunError } from '../errors'
import { measureOffset, pageClock } from '../measure-clock'
import type { OpenTab } from '../open-tab'
import { workloadAllowance } from './allowance'
import { type CountedIn, sumOfCounters } from './counters'
import { readBatch } from './event-log'
import { agentOf } from './names'
import { outcomeOf, sumOf } from './outcome'
import { ParticipantLink } from './participant-link'
import type { FromParticipant } from './protocol'
import type {
  PerformWorkloadOptions,
  WorkloadCounts,
  WorkloadMechanism,
  WorkloadOutcome,
  WorkloadProgress,
} from './types'

/**
 * How far ahead the common start lies, in ms: long enough for every participant to hear of it on a busy
 * machine.
 */
const lead = 100

type Finished = Extract<FromParticipant, { type: 'finished' }>
type Batch = Extract<FromParticipant, { type: 'batch' }>

/** What a run stands on. */
export interface RunBasis {
  /** No other run has it: all locks' names begin with it. */
  readonly name: string
  readonly mechanism: WorkloadMechanism
  readonly memory: SharedArrayBuffer | undefined
  readonly countedIn: CountedIn
  readonly tabs: readonly OpenTab[]
}

export class WorkloadRun {
  readonly links: ParticipantLink[] = []
  readonly #workload: Workload
  readonly #basis: RunBasis
  readonly #options: PerformWorkloadOptions
  /** Whatever ends the run before its time aborts this, with what the run rejects with. */
  readonly #end: AbortController
  readonly #resolutions: number[] = []
  readonly #counts: WorkloadCounts[] = []
  #clocks: readonly ClockOffset[] = []
  #startedAt = Number.NaN
  /** Of this page's clock, in ms. */
  #resolution = 0

  constructor(
    workload: Workload,
    basis: RunBasis,
    options: PerformWorkloadOptions,
    end: AbortController,
  ) {
    this.#workload = workload
    this.#basis = basis
    this.#options = options
    this.#end = end
  }

  async play(): Promise<WorkloadOutcome> {
    await this.#bounded(startAllowance, this.#setUp())
    this.#clocks = await this.#bounded(startAllowance, this.#measure())
    const finished = await this.#bounded(workloadAllowance(this.#workload), this.#start())
    return this.#outcome(finished)
  }

  async #setUp(): Promise<void> {
    const participants = participantsOf(this.#workload)
    let ready = 0
    const progress = () => this.#progress({ kind: 'starting', ready, participants })
    progress()
    const joining = Array.from({ length: participants }, async (_, participant) => {
      const { resolution } = await this.#hire(participant)
      this.#resolutions[participant] = resolution
      ready++
      progress()
    })
    await Promise.all(joining)
  }

  #hire(participant: number) {
    const { name, memory, countedIn, tabs } = this.#basis
    const workload = this.#workload
    const tab = tabs[participant - workload.workers]
    // Nobody would dismiss one that is hired after the end.
    this.#end.signal.throwIfAborted()
    const link = new ParticipantLink(
      agentOf(workload, participant),
      { name, title: workload.title },
      tab,
      {
        batch: (batch) => this.#heard(participant, batch),
        failure: (error) => this.#end.abort(error),
      },
    )
    this.links[participant] = link
    return link.ask({ type: 'setup', workload, participant, name, memory, countedIn }, 'ready')
  }

  /** One after the other: answers that queue behind each other would all look slow. */
  async #measure(): Promise<readonly ClockOffset[]> {
    const clocks: ClockOffset[] = []
    this.#resolution = clockResolution(() => performance.now())
    for (const [participant, link] of this.links.entries()) {
      const ask = async () => (await link.ask({ type: 'ping' }, 'pong')).time
      clocks.push(
        await measureOffset(ask, Math.max(this.#resolution, this.#resolutions[participant] ?? 0)),
      )
    }
    return clocks
  }

  async #start(): Promise<readonly Finished[]> {
    const start = pageClock() + lead
    this.#startedAt = start
    this.#tellCounts()
    return Promise.all(
      this.links.map((link, participant) => {
        return link.ask({ type: 'start', at: start + this.#offset(participant) }, 'finished')
      }),
    )
  }

  #heard(participant: number, { rows, counts }: Batch): void {
    if (this.#end.signal.aborted) return
    this.#counts[participant] = counts
    const events = readBatch(rows, this.#workload, participant, this.#offset(participant))
    if (events.length > 0) listenSafely(() => this.#options.onBatch?.(events))
    this.#tellCounts()
  }

  #tellCounts(): void {
    const counts = sumOf(this.#counts)
    const [share, startedAt] = [this.#share(counts), this.#startedAt]
    this.#progress({ kind: 'running', ...counts, startedAt, share })
  }

  #share({ done }: WorkloadCounts): number {
    const { end } = this.#workload
    const share =
      end.kind === 'time' ? (pageClock() - this.#startedAt) / end.ms : done / end.actions
    return Math.min(1, Math.max(0, share))
  }

  async #outcome(finished: readonly Finished[]): Promise<WorkloadOutcome> {
    const { mechanism, countedIn } = this.#basis
    const participants = finished.map(({ at, tally }, participant) => ({
      at,
      tally,
      clock: this.#clocks[participant] ?? { offset: 0, error: 0 },
      resolution: this.#resolutions[participant] ?? 0,
    }))
    return outcomeOf({
      workload: this.#workload,
      mechanism,
      startedAt: this.#startedAt,
      resolution: this.#resolution,
      participants,
      // A single participant has summed its own up, write by write.
      counted: countedIn.kind === 'own' ? undefined : await sumOfCounters(countedIn),
    })
  }

  #offset(participant: number): number {
    return this.#clocks[participant]?.offset ?? 0
  }

  #progress(progress: WorkloadProgress): void {
    if (!this.#end.signal.aborted) listenSafely(() => this.#options.onProgress?.(progress))
  }

  #bounded<T>(allowance: number, work: Promise<T>): Promise<T> {
    return bounded(this.#end, allowance, () => overdue(this.links, allowance), work)
  }
}

function overdue(links: readonly ParticipantLink[], allowance: number): RealRunError {
  const names = links.filter(({ isAsked }) => isAsked).map(({ name }) => name)
  const after = `after ${(allowance / 1000).toFixed(1)} s`
  return new RealRunError('overdue', names, `${names.join(', ')} came to no end ${after}`)
}
