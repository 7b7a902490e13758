/** Which part of the time is seen: pure. Times in ms since the run began. */

export interface View {
  readonly from: number
  readonly to: number
}

/** What may be seen at all. */
export type Bounds = View

/** A microsecond over the whole picture: finer than any clock of a browser. */
const finest = 0.001

/** Moved back into the bounds, as wide as it is if that can be. */
export function within({ from, to }: View, bounds: Bounds): View {
  const whole = bounds.to - bounds.from
  const width = Math.min(Math.max(to - from, finest), whole)
  const start = Math.min(Math.max(from, bounds.from), bounds.to - width)
  return { from: start, to: start + width }
}

/**
 * @param factor above 1 for nearer
 * @param place which part of the picture stays where it is: 0 its left edge, 1 its right one
 */
export function zoomed(view: View, bounds: Bounds, factor: number, place = 0.5): View {
  const width = view.to - view.from
  const next = Math.min(Math.max(width / factor, finest), bounds.to - bounds.from)
  const fixed = view.from + width * place
  return within({ from: fixed - next * place, to: fixed + next * (1 - place) }, bounds)
}

/** @param share of the picture's width, to the right */
export function panned(view: View, bounds: Bounds, share: number): View {
  const by = (view.to - view.from) * share
  return within({ from: view.from + by, to: view.to + by }, bounds)
}

/** What lies between two moments in the middle and whole, with as much around it as is seen now, or less. */
export function around(view: View, bounds: Bounds, from: number, to: number): View {
  const long = to - from
  const roomy = Math.max(long * 2.5, finest * 50)
  const width = Math.max(Math.min(view.to - view.from, roomy), long * 1.2)
  const middle = (from + to) / 2
  return within({ from: middle - width / 2, to: middle + width / 2 }, bounds)
}

export const isWhole = (view: View, bounds: Bounds) =>
  view.to - view.from >= (bounds.to - bounds.from) * 0.999
