/** A tree of delays as bars, the root at the foot: pure. */

import { hierarchy, partition } from 'd3'
import type { ProfileTree } from './profile'

export interface FlameBar {
  /** Its way from the root: names, one after the other. */
  readonly path: string
  readonly name: string
  readonly depth: number
  /** Shares of the width: 0 to 1. */
  readonly left: number
  readonly width: number
  readonly delay: number
  readonly contentions: number
  /** Of all delay. */
  readonly share: number
  readonly parent: string | undefined
}

/** Bars narrower than that cannot be seen, nor hit. */
const narrowest = 0.0015

export function flameBars(tree: ProfileTree): readonly FlameBar[] {
  const root = hierarchy<ProfileTree>(tree, ({ children }) => children)
    // A branch is the sum of its leaves already.
    .sum(({ children, delay }) => (children.length === 0 ? delay : 0))
  const all = root.value || 1
  const paths = new Map<object, string>()
  return partition<ProfileTree>()(root)
    .descendants()
    .flatMap((node): FlameBar[] => {
      const parent = node.parent ? paths.get(node.parent) : undefined
      const path = parent === undefined ? node.data.name : `${parent} › ${node.data.name}`
      paths.set(node, path)
      const width = node.x1 - node.x0
      if (width < narrowest) return []
      const { name, delay, contentions } = node.data
      const share = (node.value ?? 0) / all
      return [
        { path, name, depth: node.depth, left: node.x0, width, delay, contentions, share, parent },
      ]
    })
}

export type Direction = 'up' | 'down' | 'left' | 'right'

/** The bar that an arrow key leads to: up is away from the root. */
export function nextBar(
  bars: readonly FlameBar[],
  from: FlameBar,
  direction: Direction,
): FlameBar | undefined {
  if (direction === 'down') return bars.find(({ path }) => path === from.parent)
  if (direction === 'up') return bars.find(({ parent }) => parent === from.path)
  const level = bars
    .filter(({ depth }) => depth === from.depth)
    .sort((one, other) => one.left - other.left)
  return level[level.indexOf(from) + (direction === 'right' ? 1 : -1)]
}
