/**
 * Where things are in the picture of the lanes: pure, from a width and what is to be shown.
 * All lengths are CSS pixels of the drawing.
 */

import { type ScaleLinear, scaleLinear } from 'd3'
import type { Span } from '../../../simulate/types'

export interface Geometry {
  readonly width: number
  readonly height: number
  /** Names stand above their lanes where there is no room beside them. */
  readonly names: 'beside' | 'above' | 'small'
  readonly x: ScaleLinear<number, number>
  readonly ticks: readonly number[]
  /** The plot's left, right, top and bottom. */
  readonly plot: {
    readonly left: number
    readonly right: number
    readonly top: number
    readonly bottom: number
  }
  /** The middle of a lane's bars. */
  readonly middle: (lane: number) => number
  readonly barHeight: (kind: Span['kind']) => number
  /** The top of the measured strip under a lane's bars. */
  readonly strip: (lane: number) => number
  readonly stripHeight: number
  readonly labelSize: number
}

export interface Wanted {
  readonly width: number
  readonly lanes: number
  readonly duration: number
  /** One of several small pictures side by side. */
  readonly small: boolean
}

const axisHeight = 38
const narrow = 620

export function geometryOf({ width, lanes, duration, small }: Wanted): Geometry {
  const names = small ? 'small' : width < narrow ? 'above' : 'beside'
  const left = names === 'beside' ? 154 : names === 'small' ? 74 : 6
  const right = width - { beside: 2, above: 10, small: 9 }[names]
  const pitch = { beside: lanes > 5 ? 64 : 75, above: 84, small: 34 }[names]
  const nameAbove = names === 'above' ? 22 : 0
  const bar = { beside: 42, above: 36, small: 20 }[names]
  const top = names === 'small' ? 24 : axisHeight - 10
  const inner = names === 'small' ? 4 : 10
  const height = top + inner + pitch * lanes + (names === 'small' ? 8 : 12)
  const x = scaleLinear([0, duration], [left, Math.max(right, left + 1)])
  const room = names === 'beside' ? 70 : names === 'small' ? 44 : 40
  const middle = (lane: number) =>
    top + inner + pitch * lane + nameAbove + (pitch - nameAbove) / 2 - (names === 'small' ? 0 : 4)
  return {
    width,
    height,
    names,
    x,
    ticks: secondTicks(duration, Math.max(2, Math.floor((right - left) / room))),
    plot: { left, right, top, bottom: height - 4 },
    middle,
    // Waiting is lower than reading, writing is higher: the kinds differ in grey, too.
    barHeight: (kind) => (kind === 'waiting' ? bar - 8 : kind === 'writing' ? bar + 4 : bar),
    strip: (lane) => middle(lane) + bar / 2 + (names === 'small' ? 3 : 7),
    stripHeight: names === 'small' ? 4 : 6,
    labelSize: { beside: 15, above: 12, small: 11 }[names],
  }
}

/** Whole seconds while they have room, else the next round number of them. */
function secondTicks(duration: number, most: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]
  const seconds = duration / 1000
  const every = steps.find((step) => seconds / step <= most) ?? Math.ceil(seconds / most)
  return Array.from({ length: Math.floor(seconds / every) + 1 }, (_, index) => index * every * 1000)
}
