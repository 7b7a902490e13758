import { memo } from 'react'
import type { Geometry } from './geometry'

interface Props {
  readonly geometry: Geometry
  readonly threads: readonly string[]
  /** What the policy calls a thread: goroutine, worker. */
  readonly role: string
}

/** What stays still: the second lines, the axis, the lanes' names and centre lines. */
export const Grid = memo(function Grid({ geometry, threads, role }: Props) {
  const { x, ticks, plot, names, middle } = geometry
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick} transform={`translate(${x(tick)})`}>
          <line className="lanes-second" y1={plot.top} y2={plot.bottom} />
          <text
            className="lanes-tick"
            y={plot.top - (names === 'small' ? 9 : 12)}
            textAnchor={anchor(tick, geometry)}
          >
            {tick / 1000}s
          </text>
        </g>
      ))}
      {threads.map((thread, lane) => {
        const y = middle(lane)
        return (
          <g key={thread}>
            <line className="lanes-line" x1={plot.left} x2={plot.right} y1={y} y2={y} />
            {names === 'beside' && (
              <>
                <text className="lanes-name" y={y - 1}>
                  {fit(thread, 15)}
                </text>
                <text className="lanes-role" y={y + 21}>
                  {role} {lane + 1}
                </text>
              </>
            )}
            {names === 'above' && (
              <text
                className="lanes-name"
                x={plot.left}
                y={y - geometry.barHeight('writing') / 2 - 8}
              >
                {thread}
              </text>
            )}
            {names === 'small' && (
              <text className="lanes-name" y={y + 4}>
                {fit(thread, 10)}
              </text>
            )}
          </g>
        )
      })}
    </g>
  )
})

/** The first and last tick must not stick out of a narrow picture. */
function anchor(tick: number, { x, width, names }: Geometry) {
  if (names === 'above' && x(tick) < 12) return 'start'
  return names === 'above' && x(tick) > width - 12 ? 'end' : 'middle'
}

/** Names that begin alike mostly end differently: what is left out is the middle. */
function fit(name: string, most: number): string {
  if (name.length <= most) return name
  const end = Math.floor(most / 2)
  return `${name.slice(0, most - end - 1)}…${name.slice(-end)}`
}
