/**
 * A distribution of durations from 61 ns to 37 hours in buckets of equal relative width: 64 in each
 * power of two, as HdrHistogram's (Gil Tene), so that two of them merge by addition, whatever was
 * recorded in each.
 *
 * A bucket is all values that round to one number of seven significant binary digits, and answers
 * for them with that number: wrong by at most 1/128 (0.8 %), and exact for whole ms up to 128.
 * Buckets that begin where HdrHistogram's do would all answer too high, or all too low.
 */

import { refuse } from '../locks/arguments'
import type { HistogramData } from './recording'

/** 2^-14 ms, below which everything is one bucket; clocks of browsers are a hundred times coarser. */
const leastExponent = -14
/** 2^27 ms, above which everything is one bucket too. */
const mostExponent = 27
/** Buckets in each power of two: the six binary digits behind the first one. */
const digits = 6
const perOctave = 1 << digits
const lastIndex = (mostExponent - leastExponent) * perOctave + 1

// The upper half of a double: sign, exponent (biased by 1023), and the first 20 digits behind.
const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)
const upper = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0
const shift = 20 - digits
const half = 1 << (shift - 1)
const beforeFirst = ((leastExponent + 1023) << digits) - 1

function indexOf(ms: number): number {
  double[0] = ms
  // To carry into the exponent is right: the next number of seven digits is a power of two then.
  const index = (((halves[upper] as number) + half) >>> shift) - beforeFirst
  return index < 0 ? 0 : index > lastIndex ? lastIndex : index
}

function numberOf(index: number, below: number): number {
  halves[1 - upper] = 0
  halves[upper] = ((index + beforeFirst) << shift) - below
  return double[0] as number
}

export class Histogram {
  /** By power of two, made when something falls into it: most locks know few. */
  readonly #octaves: (Float64Array | undefined)[] = []
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = 0

  /**
   * @param ms how long it lasted
   * @param times how often it did
   * @throws RangeError for what is no duration
   */
  record(ms: number, times = 1): void {
    if (!(ms >= 0 && ms < Number.POSITIVE_INFINITY)) {
      refuse('ms', 'be a number, 0 or more', ms, RangeError)
    }
    if (!(times >= 0 && Number.isSafeInteger(times))) {
      refuse('times', 'be a whole number, 0 or more', times, RangeError)
    }
    if (times === 0) return
    this.#add(indexOf(ms), times)
    this.#count += times
    this.#sum += ms * times
    if (ms < this.#min) this.#min = ms
    if (ms > this.#max) this.#max = ms
  }

  #add(index: number, times: number): void {
    const octave = index >> digits
    this.#octaves[octave] ??= new Float64Array(perOctave)
    const counts = this.#octaves[octave]
    counts[index & (perOctave - 1)] = (counts[index & (perOctave - 1)] as number) + times
  }

  get count(): number {
    return this.#count
  }

  /** ms, all together. */
  get sum(): number {
    return this.#sum
  }

  /** ms, exact; 0 if nothing was recorded, as are `max`, `mean` and every quantile. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#min
  }

  get max(): number {
    return this.#max
  }

  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count
  }

  /**
   * The shortest duration that at least the share `q` of all did not exceed ("nearest rank"), as its
   * bucket knows it: wrong by at most 0.8 %. 0 and 1 are exact.
   *
   * @param q from 0 to 1: 0.99 for p99
   * @throws RangeError for another share
   * @example
   * const histogram = new Histogram()
   * for (const ms of [1, 2, 3, 40]) histogram.record(ms)
   * histogram.quantile(0.5)                        // 2
   */
  quantile(q: number): number {
    if (!(q >= 0 && q <= 1)) refuse('q', 'be from 0 to 1', q, RangeError)
    if (q === 0) return this.min
    // What is short of a whole rank by the imprecision of a product is that rank.
    const rank = Math.ceil(q * this.#count * (1 - Number.EPSILON))
    if (rank >= this.#count) return this.max
    let seen = 0
    for (const [index, times] of this.#buckets()) {
      seen += times
      if (seen >= rank) return this.#clamp(index)
    }
    return this.max
  }

  #clamp(index: number): number {
    const value = index === 0 ? 0 : numberOf(index, 0)
    return Math.min(Math.max(value, this.#min), this.#max)
  }

  /** Adds what another one has recorded. @returns itself */
  merge(other: Histogram | HistogramData): this {
    const { count, sum, min, max, buckets } = other instanceof Histogram ? other.data() : other
    for (const [index, times] of buckets) {
      if (!(index >= 0 && index <= lastIndex && Number.isInteger(index))) {
        refuse('bucket', `be a whole number from 0 to ${lastIndex}`, index, RangeError)
      }
      this.#add(index, times)
    }
    if (count === 0) return this
    this.#count += count
    this.#sum += sum
    this.#min = Math.min(this.#min, min)
    this.#max = Math.max(this.#max, max)
    return this
  }

  data(): HistogramData {
    const { count, sum, min, max } = this
    return { count, sum, min, max, buckets: [...this.#buckets()] }
  }

  /** By index, without empty ones. */
  *#buckets(): Generator<readonly [index: number, count: number]> {
    for (const [octave, counts] of this.#octaves.entries()) {
      if (counts === undefined) continue
      for (const [place, times] of counts.entries()) {
        if (times > 0) yield [octave * perOctave + place, times]
      }
    }
  }

  /** @throws RangeError for buckets that are none of this histogram's */
  static from(data: HistogramData): Histogram {
    return new Histogram().merge(data)
  }

  /**
   * What falls into a bucket, in ms: from the first up to, but without, the second.
   * @throws RangeError for an index that no bucket has
   */
  static bounds(index: number): readonly [from: number, to: number] {
    if (!(index >= 0 && index <= lastIndex && Number.isInteger(index))) {
      refuse('index', `be a whole number from 0 to ${lastIndex}`, index, RangeError)
    }
    const from = index === 0 ? 0 : numberOf(index, half)
    return [from, index === lastIndex ? Number.POSITIVE_INFINITY : numberOf(index + 1, half)]
  }
}
