/** Records what locks do. */

import { checkFunction, checkNumber, checkObject, checkOptions, refuse } from '../locks/arguments'
import type { Locks } from '../locks/create-locks'
import { ensureDisposalSymbols } from '../locks/disposal'
import type { Bus } from '../locks/ports/bus'
import type { Space } from '../locks/space'
import type { TaskHold } from '../locks/task-hold'
import { type CollectOptions, Peers } from './collect'
import type { Finding } from './findings/finding'
import { type FindingSettings, withDefaults } from './findings/settings'
import { byLock } from './lock-tally'
import { merge } from './merge'
import { describeAgent, finestStep, Gaps } from './recorder/agent'
import { Alerts } from './recorder/alerts'
import { Watcher } from './recorder/watcher'
import type { AgentRecord, Recording } from './recording'
import { type Shipment, type ShipOptions, ship } from './ship'

export interface RecordOptions {
  /**
   * One in so many acquisitions, on average and at random, is recorded whole: with its events, and
   * its delay charged to whom it belongs. 1 for all; a whole number. Counts and histograms are of all of them
   * anyway. Default 100.
   */
  readonly sample?: number | undefined
  /** How many of these acquisitions are kept, the latest. Default 10,000. */
  readonly capacity?: number | undefined
  /** Hears of what is found while it is recorded: see {@link RecordOptions.every}. */
  readonly onFinding?: ((finding: Finding) => void) | undefined
  /** From when on something is worth telling `onFinding`. */
  readonly findings?: Partial<FindingSettings> | undefined
  /** ms: tell when p99 of the waits of an interval is over this. Default: never. */
  readonly p99?: number | undefined
  /** Tell when more than so many wait for one lock at once. Default: never. */
  readonly waiting?: number | undefined
  /** ms: how often to look for something to tell. Default 1,000. */
  readonly every?: number | undefined
}

/** Records one agent's locks of one reach, until it is stopped. */
export class Recorder implements Disposable {
  readonly #space: Space
  readonly #watcher: Watcher
  readonly #capacity: number
  readonly #agent: Omit<AgentRecord, 'gaps'>
  readonly #gaps: Gaps
  readonly #peers: Peers
  #shipment: Shipment | undefined
  #from: number
  #to: number | undefined
  /** What was counted before somebody took what there was. */
  #earlier: Recording | undefined
  #stopLooking: () => void = () => {}

