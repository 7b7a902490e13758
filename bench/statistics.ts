/** What is said about many measurements of one thing. Pure: no clock, no randomness. */

/** The value below which the share `q` (0 to 1) of the values lies, between neighbours linearly. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * q
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) throw new RangeError('nothing was measured')
  return below + (above - below) * (place - Math.floor(place))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** One measurement of ours and one of theirs, made one right after the other. */
export interface Pair<T> {
  readonly ours: T
  readonly theirs: T
}

export interface Summary {
  readonly ours: number
  readonly theirs: number
  /**
   * The median of the pairs' ratios, not the ratio of the medians: what slows the machine for a
   * while slows both halves of a pair.
   */
  readonly ratio: number
  /** The quartiles of the pairs' ratios: half of the pairs lie in between. */
  readonly quartiles: readonly [number, number]
  readonly pairs: number
}

export function summarize(pairs: readonly Pair<number>[]): Summary {
  const ratios = pairs.map(({ ours, theirs }) => ours / theirs)
  return {
    ours: median(pairs.map(({ ours }) => ours)),
    theirs: median(pairs.map(({ theirs }) => theirs)),
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    pairs: pairs.length,
  }
}

/** Student's t for 95 %, two-sided, of about thirty values; for more it is a little less. */
const t = 2.045

/** Where the 95 % interval of the mean begins, by the spread of at least thirty values. */
export function lowerBound(values: readonly number[]): number {
  if (values.length < 30) throw new RangeError(`30 values are needed, not ${values.length}`)
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  return mean - (t * Math.sqrt(squares / (values.length - 1))) / Math.sqrt(values.length)
}

/** Measures both sides in turn, the other one first in every second pair. */
export async function interleaved<T>(
  count: number,
  ours: (round: number) => Promise<T>,
  theirs: (round: number) => Promise<T>,
): Promise<readonly Pair<T>[]> {
  const pairs: Pair<T>[] = []
  for (let round = 0; round < count; round++) {
    if (round % 2 === 0) {
      const first = await ours(round)
      pairs.push({ ours: first, theirs: await theirs(round) })
    } else {
      const first = await theirs(round)
      pairs.push({ ours: await ours(round), theirs: first })
    }
  }
  return pairs
}
