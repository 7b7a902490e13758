import { memo } from 'react'
import type { Span } from '../../../simulate'
import type { Geometry } from './geometry'

interface Props {
  readonly geometry: Geometry
  readonly threads: readonly string[]
  readonly spans: readonly Omit<Span, 'label'>[]
}

/** What real workers did, as a strip under each lane. */
export const Measured = memo(function Measured({ geometry, threads, spans }: Props) {
  const { x, plot, strip, stripHeight } = geometry
  return (
    <g className="measured">
      {spans.map((span) => {
        const left = x(span.from)
        const width = Math.min(x(span.to), plot.right) - left
        // A free lock, too, takes its fraction of a millisecond: nothing that can be seen. And
        // what comes so late that it is off the axis is left to the report.
        if (width < 1) return null
        return (
          <rect
            key={`${span.thread}@${span.from}`}
            className={`measured-${span.kind}`}
            x={left}
            y={strip(threads.indexOf(span.thread))}
            width={width}
            height={stripHeight}
            rx={stripHeight / 2}
          />
        )
      })}
    </g>
  )
})
