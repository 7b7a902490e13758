import { type PointerEvent, useCallback, useRef } from 'react'
import type { Moment } from '../../../simulate'
import { useMoment } from '../use-moment'
import type { Geometry } from './geometry'

interface Props {
  readonly geometry: Geometry
  /** Where it was dragged to, in the run's time; left out, it cannot be dragged. */
  readonly onDrag?: (time: number) => void
}

/**
 * The line that says now. Dragging starts anywhere in the plot; the keyboard moves it through
 * the transport's slider, so it is no tab stop of its own.
 */
export function Playhead({ geometry, onDrag }: Props) {
  const { x, plot, names } = geometry
  const line = useRef<SVGGElement>(null)
  const follow = useCallback(
    (moment: Moment) => line.current?.setAttribute('transform', `translate(${x(moment.time)})`),
    [x],
  )
  useMoment(follow)

  const drag = (event: PointerEvent<SVGRectElement>) => {
    if (!onDrag || (event.type === 'pointermove' && event.buttons !== 1)) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect()
    if (box) onDrag(x.invert(event.clientX - box.left))
  }
  const head = names === 'small' ? 5 : 8
  return (
    <>
      <g ref={line} className="playhead" data-testid="playhead">
        <line y1={plot.top - head} y2={plot.bottom + 2} />
        <path d={`M${-head} ${plot.top - head}H${head}L0 ${plot.top + 1}Z`} />
      </g>
      {onDrag && (
        <rect
          className="lanes-grip"
          data-testid="grip"
          x={plot.left - 12}
          y={0}
          width={plot.right - plot.left + 24}
          height={plot.bottom}
          onPointerDown={drag}
          onPointerMove={drag}
        />
      )}
    </>
  )
}
