/**
 * The acquisitions that were recorded whole and have ended, the latest so many. In columns of numbers,
 * and not as objects: what outlives a few ms has to be moved by the garbage collector, which costs
 * more than all the rest of recording. An acquisition itself is kept, so that its task, id and site
 * need not be found out before somebody wants to know.
 */

import type { LockEventType } from '../../locks'
import type { TaskHold } from '../../locks/task-hold'
import type { Happened, Sample, Step } from './sample'

const columns = 8
const chunkSize = 1024

/** By their numbers, as they are written down. */
const ends: readonly LockEventType[] = [
  'release',
  'lost',
  'abort',
  'timeout',
  'refuse',
  'deadlock',
  'order-violation',
  'not-held',
]

/** What only few have. */
interface Rest {
  readonly details: object | undefined
  readonly others: readonly Step[]
}

export class SampleStore {
  #chunks: Float64Array[] = []
  #holds: TaskHold[] = []
  readonly #rest = new Map<number, Rest>()
  /** Where the next one goes once it is full. */
  #next = 0
  /** Events that had to make room. */
  dropped = 0

  constructor(readonly capacity: number) {}

  /** @param sample how it came to that */
  add(sample: Sample, how: LockEventType, time: number, place: number, details?: object): void {
    const at = this.#place(sample)
    if (at === undefined) return
    const chunk = this.#chunk(at)
    const row = (at % chunkSize) * columns
    chunk[row] = sample.asked
    chunk[row + 1] = sample.askedPlace
    chunk[row + 2] = sample.granted
    chunk[row + 3] = sample.grantedPlace
    chunk[row + 4] = time
    chunk[row + 5] = place
    chunk[row + 6] = ends.indexOf(how)
    chunk[row + 7] = sample.ran
    this.#holds[at] = sample.hold
    if (details !== undefined || sample.others !== undefined) {
      this.#rest.set(at, { details, others: sample.others ?? [] })
    }
  }

  /** Makes room, if there is any to be made. */
  #place({ askedPlace, grantedPlace, others }: Sample): number | undefined {
    if (this.#holds.length < this.capacity) return this.#holds.length
    if (this.capacity === 0) {
      this.dropped +=
        Number(askedPlace >= 0) + Number(grantedPlace >= 0) + 1 + (others?.length ?? 0)
      return undefined
    }
    const at = this.#next
    this.#next = (at + 1) % this.capacity
    this.dropped += this.#size(at)
    this.#rest.delete(at)
    return at
  }

  #size(at: number): number {
    const chunk = this.#chunk(at)
    const row = (at % chunkSize) * columns
    const others = this.#rest.get(at)?.others.length ?? 0
    return Number((chunk[row + 1] ?? -1) >= 0) + Number((chunk[row + 3] ?? -1) >= 0) + 1 + others
  }

  #chunk(at: number): Float64Array {
    const index = Math.floor(at / chunkSize)
    this.#chunks[index] ??= new Float64Array(chunkSize * columns)
    return this.#chunks[index]
  }

  *[Symbol.iterator](): Generator<Happened> {
    for (const [at, hold] of this.#holds.entries()) yield { hold, steps: this.#steps(at) }
  }

  #steps(at: number): readonly Step[] {
    const row = (at % chunkSize) * columns
    const numbers = this.#chunk(at).subarray(row, row + columns)
    const [asked, askedPlace, granted, grantedPlace, time, place, how, ran] = [...numbers] as Row
    const { details, others = [] } = this.#rest.get(at) ?? {}
    const more = ran < 0 || ends[how] !== 'release' ? details : { ...details, ran }
    return [
      ...(askedPlace < 0 ? [] : [{ type: 'request', time: asked, place: askedPlace } as const]),
      ...(grantedPlace < 0 ? [] : [{ type: 'grant', time: granted, place: grantedPlace } as const]),
      ...others,
      { type: ends[how] as LockEventType, time, place, details: more },
    ]
  }

  clear(): void {
    this.#chunks = []
    this.#holds = []
    this.#rest.clear()
    this.#next = 0
    this.dropped = 0
  }
}

type Row = [number, number, number, number, number, number, number, number]
