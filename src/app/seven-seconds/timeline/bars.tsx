import { memo } from 'react'
import type { Span } from '../../../simulate'
import { fitLabel, widthOf } from './fit-label'
import type { Geometry } from './geometry'

interface Props {
  readonly geometry: Geometry
  readonly threads: readonly string[]
  readonly spans: readonly Span[]
  /** `ahead` is faded; `past` is drawn over it and cut off at the playhead. */
  readonly when: 'past' | 'ahead'
  /** The id of the hatching. */
  readonly hatch: string
}

const padding = { beside: 13, above: 8, small: 5 }

/** Every span as a bar with its label. Nothing here moves, so it is drawn once a run. */
export const Bars = memo(function Bars({ geometry, threads, spans, when, hatch }: Props) {
  const { x, names, middle, labelSize } = geometry
  const pad = padding[names]
  return (
    <g className={`bars bars-${when}`}>
      {spans.map((span) => {
        const lane = threads.indexOf(span.thread)
        const height = geometry.barHeight(span.kind)
        const left = x(span.from)
        const width = Math.max(x(span.to) - left, 1)
        const box = {
          x: left,
          y: middle(lane) - height / 2,
          width,
          height,
          rx: Math.min(names === 'small' ? 3 : 6, width / 2),
        }
        const label = fitLabel(
          span,
          width - 2 * Math.min(pad, names === 'beside' ? 6 : 3),
          labelSize,
        )
        const slack = (width - widthOf(label, labelSize)) / 2
        return (
          <g key={`${span.thread}@${span.from}`} className={`bar bar-${span.kind}`}>
            <rect className="bar-body" {...box} />
            {span.kind === 'waiting' && <rect {...box} fill={`url(#${hatch})`} />}
            {label && (
              <text
                className="bar-label"
                x={left + Math.max(2, Math.min(pad, slack))}
                y={middle(lane) + labelSize * 0.36}
              >
                {label}
              </text>
            )}
          </g>
        )
      })}
    </g>
  )
})
