/** The events of a trace: who is drawn where, and in which order. See `chrome-trace.ts`. */

import type { LockEventType } from '../../locks'
import type { Recording } from '../recording'
import { type Acquisition, acquisitionsOf, beginningOf, byStart } from './acquisitions'
import { isAside } from './aside'
import { type CastMember, castOf } from './cast'
import { handOffsOf } from './hand-offs'
import { lanesOf, layOut } from './lanes'
import { queueLengths } from './queue-lengths'
import { slicesOf } from './slices'

/** Times and durations are µs, as the format wants them. */
export interface TraceEvent {
  readonly name: string
  readonly ph: 'X' | 'C' | 's' | 'f' | 'i' | 'M'
  readonly ts: number
  readonly pid: number
  readonly tid?: number
  readonly dur?: number
  readonly cat?: string
  readonly id?: number
  readonly bp?: 'e'
  readonly s?: 't'
  readonly args?: object
}

type Arrows = Map<string, TraceEvent[]>

interface Track {
  readonly pid: number
  readonly tid: number
}

/** Locks that get a counter of their own: a keyed mutex may have had any number of keys. */
const mostCounters = 100

export class Trace {
  readonly events: TraceEvent[] = []
  readonly metadata: TraceEvent[] = []
  readonly #acquisitions: readonly Acquisition[]
  /** Where each acquisition is, by its request. */
  readonly #places = new Map<string, { readonly track: Track; readonly of: Acquisition }>()
  #processes = 0
  #threads = 0

  constructor(recording: Recording) {
    this.#acquisitions = acquisitionsOf(recording).map(visible).sort(byStart)
    const lanes = lanesOf(this.#acquisitions)
    for (const { name, agents } of castOf(recording)) {
      const pid = this.#process(name)
      for (const member of agents) {
        for (const { agent, index, acquisitions } of lanes) {
          if (agent !== member.agent) continue
          const track = this.#thread(pid, `${titleOf(member)}${index > 0 ? ` (${index + 1})` : ''}`)
          for (const each of acquisitions) this.#places.set(each.request, { track, of: each })
        }
        this.#gaps(pid, member, beginningOf(recording))
      }
    }
    const [leaving, arriving] = this.#arrows(recording)
    // In the order of grants: what happens at one time stays in the order in which it happened.
    for (const each of [...this.#acquisitions].sort((a, b) => a.place - b.place)) {
      this.#slices(each)
      this.events.push(...(arriving.get(each.request) ?? []), ...(leaving.get(each.request) ?? []))
    }
    this.#asides(recording)
    this.#counters(recording.sample)
  }

  #slices(acquisition: Acquisition): void {
    const { task, mode, request, site, outcome, ran } = acquisition
    const track = this.#places.get(request)?.track
    if (track === undefined) return
    for (const { what, name, start, end } of slicesOf(acquisition)) {
      const slice = { name, cat: what, ph: 'X', ts: start, dur: end - start, ...track } as const
      const args = { task, mode, outcome, request, site, ran }
      this.events.push(what === 'lock' ? { ...slice, args } : slice)
    }
  }

  /** On the track of the acquisition that they tell of; of what was not recorded whole there is none. */
  #asides(recording: Recording): void {
    const beginning = beginningOf(recording)
    for (const event of recording.events) {
      const track = this.#places.get(event.request)?.track
      if (track === undefined || !isAside(event)) continue
      const { type, lock, task, request, site, time } = event
      const args = {
        task,
        request,
        site,
        ...(type === 'order-violation' && { against: event.against }),
        ...(type === 'fence' && { fence: event.fence }),
      }
      const instant = { name: `${asides[type]}: ${lock}`, cat: 'aside', ph: 'i', s: 't' } as const
      this.events.push({ ...instant, ts: Math.round((time - beginning) * 1000), args, ...track })
    }
  }

