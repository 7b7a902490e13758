/** How often somebody who waited was overtaken: of all waits of one lock together, in one sweep. */

import type { Acquired } from '../acquisitions'

/**
 * Of each acquisition, how many were granted between `patience` ms after it asked and the end of its
 * wait who had asked later, less what a writer has to put up with: one phase of readers for each
 * writer before him. Readers who are let in one after the other are one phase.
 *
 * Each wait would have to look through all grants that fall into it, which are as many as there are in
 * a long queue. So waits are gone through from the last to ask to the first: those who asked later
 * have been put into `later` by then, at the place of their grant, and are counted between two places.
 *
 * @param acquired by the time of their requests
 * @param to ms: when those end that still wait
 */
export function overtakings(
  acquired: readonly Acquired[],
  to: number,
  patience: number,
): readonly number[] {
  const grants = acquired
    .filter((each) => each.granted !== undefined)
    .sort((a, b) => (a.granted as number) - (b.granted as number))
  const times = grants.map(({ granted }) => granted as number)
  const places = new Map(grants.map((each, place) => [each, place]))
  const isShared = grants.map(({ mode }) => mode === 'shared')
  const begins = (place: number) => !isShared[place] || !isShared[place - 1]
  const all = new Counts(grants.length)
  const phases = new Counts(grants.length)
  const writersBefore = writersWaiting(acquired)
  const found = new Array<number>(acquired.length).fill(0)
  let next = acquired.length - 1
  for (let index = acquired.length - 1; index >= 0; index--) {
    const { asked, granted, ended, mode } = acquired[index] as Acquired
    for (; next > index && (acquired[next] as Acquired).asked > asked; next--) {
      const place = places.get(acquired[next] as Acquired)
      if (place === undefined || !begins(place)) continue
      all.add(place)
      if (isShared[place]) phases.add(place)
    }
    const end = granted ?? ended ?? to
    if (end <= asked + patience) continue
    const [low, high] = [upTo(times, asked + patience), before(times, end)]
    if (low >= high) continue
    // The first of them is counted though its phase has begun before.
    const first = Number(!begins(low) && (grants[low] as Acquired).asked > asked)
    const overtaken = first + all.between(low, high)
    if (overtaken === 0) continue
    const entitled = mode === 'shared' ? 0 : writersBefore(asked)
    found[index] = overtaken - Math.min(first + phases.between(low, high), entitled)
  }
  return found
}

/** How many writers had asked before a moment and were still waiting at it. */
function writersWaiting(acquired: readonly Acquired[]): (time: number) => number {
  const waits = acquired.flatMap(({ asked, granted, ended, mode }) => {
    const end = granted ?? ended ?? Number.POSITIVE_INFINITY
    return mode === 'exclusive' && end > asked ? [{ asked, end }] : []
  })
  const begun = waits.map(({ asked }) => asked)
  const over = waits.map(({ end }) => end).sort((a, b) => a - b)
  return (time) => before(begun, time) - upTo(over, time)
}

/** How many of some sorted numbers are less than a limit. */
function before(sorted: readonly number[], limit: number): number {
  return partition(sorted, (each) => each < limit)
}

/** How many of some sorted numbers are a limit or less. */
function upTo(sorted: readonly number[], limit: number): number {
  return partition(sorted, (each) => each <= limit)
}

function partition(sorted: readonly number[], isLow: (each: number) => boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isLow(sorted[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Counts at places, with the sum between any two in logarithmic time (Peter Fenwick, "A new data
 * structure for cumulative frequency tables", 1994).
 */
class Counts {
  readonly #sums: Int32Array

  constructor(size: number) {
    this.#sums = new Int32Array(size + 1)
  }

  add(place: number): void {
    const sums = this.#sums
    for (let at = place + 1; at < sums.length; at += at & -at) sums[at] = (sums[at] as number) + 1
  }

  /** From the first place up to, but without, the second. */
  between(from: number, to: number): number {
    return this.#below(to) - this.#below(from)
  }

  #below(place: number): number {
    let sum = 0
    for (let at = place; at > 0; at -= at & -at) sum += this.#sums[at] as number
    return sum
  }
}