  /** @internal */
  constructor(space: Space, sample: number, capacity: number, bus?: Bus) {
    const { clock, agent, reach } = space
    this.#space = space
    // Memory tells at once whether a lock is free; whom a browser has to ask does not.
    const late = reach !== 'realm' && reach !== 'cluster'
    this.#watcher = new Watcher(clock, sample, capacity, (lock) => this.#holders(lock), late)
    // Of each acquisition three events at least.
    this.#capacity = capacity * 4
    const resolution = finestStep(clock)
    this.#agent = { agent, ...describeAgent(), offset: 0, uncertainty: 0, resolution }
    this.#from = this.#now()
    this.#gaps = new Gaps(() => this.#now())
    const now = () => this.#now()
    this.#peers = new Peers(
      {
        ...{ reach: space.reach, clock, now },
        agent: () => this.#self(),
        recording: () => this.recording(),
      },
      bus,
    )
    this.#begin()
  }

  #begin(): void {
    this.#space.recorder = this.#watcher
    for (const hold of this.#live()) this.#watcher.finds(hold)
  }

  /** What is held and waited for now. */
  *#live(): Generator<TaskHold> {
    // To ask for ports is to open them.
    if (!this.#space.opened) return
    const { bounded, strict } = this.#space.ports
    for (const port of new Set([bounded, strict])) {
      for (const request of port.live()) {
        // By what is needed of it: it may be another copy's.
        if ('noted' in request) yield request as unknown as TaskHold
      }
    }
  }

  *#holders(lock: string): Generator<TaskHold> {
    for (const hold of this.#live()) if (hold.name === lock && hold.isHeld) yield hold
  }

  #now(): number {
    return performance.timeOrigin + this.#space.clock.now()
  }

  #self(): AgentRecord {
    return { ...this.#agent, gaps: this.#gaps.list() }
  }

  /** What has been recorded since the beginning, or since it was cleared. */
  recording(): Recording {
    const latest = this.#latest()
    if (this.#earlier === undefined) return latest
    return merge([this.#earlier, latest], { capacity: this.#capacity })
  }

  #latest(ended = false): Recording {
    const watcher = this.#watcher
    return {
      format: 'latchkey-recording',
      version: 1,
      from: this.#from,
      to: this.#to ?? this.#now(),
      sample: watcher.sample,
      agents: [this.#self()],
      locks: [...watcher.records()]
        .filter(({ requests, releases, losses }) => requests + releases + losses > 0)
        .sort(byLock),
      contention: watcher.contention(),
      events: watcher.events(this.#agent.agent, performance.timeOrigin, ended),
      dropped: watcher.dropped,
    }
  }

  /** Forgets what was recorded, and goes on. */
  clear(): void {
    this.#watcher.clear()
    this.#earlier = undefined
    this.#from = this.#now()
  }

  /** Stops. What was recorded stays; what is shipped stops too. */
  stop(): void {
    if (this.#to !== undefined) return
    this.#to = this.#now()
    this.#shipment?.stop()
    this.#stopLooking()
    this.#gaps.stop(this.#to)
    this.#peers.stop()
    if (this.#space.recorder === this.#watcher) this.#space.recorder = undefined
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  /**
   * Sends what is recorded to somewhere else, each time what has come since the last time. Never
   * more than one is under way: what piles up meanwhile, or could not be sent, goes as one.
   *
   * @throws TypeError, RangeError for bad options; TypeError while another shipment goes on, and once
   *   this recorder has stopped; `signal.reason`
   * @example
   * const recorder = record(locks)
   * const shipment = recorder.ship({ every: 30_000, to: (recording) => save(recording) })
   * recorder.stop()
   */
  ship(options: ShipOptions): Shipment {
    const { clock } = this.#space
    if (this.#to !== undefined) throw new TypeError('this recorder has stopped: nothing comes')
    // Two would each get a part of what there is.
    if (this.#shipment?.stopped === false) throw new TypeError('a shipment goes on: stop it first')
    this.#shipment = ship({ clock, capacity: this.#capacity, roll: () => this.#roll() }, options)
    return this.#shipment
  }

  /**
   * What all tabs and workers of this origin have recorded of this reach, each since it began to. All
   * times are on this agent's clock: how far the others' are off is measured, and how sure that is
   * stands in each agent's `uncertainty`. Times in which one was hidden, frozen or in the
   * back/forward cache, and those who do not answer, are its `gaps`.
   *
   * @throws TypeError, RangeError for bad options; rejects with `signal.reason`
   * @example
   * const recorder = record(locks)
   * const everywhere = await recorder.collect({ timeout: 1_000 })
   * console.log(everywhere.agents.length, top(everywhere))
   * recorder.stop()
   */
  async collect(options?: CollectOptions): Promise<Recording> {
    return this.#peers.collect(options)
  }

  #roll(): Recording {
    const latest = this.#latest(true)
    this.#watcher.clear()
    this.#from = latest.to
    const earlier = this.#earlier === undefined ? [] : [this.#earlier]
    this.#earlier = merge([...earlier, latest], { capacity: this.#capacity })
    return latest
  }

  /** @internal */
  lookOut(alerts: Alerts, every: number, onFinding: (finding: Finding) => void): void {
    const { clock } = this.#space
    const look = () => {
      this.#stopLooking = clock.after(every, look, unref)
      for (const finding of alerts.look(this.recording(), this.#watcher.queues())) {
        onFinding(finding)
      }
    }
    this.#stopLooking = clock.after(every, look, unref)
  }
}

/**
 * Records what the locks of one reach do in this page, worker or thread, until it is stopped. It is
 * meant to stay on: see `npm run bench -- --only record-1-in-100` for what that costs.
 *
 * Call sites are there if `createLocks({ callSites: true })` notes them.
 *
 * @throws TypeError, RangeError for bad arguments, and if these locks are being recorded already
 * @example
 * const recorder = record(locks, { sample: 100 })
 * await cart.run(async () => { await save() })
 * const [{ lock, wait }] = recorder.recording().locks
 * console.log(lock, Histogram.from(wait).quantile(0.99))     // ms
 * recorder.stop()
 */
export function record(locks: Locks, options: RecordOptions = {}): Recorder {
  checkObject('locks', locks)
  const { space } = locks
  if (typeof space?.agent !== 'string') refuse('locks', 'be what createLocks answers', locks)
  const settings = checkRecord(options)
  if (space.recorder !== undefined) {
    throw new TypeError('locks are being recorded already: stop that recorder first')
  }
  ensureDisposalSymbols()
  const recorder = new Recorder(space, settings.sample, settings.capacity)
  const { onFinding, findings, p99, waiting, every } = settings
  if (onFinding !== undefined) {
    recorder.lookOut(new Alerts({ findings, p99, waiting }), every, onFinding)
  }
  return recorder
}

function checkRecord(options: RecordOptions) {
  checkOptions(options)
  const { sample = 100, capacity = 10_000, onFinding, findings = {}, every = 1_000 } = options
  const { p99 = Number.POSITIVE_INFINITY, waiting = Number.POSITIVE_INFINITY } = options
  checkNumber('sample', sample, 1, 1e9)
  if (!Number.isInteger(sample)) refuse('sample', 'be a whole number', sample, RangeError)
  checkNumber('capacity', capacity, 0, 10_000_000)
  checkNumber('every', every, 10, 2 ** 31 - 1)
  checkNumber('p99', p99, 0, Number.POSITIVE_INFINITY)
  checkNumber('waiting', waiting, 0, Number.POSITIVE_INFINITY)
  if (onFinding !== undefined) checkFunction('onFinding', onFinding)
  withDefaults(findings)
  return { sample, capacity: Math.floor(capacity), onFinding, findings, every, p99, waiting }
}

/** A Node process may end before this timer is due. */
function unref(timer: unknown): void {
  ;(timer as { unref?(): void }).unref?.()
}
