/**
 * Spans that follow one another, in typed arrays: what one lane of the picture is drawn from. A
 * hundred thousand objects would be collected while one pans; these are not even looked at.
 */

export const spanKinds = ['waiting', 'reading', 'writing'] as const
export type SpanKind = (typeof spanKinds)[number]
/** A place in `spanKinds`. */
export const kindCode = { waiting: 0, reading: 1, writing: 2 } as const

const firstCapacity = 256

export class Track {
  /** Who it belongs to: an index of `Lanes.agents`. */
  readonly agent: number
  /** ms since the run began; no span begins before the one in front of it has ended. */
  from = new Float64Array(firstCapacity)
  to = new Float64Array(firstCapacity)
  kind = new Uint8Array(firstCapacity)
  /** An index of `Lanes.locks`. */
  lock = new Uint32Array(firstCapacity)
  length = 0

  constructor(agent: number) {
    this.agent = agent
  }

  push(from: number, to: number, kind: number, lock: number): void {
    if (this.length === this.from.length) this.grow()
    const at = this.length++
    this.from[at] = from
    this.to[at] = to
    this.kind[at] = kind
    this.lock[at] = lock
  }

  /** The first span that ends after `time`; `length` if none does. */
  firstAfter(time: number): number {
    return firstAbove(this.to, this.length, time)
  }

  /** The span that lies at `time`. */
  at(time: number): number | undefined {
    const index = this.firstAfter(time)
    return index < this.length && (this.from[index] ?? 0) <= time ? index : undefined
  }

  /** Lets go of every span that ended before `time`, and says how many those were. */
  forget(time: number): number {
    const gone = this.firstAfter(time)
    if (gone === 0) return 0
    for (const column of [this.from, this.to, this.kind, this.lock]) {
      column.copyWithin(0, gone, this.length)
    }
    this.length -= gone
    return gone
  }

  private grow(): void {
    const capacity = this.from.length * 2
    this.from = copied(new Float64Array(capacity), this.from)
    this.to = copied(new Float64Array(capacity), this.to)
    this.kind = copied(new Uint8Array(capacity), this.kind)
    this.lock = copied(new Uint32Array(capacity), this.lock)
  }
}

/** The first index below `length` whose value is above `bound`, in a column that only rises. */
export function firstAbove(column: Float64Array, length: number, bound: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((column[middle] ?? 0) > bound) high = middle
    else low = middle + 1
  }
  return low
}

function copied<Column extends Float64Array | Uint8Array | Uint32Array>(
  to: Column,
  from: Column,
): Column {
  to.set(from)
  return to
}
