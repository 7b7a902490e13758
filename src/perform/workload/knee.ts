/**
 * Where a curve turns: Kneedle (Satopää, Albrecht, Irwin and Raghavan, "Finding a 'Kneedle' in a
 * Haystack: Detecting Knee Points in System Behavior", ICDCSW 2011). Both axes are scaled to 0 to 1; the knee
 * is where the curve is farthest above the straight line between its ends, if it then comes back
 * towards that line by more than a threshold. Without the paper's smoothing: whoever has noise has to
 * measure longer, so that what is marked is a point that was measured.
 */

export interface Point {
  readonly x: number
  readonly y: number
}

/** The paper's S: how many steps flat the curve must become before its knee is believed. Its default. */
const sensitivity = 1

/**
 * The index of the knee of an increasing curve that flattens (concave); `undefined` where there is none.
 * @param points by x, which increases
 * @throws RangeError where x does not increase, and for what is no number
 */
export function kneeOf(points: readonly Point[]): number | undefined {
  check(points)
  const [first, last] = [points[0], points.at(-1)]
  if (points.length < 3 || first === undefined || last === undefined) return undefined
  const low = Math.min(...points.map(({ y }) => y))
  const range = Math.max(...points.map(({ y }) => y)) - low
  if (range === 0) return undefined
  const width = last.x - first.x
  const above = points.map(({ x, y }) => (y - low) / range - (x - first.x) / width)
  const step = 1 / (points.length - 1)
  return firstBelieved(above, sensitivity * step)
}

/** The first local maximum after which the curve falls below its threshold before there is a higher one. */
function firstBelieved(above: readonly number[], drop: number): number | undefined {
  let peak: number | undefined
  for (const [index, value] of above.entries()) {
    if (peak !== undefined && value < (above[peak] ?? 0) - drop) return peak
    const [before, after] = [above[index - 1], above[index + 1]]
    if (before === undefined || after === undefined) continue
    // A point as high as the first of a plateau is not higher.
    const isPeak = value > before && value >= after
    if (isPeak && (peak === undefined || value > (above[peak] ?? 0))) peak = index
  }
  return undefined
}

function check(points: readonly Point[]): void {
  for (const [index, { x, y }] of points.entries()) {
    const before = points[index - 1]?.x ?? Number.NEGATIVE_INFINITY
    if (!Number.isFinite(y) || !Number.isFinite(x) || x <= before) {
      throw new RangeError(`points must have increasing x and finite y, got ${x}, ${y} at ${index}`)
    }
  }
}
