/**
 * Where things are in the picture of the lanes over steps: pure. Column k shows the state after k
 * steps, so a run of n steps has n + 1 columns, and a wait that begins with the last step has room.
 */

export interface StepGeometry {
  readonly width: number
  readonly height: number
  /** Names stand above their lanes where there is no room beside them. */
  readonly names: 'beside' | 'above'
  readonly plot: {
    readonly left: number
    readonly right: number
    readonly top: number
    readonly bottom: number
  }
  /** The left edge of a column. */
  readonly x: (column: number) => number
  /** Columns that have room for their number. */
  readonly ticks: readonly number[]
  readonly middle: (lane: number) => number
  readonly barHeight: (kind: BarKind) => number
  readonly labelSize: number
  /** The column a place belongs to, kept within the run. */
  readonly columnAt: (x: number) => number
}

export type BarKind = 'reading' | 'writing' | 'waiting' | 'deadlock'

export interface Wanted {
  readonly width: number
  readonly lanes: number
  readonly steps: number
}

const narrow = 560
const top = 30

export function stepGeometry({ width, lanes, steps }: Wanted): StepGeometry {
  const names = width < narrow ? 'above' : 'beside'
  const left = names === 'beside' ? 128 : 4
  const right = Math.max(width - 6, left + 1)
  const nameAbove = names === 'above' ? 20 : 0
  const pitch = names === 'above' ? 62 : lanes > 5 ? 46 : 58
  const bar = pitch - nameAbove - (names === 'above' ? 10 : 18)
  // What is for ever gets more room than a step, where a step has little.
  const last = Math.min(3, Math.max(1, (64 * steps) / (right - left)))
  const column = (right - left) / (steps + last)
  const every = [1, 2, 5, 10, 20, 50, 100].find((each) => each * column >= 26) ?? 200
  const height = top + 8 + pitch * lanes + 6
  return {
    width,
    height,
    names,
    plot: { left, right, top, bottom: height - 4 },
    x: (at) => (at > steps ? right : left + column * at),
    ticks: Array.from({ length: Math.floor(steps / every) + 1 }, (_, index) => index * every),
    middle: (lane) => top + 8 + pitch * lane + nameAbove + (pitch - nameAbove) / 2,
    // Waiting is lower than holding, exclusive is higher: the kinds differ in grey, too.
    barHeight: (kind) => (kind === 'waiting' ? bar - 6 : kind === 'reading' ? bar : bar + 4),
    labelSize: names === 'beside' ? 14 : 12,
    columnAt: (x) => Math.min(Math.max(Math.floor((x - left) / column), 0), steps),
  }
}
