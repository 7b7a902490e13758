/**
 * A run over time, in slices of equal length: what was granted, how long it had waited, and how many
 * waited. Bounded: once there are too many slices, neighbours are merged and slices are twice as long.
 * It does not matter in which order agents report.
 */

import type { LockEvent } from '../../../locks'
import { binCount, binOf, quantileOf } from './bins'

export interface Slice {
  /** ms since the run began. */
  readonly from: number
  readonly to: number
  readonly grants: number
  /** Grants a second. */
  readonly throughput: number
  /** How many waited, on average over the slice. */
  readonly waiting: number
  /** ms; `undefined` where nothing was granted. */
  readonly p50: number | undefined
  readonly p99: number | undefined
  /** Grants by how long they had waited: see `bins.ts`. */
  readonly bins: Uint32Array
}

export interface SeriesOptions {
  /** When the run began, on its events' clock. */
  readonly start: number
  /** ms */
  readonly slice?: number
  readonly most?: number
}

export class Series {
  private readonly start: number
  private readonly most: number
  private length: number
  private readonly bins: Uint32Array[] = []
  private readonly grants: number[] = []
  /** ms of waiting that fell into each slice. */
  private readonly waited: number[] = []
  private readonly asked = new Map<string, number>()
  private readonly all = { grants: 0, waited: 0, bins: new Uint32Array(binCount) }
  /** ms since the start: how far the events reach. */
  end = 0

  constructor({ start, slice = 50, most = 240 }: SeriesOptions) {
    this.start = start
    this.length = slice
    this.most = most
  }

  add(event: LockEvent): void {
    const time = Math.max(event.time - this.start, 0)
    if (time > this.end) this.end = time
    switch (event.type) {
      case 'request':
        this.asked.set(event.request, time)
        break
      case 'grant':
        this.answered(event.request, time, true)
        break
      case 'release':
      case 'lost':
      case 'order-violation':
      case 'fence':
        break
      case 'deadlock':
        if (!event.goesOn) this.answered(event.request, time, false)
        break
      default:
        this.answered(event.request, time, false)
    }
  }

  /** The last one may still grow. */
  slices(): readonly Slice[] {
    const still = [...this.waited]
    for (const from of this.asked.values()) this.spread(still, from, this.end)
    const count = Math.min(this.indexOf(this.end) + 1, this.most)
    return Array.from({ length: count }, (_, index) => this.sliceAt(index, still[index] ?? 0))
  }

  /** All of it together. */
  total(): { readonly grants: number; readonly bins: Uint32Array; readonly waiting: number } {
    const still = [...this.asked.values()].reduce((all, from) => all + this.end - from, 0)
    const { grants, bins, waited } = this.all
    return { grants, bins, waiting: (waited + still) / Math.max(this.end, 1) }
  }

  private sliceAt(index: number, waited: number): Slice {
    const from = index * this.length
    const to = from + this.length
    const lasted = Math.max(Math.min(to, this.end) - from, 1)
    const grants = this.grants[index] ?? 0
    const bins = this.bins[index] ?? none
    return {
      from,
      to,
      grants,
      throughput: (grants / lasted) * 1000,
      waiting: waited / lasted,
      p50: quantileOf(bins, grants, 0.5),
      p99: quantileOf(bins, grants, 0.99),
      bins,
    }
  }

  private answered(request: string, time: number, granted: boolean): void {
    const from = this.asked.get(request)
    if (from === undefined) return
    this.asked.delete(request)
    this.makeRoom(time)
    this.spread(this.waited, from, time)
    this.all.waited += time - from
    if (!granted) return
    this.all.grants++
    const at = this.indexOf(time)
    this.grants[at] = (this.grants[at] ?? 0) + 1
    this.bins[at] ??= new Uint32Array(binCount)
    const bin = binOf(time - from)
    this.bins[at][bin] = (this.bins[at][bin] ?? 0) + 1
    this.all.bins[bin] = (this.all.bins[bin] ?? 0) + 1
  }

  /** By Little's law the waiting time in a slice is the average queue times the slice. */
  private spread(waited: number[], from: number, to: number): void {
    for (let at = this.indexOf(from); at * this.length < to; at++) {
      const begins = Math.max(from, at * this.length)
      const ends = Math.min(to, (at + 1) * this.length)
      waited[at] = (waited[at] ?? 0) + Math.max(ends - begins, 0)
    }
  }

  private indexOf(time: number): number {
    return Math.floor(time / this.length)
  }

  private makeRoom(time: number): void {
    while (this.indexOf(time) >= this.most) this.halve()
  }

  private halve(): void {
    const half = Math.ceil(this.most / 2)
    for (let at = 0; at < half; at++) {
      this.grants[at] = (this.grants[2 * at] ?? 0) + (this.grants[2 * at + 1] ?? 0)
      this.waited[at] = (this.waited[2 * at] ?? 0) + (this.waited[2 * at + 1] ?? 0)
      this.bins[at] = sum(this.bins[2 * at], this.bins[2 * at + 1])
    }
    for (const column of [this.grants, this.waited, this.bins]) column.length = half
    this.length *= 2
  }
}

const none = new Uint32Array(binCount)

function sum(one: Uint32Array | undefined, other: Uint32Array | undefined): Uint32Array {
  const all = new Uint32Array(one ?? none)
  for (let bin = 0; bin < binCount; bin++) all[bin] = (all[bin] ?? 0) + (other?.[bin] ?? 0)
  return all
}
