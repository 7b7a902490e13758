/**
 * Waits by length, for pictures over time: six bins to each doubling, so that a quantile is at
 * most 6 % off. The figures of a whole run come from the recording's histograms, which are finer.
 */

const perDoubling = 6
/** ms: whatever waited less is in the first bin. */
export const shortest = 0.005
/** Up to about two minutes. */
export const binCount = perDoubling * 25

export function binOf(ms: number): number {
  if (!(ms > shortest)) return 0
  return Math.min(Math.floor(Math.log2(ms / shortest) * perDoubling) + 1, binCount - 1)
}

/** Where a bin begins and ends, in ms. */
export function boundsOf(bin: number): readonly [from: number, to: number] {
  if (bin === 0) return [0, shortest]
  return [shortest * 2 ** ((bin - 1) / perDoubling), shortest * 2 ** (bin / perDoubling)]
}

/** The length that the share `q` of the `count` waits did not exceed. */
export function quantileOf(bins: Uint32Array, count: number, q: number): number | undefined {
  if (count === 0) return undefined
  const rank = Math.max(Math.ceil(count * q), 1)
  let seen = 0
  for (let bin = 0; bin < bins.length; bin++) {
    seen += bins[bin] ?? 0
    if (seen < rank) continue
    const [from, to] = boundsOf(bin)
    return bin === 0 ? 0 : Math.sqrt(from * to)
  }
  return undefined
}
