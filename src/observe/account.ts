/**
 * Turns events into a recording: of agents that have no recorder (workers that run another lock),
 * of the simulator, of a file. It has no clock of its own and knows nothing but the events.
 */

import type { LockEvent, LockMode } from '../locks'
import { checkNumber, checkOptions } from '../locks/arguments'
import { Blame, type Culprit, Ledger, type Standing } from './blame'
import { type LockTally, Tallies } from './lock-tally'
import type { AgentRecord, Recording } from './recording'
import { Ring } from './ring'

export interface AccountOptions {
  /** How many events are kept; counts, histograms and the profile go on. Default 100,000. */
  readonly capacity?: number | undefined
  /**
   * ms: a wait in whose way nobody stood counts as one only if it was longer. Between a request and
   * its grant at once there may be a step of the clock. Default 0.1, that of pages that are not
   * isolated.
   */
  readonly resolution?: number | undefined
}

/** One acquisition that has not ended. */
interface Open {
  readonly tally: LockTally
  readonly state: LockState
  /** When it asked. */
  readonly asked: number
  readonly site: string | undefined
  readonly agent: string
  /** Who had held for how long by then, and whether anybody stood in its way. */
  readonly before: Standing
  readonly behind: boolean
  granted?: number
  /** What it counts as once it holds. */
  culprit?: Culprit
}

/** A lock that is held or waited for. */
class LockState {
  readonly blame = new Blame()
  waiting = 0
  readonly holders = new Set<Open>()
  exclusive = false

  inTheWayOf(mode: LockMode): boolean {
    return this.waiting > 0 || this.exclusive || (mode === 'exclusive' && this.holders.size > 0)
  }

  enter(open: Open, time: number): void {
    const { mode } = open.tally
    // A holder whom nobody saw go is gone, or this one could not come: his agent died, or its clock
    // is a little late.
    if (this.exclusive || mode === 'exclusive') {
      for (const other of [...this.holders]) this.leave(other, time)
    }
    open.culprit = this.blame.of(mode, open.site)
    this.blame.holds(open.culprit, time)
    this.holders.add(open)
    this.exclusive = mode === 'exclusive'
  }

  leave(open: Open, time: number): void {
    if (!this.holders.delete(open) || open.culprit === undefined) return
    this.blame.leaves(open.culprit, time)
    if (this.holders.size === 0) this.exclusive = false
  }
}

export class Account {
  readonly #resolution: number
  readonly #tallies = new Tallies()
  readonly #ledger = new Ledger()
  readonly #states = new Map<string, LockState>()
  readonly #open = new Map<string, Open>()
  readonly #agents = new Set<string>()
  readonly #events: Ring<LockEvent>
  #dropped = 0
  #from: number | undefined
  #to = 0

  /** @throws TypeError, RangeError for bad options */
  constructor(options: AccountOptions = {}) {
    checkOptions(options)
    const { capacity = 100_000, resolution = 0.1 } = options
    checkNumber('capacity', capacity, 0, 10_000_000)
    checkNumber('resolution', resolution, 0, 1_000)
    this.#events = new Ring(Math.floor(capacity))
    this.#resolution = resolution
  }

  /**
   * Takes events in the order of their times; who has those of several agents sorts them first.
   * An end whose request is missing is left out of the account, but kept among the events.
   */
  add(event: LockEvent): void {
    if (this.#events.push(event) !== undefined) this.#dropped++
    this.#from ??= event.time
    this.#to = Math.max(this.#to, event.time)
    this.#agents.add(event.agent)
    if (event.type === 'request') this.#asks(event)
    else this.#goesOn(event, this.#open.get(event.request))
  }

  #asks(event: LockEvent): void {
    const { lock, mode, request, time, site, agent } = event
    const state = this.#states.get(lock) ?? new LockState()
    this.#states.set(lock, state)
    const tally = this.#tallies.of(lock, mode)
    tally.requests++
    const behind = state.inTheWayOf(mode)
    const before = state.blame.begin(time)
    state.waiting++
    this.#open.set(request, { tally, state, agent, asked: time, site, before, behind })
  }

  #goesOn(event: LockEvent, open: Open | undefined): void {
    if (open === undefined || event.type === 'order-violation' || event.type === 'fence') return
    if (event.type === 'deadlock' && event.goesOn) return
    if (event.type === 'grant') this.#granted(event, open)
    else this.#ended(event, open)
  }

  #granted({ time }: LockEvent, open: Open): void {
    const { tally, state, asked } = open
    const wait = Math.max(0, time - asked)
    tally.grants++
    tally.wait.record(wait)
    if (this.#waited(open, wait)) {
      tally.contended++
      this.#charge(open, wait, time)
    }
    open.granted = time
    state.waiting--
    state.enter(open, time)
  }

  #ended({ type, time, request }: LockEvent, open: Open): void {
    const { tally, asked, granted } = open
    tally.ends(type)
    if (granted !== undefined) tally.hold.record(Math.max(0, time - granted))
    else if (this.#waited(open, time - asked)) this.#charge(open, time - asked, time)
    this.#forget(request, open, time)
  }

  #forget(request: string, open: Open, time: number): void {
    const { state, tally } = open
    if (open.granted === undefined) state.waiting--
    else state.leave(open, time)
    this.#open.delete(request)
    // Nothing is kept of a lock that nobody uses: keys may be many.
    if (state.waiting === 0 && state.holders.size === 0) this.#states.delete(tally.lock)
  }

  /** An agent has died: what it held and waited for ends, of which no event tells. */
  gone(agent: string, time: number): void {
    for (const [request, open] of [...this.#open]) {
      if (open.agent === agent) this.#forget(request, open, time)
    }
  }

  #waited({ behind }: Open, wait: number): boolean {
    return wait > (behind ? 0 : this.#resolution)
  }

  #charge({ tally, state, site, before }: Open, delay: number, time: number): void {
    const { lock, mode } = tally
    this.#ledger.charge({ charged: 'waiter', lock, mode, site, contentions: 1, delay })
    for (const [culprit, share] of state.blame.shares(before, time)) {
      const { mode, site } = culprit
      const row = { lock, mode, site, contentions: 1, delay: delay * share }
      this.#ledger.charge({ charged: 'releaser', ...row })
    }
  }

  /**
   * What has been recorded so far; adding may go on.
   * @param agents what is known of the agents; those that are not among them go by their ids
   */
  recording(agents: readonly AgentRecord[] = []): Recording {
    const known = new Set(agents.map(({ agent }) => agent))
    const unknown = [...this.#agents].filter((agent) => !known.has(agent))
    return {
      format: 'latchkey-recording',
      version: 1,
      from: this.#from ?? 0,
      to: this.#to,
      sample: 1,
      agents: [...agents, ...unknown.map((agent) => this.#stranger(agent))],
      locks: this.#tallies.records(),
      contention: this.#ledger.records(),
      events: [...this.#events],
      dropped: this.#dropped,
    }
  }

  #stranger(agent: string): AgentRecord {
    const resolution = this.#resolution
    return { agent, kind: 'thread', name: agent, offset: 0, uncertainty: 0, resolution, gaps: [] }
  }
}
