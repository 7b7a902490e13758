/** The lines of the graph: pure. */

import type { Point } from './layout'

export interface Curve {
  readonly path: string
  readonly middle: Point
}

/** How far a node reaches towards `to`: a circle or an upright box. */
export type Reach = (towards: Point) => number

/**
 * From node to node, bent to its own right, so that two edges that run against each other stay
 * apart; it ends at the nodes' borders, with room for the tip.
 */
export function curveOf(from: Point, to: Point, reach: { from: Reach; to: Reach }): Curve {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
  const bend = Math.min(26, length * 0.16)
  const control = {
    x: (from.x + to.x) / 2 - along.y * bend * 2,
    y: (from.y + to.y) / 2 + along.x * bend * 2,
  }
  const start = towards(from, control, reach.from, 2)
  const end = towards(to, control, reach.to, 5)
  return {
    path: `M${round(start.x)} ${round(start.y)}Q${round(control.x)} ${round(control.y)} ${round(end.x)} ${round(end.y)}`,
    middle: {
      x: (start.x + 2 * control.x + end.x) / 4,
      y: (start.y + 2 * control.y + end.y) / 4,
    },
  }
}

export const circle =
  (radius: number): Reach =>
  () =>
    radius

export const box =
  (width: number, height: number): Reach =>
  ({ x, y }) =>
    Math.min(
      x === 0 ? Number.POSITIVE_INFINITY : width / 2 / Math.abs(x),
      y === 0 ? Number.POSITIVE_INFINITY : height / 2 / Math.abs(y),
    )

function towards(from: Point, to: Point, reach: Reach, more: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
  const far = reach(along) + more
  return { x: from.x + along.x * far, y: from.y + along.y * far }
}

const round = (value: number) => Math.round(value * 10) / 10
