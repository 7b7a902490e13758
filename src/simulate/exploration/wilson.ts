/** A range of shares, from 0 to 1. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** Of the standard normal distribution: 95 % lie within. */
const z = 1.959963984540054

/**
 * The 95 % confidence interval of a share after `hits` of `trials`, as E. B. Wilson (1927). Unlike
 * the usual ± it stays within 0 and 1, and says something when there was no hit at all.
 */
export function wilson(hits: number, trials: number): Interval {
  if (!(trials > 0 && hits >= 0 && hits <= trials)) {
    throw new RangeError(`hits must be from 0 to trials, got ${hits} of ${trials}`)
  }
  const share = hits / trials
  const scale = 1 + z ** 2 / trials
  const middle = (share + z ** 2 / (2 * trials)) / scale
  const spread = share * (1 - share) + z ** 2 / (4 * trials)
  const half = (z / scale) * Math.sqrt(spread / trials)
  return {
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === trials ? 1 : Math.min(1, middle + half),
  }
}