  /** Gaps of different reasons overlap. */
  #gaps(pid: number, member: CastMember, beginning: number): void {
    const gaps = member.gaps
      .map(({ from, to, why }) => {
        const start = Math.max(0, Math.round((from - beginning) * 1000))
        const end = Math.max(start, Math.round((to - beginning) * 1000))
        return { why, start, end, inner: end, owner: '', lock: '', place: 0 }
      })
      .sort((a, b) => a.start - b.start)
    const tracks: Track[] = []
    for (const [at, lane] of layOut(gaps).entries()) {
      tracks[lane] ??= this.#thread(pid, `${titleOf(member)}: gaps`)
      const gap = gaps[at]
      if (gap === undefined) continue
      const { why, start, end } = gap
      const args = { meaning: 'events may be missing or late here' }
      const slice = { name: why, cat: 'gap', ph: 'X', ts: start, dur: end - start, args } as const
      this.events.push({ ...slice, ...tracks[lane] })
    }
  }

  #counters(sample: number): void {
    const queues = queueLengths(this.#acquisitions, mostCounters)
    if (queues.length === 0) return
    const pid = this.#process(sample === 1 ? 'Queues' : `Queues (of one acquisition in ${sample})`)
    for (const { lock, steps } of queues) {
      for (const [ts, waiting] of steps) {
        this.events.push({ name: `waiting for ${lock}`, ph: 'C', ts, pid, args: { waiting } })
      }
    }
  }

  /** Their beginnings and ends, by the acquisition that each belongs to. */
  #arrows(recording: Recording): readonly [Arrows, Arrows] {
    const [leaving, arriving]: [Arrows, Arrows] = [new Map(), new Map()]
    const arrow = { name: 'hand-off', cat: 'hand-off' } as const
    for (const [index, { from, to }] of handOffsOf(recording).entries()) {
      const [source, target] = [this.#places.get(from), this.#places.get(to)]
      const end = target?.of.granted
      if (source === undefined || target === undefined || end === undefined) continue
      // It belongs to the slice around its time, and a slice's end lies outside of it.
      const start = Math.max(source.of.start, source.of.end - 1)
      if (start > end) continue
      const common = { ...arrow, id: index + 1 }
      add(leaving, from, { ...common, ph: 's', ts: start, ...source.track })
      add(arriving, to, { ...common, ph: 'f', bp: 'e', ts: end, ...target.track })
    }
    return [leaving, arriving]
  }

  #process(name: string): number {
    const pid = ++this.#processes
    this.#name('process', name, pid, pid)
    return pid
  }

  /** Numbers of threads are unique in the trace: there are readers that look at nothing else. */
  #thread(pid: number, name: string): Track {
    const tid = ++this.#threads
    this.#name('thread', name, tid, pid, tid)
    return { pid, tid }
  }

  #name(what: 'process' | 'thread', name: string, sort_index: number, pid: number, tid = 0): void {
    const common = { ph: 'M', ts: 0, pid, tid } as const
    this.metadata.push({ name: `${what}_name`, ...common, args: { name } })
    this.metadata.push({ name: `${what}_sort_index`, ...common, args: { sort_index } })
  }
}

/** What neither begins nor ends anything. */
const asides: Readonly<Partial<Record<LockEventType, string>>> = {
  'not-held': 'released a second time',
  'order-violation': 'against the order',
  deadlock: 'in a deadlock',
  fence: 'has its fence',
}

/** A hold of no time is drawn as one of a microsecond, or no arrow could begin or end in it. */
function visible(acquisition: Acquisition): Acquisition {
  const { granted, end } = acquisition
  return granted === end ? { ...acquisition, end: end + 1 } : acquisition
}

function add(arrows: Arrows, request: string, event: TraceEvent): void {
  const known = arrows.get(request)
  if (known === undefined) arrows.set(request, [event])
  else known.push(event)
}

function titleOf({ kind, name, agent }: CastMember): string {
  return name === '' ? `${kind} ${agent}` : name
}
