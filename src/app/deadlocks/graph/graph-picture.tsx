import { useId, useMemo } from 'react'
import { useWidth } from '../../seven-seconds/timeline/use-width'
import { shorten } from '../shorten'
import { box, circle, curveOf } from './curve'
import type { Graph, GraphEdge, GraphNode } from './edges'
import { layoutOf, type Point, type Use } from './layout'
import './graph-picture.css'

interface Props {
  readonly graph: Graph
  readonly uses: readonly Use[]
  /** The graph in words, for those who cannot see it. */
  readonly label: string
}

const radius = 17
/** More threads than these have no room for names: their numbers are those of the listings. */
const crowd = 4
const lockHeight = 32
const lockWidth = (name: string) => Math.max(34, shorten(name, 12).length * 8 + 18)

/** Threads are circles, locks are boxes; an arrow leads from who waits to what it waits for. */
export function GraphPicture({ graph, uses, label }: Props) {
  const [frame, width] = useWidth<HTMLDivElement>()
  const { threads, locks, edges } = graph
  const height = threads.length > 5 ? 344 : threads.length > 2 || locks.length > 2 ? 300 : 232
  const count = { threads: threads.length, locks: locks.length }
  const layout = useMemo(
    () => layoutOf({ threads: count.threads, locks: count.locks, uses, width, height }),
    [count.threads, count.locks, uses, width, height],
  )
  const at = ({ kind, index }: GraphNode): Point =>
    (kind === 'thread' ? layout.threads : layout.locks)[index] ?? { x: 0, y: 0 }
  return (
    <div ref={frame} className="graph-frame" style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          {/* The cycle is drawn last: nothing strikes it out. */}
          {[...edges]
            .sort((a, b) => Number(a.inCycle) - Number(b.inCycle))
            .map((edge) => (
              <Edge key={keyOf(edge)} edge={edge} at={at} locks={locks} />
            ))}
          {locks.map((name, index) => {
            const { x, y } = at({ kind: 'lock', index })
            const wide = lockWidth(name)
            const inCycle = edges.some(
              (edge) => edge.inCycle && edge.from.kind === 'lock' && edge.from.index === index,
            )
            return (
              <g key={name} className="graph-lock" data-cycle={inCycle || undefined}>
                <rect
                  x={x - wide / 2}
                  y={y - lockHeight / 2}
                  width={wide}
                  height={lockHeight}
                  rx="3"
                />
                <text x={x} y={y + 5} textAnchor="middle">
                  {shorten(name, 12)}
                </text>
              </g>
            )
          })}
          {threads.map(({ name: own, state, inCycle }, index) => {
            const { x, y } = at({ kind: 'thread', index })
            const name = nameAt({ x, y }, { x: width / 2, y: height / 2 })
            return (
              <g
                key={own}
                className="graph-thread"
                data-state={state}
                data-cycle={inCycle || undefined}
              >
                <circle cx={x} cy={y} r={radius} />
                <text className="graph-number" x={x} y={y + 5} textAnchor="middle">
                  {index + 1}
                </text>
                {threads.length <= crowd && (
                  <text className="graph-name" {...name}>
                    {shorten(own, 13)}
                  </text>
                )}
              </g>
            )
          })}
          {edges
            .filter(({ closing }) => closing)
            .map((edge) => (
              <ClosingNote
                key={keyOf(edge)}
                edge={edge}
                at={at}
                locks={locks}
                centre={{ x: width / 2, y: height / 2 }}
              />
            ))}
        </svg>
      )}
    </div>
  )
}

/** Outside, away from the edges. */
function nameAt({ x, y }: Point, centre: Point) {
  return {
    x,
    y: y < centre.y - 1 ? y - radius - 8 : y + radius + 16,
    textAnchor: 'middle',
  } as const
}

interface EdgeProps {
  readonly edge: GraphEdge
  readonly at: (node: GraphNode) => Point
  readonly locks: readonly string[]
}

function curveOfEdge({ edge, at, locks }: EdgeProps) {
  const reach = ({ kind, index }: GraphNode) =>
    kind === 'thread' ? circle(radius) : box(lockWidth(locks[index] ?? ''), lockHeight)
  const { from, to } = edge
  return curveOf(at(from), at(to), { from: reach(from), to: reach(to) })
}

/** Beside its edge: towards the middle of a ring, where there is room, and away from a lock there. */
function ClosingNote({ edge, at, locks, centre }: EdgeProps & { readonly centre: Point }) {
  const { middle } = curveOfEdge({ edge, at, locks })
  const side = { x: centre.x - middle.x, y: centre.y - middle.y }
  const far = Math.hypot(side.x, side.y) || 1
  const lock = at(edge.to)
  const crowded = Math.hypot(centre.x - lock.x, centre.y - lock.y) < 60
  const place = crowded
    ? { x: middle.x, y: middle.y + (side.y > 0 ? -18 : 28) }
    : { x: middle.x + (side.x / far) * 54, y: middle.y + (side.y / far) * 36 + 4 }
  return (
    <text className="graph-note" {...place} textAnchor="middle">
      closes the cycle
    </text>
  )
}

function Edge({ edge, at, locks }: EdgeProps) {
  const tip = useId()
  const { path } = curveOfEdge({ edge, at, locks })
  return (
    <g
      className={`graph-edge graph-${edge.kind} graph-${edge.mode}`}
      data-cycle={edge.inCycle || undefined}
      data-closing={edge.closing || undefined}
    >
      <marker
        id={tip}
        viewBox="0 0 10 10"
        refX="7"
        refY="5"
        markerWidth="11"
        markerHeight="11"
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path className="graph-tip" d="M0 0.5L9 5L0 9.5Z" />
      </marker>
      <path className="graph-line" d={path} markerEnd={`url(#${tip})`} />
    </g>
  )
}

export const keyOf = ({ from, to, kind }: GraphEdge) =>
  `${kind}:${from.kind}${from.index}→${to.kind}${to.index}`
