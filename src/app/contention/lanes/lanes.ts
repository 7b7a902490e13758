/**
 * The events of a run as lanes: for each agent as many tracks as it had acquisitions at once, each
 * a wait and then a hold; and for each lock who let go and who then came in. Bounded: once there
 * are more spans than the limit, the older half of the time is forgotten, and said to be.
 */

import type { LockEvent, LockMode } from '../../../locks'
import { HandOns } from './hand-ons'
import { kindCode, Track } from './track'

/** An acquisition that has not ended. */
export interface OpenSpan {
  readonly track: number
  readonly lock: number
  readonly mode: LockMode
  readonly waits: boolean
  readonly from: number
}

export interface LanesOptions {
  /** When the run began, on its events' clock. */
  readonly start: number
  /** Spans that are kept. */
  readonly limit?: number
  /** ms by which two agents' clocks may differ: a grant may seem this much earlier than its release. */
  readonly uncertainty?: number
}

/** More than anybody can tell apart in one picture. */
const maxTracksPerAgent = 24

export class Lanes {
  readonly start: number
  readonly agents: string[] = []
  readonly locks: string[] = []
  readonly tracks: Track[] = []
  /** ms since the start: how far the events reach. */
  end = 0
  /** How many events were taken in. */
  events = 0
  /** ms since the start: nothing that ended before is known any more. */
  knownFrom = 0
  /** Acquisitions that had no track of their own any more. */
  unseen = 0
  private spans = 0
  private readonly limit: number
  private readonly agentIndex = new Map<string, number>()
  private readonly lockIndex = new Map<string, number>()
  private readonly open = new Map<string, OpenSpan>()
  private readonly busy: boolean[] = []
  private readonly tracksOf: number[][] = []
  /** Who let go of a lock, and who then came in. */
  readonly handOns: HandOns

  constructor({ start, limit = 400_000, uncertainty = 0.2 }: LanesOptions) {
    this.start = start
    this.limit = limit
    this.handOns = new HandOns(uncertainty)
  }

  get spanCount(): number {
    return this.spans
  }

  /** The lanes are in this order from the beginning, whoever reports first. */
  addAgent(agent: string): number {
    return this.indexOf(this.agentIndex, this.agents, agent)
  }

  add(event: LockEvent): void {
    const time = event.time - this.start
    this.events++
    if (time > this.end) this.end = time
    switch (event.type) {
      case 'request':
        this.request(event, time)
        break
      case 'grant':
        this.grant(event, time)
        break
      case 'order-violation':
      case 'fence':
        break
      case 'deadlock':
        if (!event.goesOn) this.close(event.request, time)
        break
      default:
        this.close(event.request, time, event.type === 'release' || event.type === 'lost')
    }
    if (this.spans > this.limit) this.forgetHalf()
  }

  openSpans(): Iterable<OpenSpan> {
    return this.open.values()
  }

  /** Indices of `tracks`, the first one first. */
  trackIndicesOf(agent: number): readonly number[] {
    return this.tracksOf[agent] ?? []
  }

  private request(event: LockEvent, time: number): void {
    const track = this.freeTrack(this.addAgent(event.agent), time)
    if (track === undefined) {
      this.unseen++
      return
    }
    this.busy[track] = true
    const lock = this.indexOf(this.lockIndex, this.locks, event.lock)
    this.open.set(event.request, { track, lock, mode: event.mode, waits: true, from: time })
  }

  private grant({ request }: LockEvent, time: number): void {
    const span = this.open.get(request)
    if (!span?.waits) return
    if (time > span.from) {
      this.push(span, time, kindCode.waiting)
      this.handOns.granted(span.lock, time, span.track, span.from)
    }
    this.open.set(request, { ...span, waits: false, from: Math.max(time, span.from) })
  }

  private close(request: string, time: number, held = false): void {
    const span = this.open.get(request)
    if (!span) return
    this.open.delete(request)
    this.busy[span.track] = false
    const holding = span.mode === 'shared' ? kindCode.reading : kindCode.writing
    this.push(span, time, span.waits ? kindCode.waiting : holding)
    if (held) this.handOns.released(span.lock, time, span.track)
  }

  private push({ track, from, lock }: OpenSpan, to: number, kind: number): void {
    this.tracks[track]?.push(from, Math.max(from, to), kind, lock)
    this.spans++
  }

  private freeTrack(agent: number, time: number): number | undefined {
    this.tracksOf[agent] ??= []
    const own = this.tracksOf[agent]
    for (const index of own) {
      const track = this.tracks[index]
      if (track && !this.busy[index] && (track.to[track.length - 1] ?? 0) <= time) return index
    }
    if (own.length >= maxTracksPerAgent) return undefined
    const made = this.tracks.push(new Track(agent)) - 1
    own.push(made)
    return made
  }

  private indexOf(index: Map<string, number>, names: string[], name: string): number {
    const known = index.get(name)
    if (known !== undefined) return known
    index.set(name, names.length)
    return names.push(name) - 1
  }

  private forgetHalf(): void {
    const before = (this.knownFrom + this.end) / 2
    for (const track of this.tracks) this.spans -= track.forget(before)
    this.handOns.forget(before)
    this.knownFrom = before
  }
}
