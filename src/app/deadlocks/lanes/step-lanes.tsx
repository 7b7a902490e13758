import { memo, type PointerEvent, useId, useMemo } from 'react'
import { widthOf } from '../../seven-seconds/timeline/fit-label'
import { Hatch } from '../../seven-seconds/timeline/hatch'
import { useWidth } from '../../seven-seconds/timeline/use-width'
import { shorten } from '../shorten'
import type { Deed } from './deeds'
import type { StepSpan } from './spans'
import { type StepGeometry, stepGeometry } from './step-geometry'
import '../../seven-seconds/timeline/lanes.css'
import './step-lanes.css'

interface Props {
  readonly threads: readonly string[]
  /** The thread of each step, by its index. */
  readonly schedule: readonly number[]
  readonly spans: readonly StepSpan[]
  readonly deeds: readonly Deed[]
  /** How many steps are done. */
  readonly position: number
  /** What the picture is of, for those who cannot see it. */
  readonly label: string
  readonly onGo: (position: number) => void
}

/** A lane per thread over steps: what it holds, what it waits for, and which step was its own. */
export function StepLanes({ threads, schedule, spans, deeds, position, label, onGo }: Props) {
  const [frame, width] = useWidth<HTMLDivElement>()
  const id = useId()
  const geometry = useMemo(
    () => stepGeometry({ width, lanes: threads.length, steps: schedule.length }),
    [width, threads.length, schedule.length],
  )
  const { x, plot, height } = geometry
  const go = (event: PointerEvent<SVGRectElement>) => {
    if (event.type === 'pointermove' && event.buttons !== 1) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect()
    if (box) onGo(geometry.columnAt(event.clientX - box.left))
  }
  return (
    <div ref={frame} className="lanes step-lanes" data-names={geometry.names} style={{ height }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          <defs>
            <clipPath id={`${id}past`}>
              <rect width={x(position + 1)} height={height} />
            </clipPath>
            <Hatch id={`${id}waiting-past`} when="past" />
            <Hatch id={`${id}deadlock-past`} when="deadlock" />
            <Hatch id={`${id}waiting-ahead`} when="ahead" />
          </defs>
          <rect
            className="step-now"
            x={x(position)}
            y={plot.top}
            width={x(position + 1) - x(position)}
            height={plot.bottom - plot.top}
          />
          <Grid geometry={geometry} threads={threads} />
          <Bars geometry={geometry} spans={spans} when="ahead" id={id} />
          <g clipPath={`url(#${id}past)`}>
            <Bars geometry={geometry} spans={spans} when="past" id={id} />
          </g>
          {schedule.map((thread, index) => (
            <circle
              // The place of a step is its identity.
              // biome-ignore lint/suspicious/noArrayIndexKey: steps never change places
              key={index}
              className="step-dot"
              data-ahead={index >= position || undefined}
              cx={x(index + 1)}
              cy={geometry.middle(thread)}
              r={Math.min(4, Math.max(1.5, (x(1) - x(0)) / 5))}
            />
          ))}
          {deeds.map(({ column, thread, text }) => (
            <text
              key={column}
              className="step-deed"
              data-ahead={column > position || undefined}
              x={x(column) + 7}
              y={geometry.middle(thread) - geometry.barHeight('writing') / 2 + 11}
            >
              {widthOf(text, 13) <= (x(column + 1) - x(column)) * 1.6 ? text : ''}
            </text>
          ))}
          <path
            className="step-marker"
            data-testid="playhead"
            transform={`translate(${(x(position) + x(position + 1)) / 2} ${plot.top - 1})`}
            d="M-8 -9H8L0 0Z"
          />
          <rect
            className="lanes-grip"
            x={plot.left}
            y={0}
            width={plot.right - plot.left}
            height={plot.bottom}
            onPointerDown={go}
            onPointerMove={go}
          />
        </svg>
      )}
    </div>
  )
}

interface GridProps {
  readonly geometry: StepGeometry
  readonly threads: readonly string[]
  /** Of each thread, where that is worth saying. */
  readonly places?: readonly string[] | undefined
}

export const Grid = memo(function Grid({ geometry, threads, places }: GridProps) {
  const { x, plot, ticks, names, middle } = geometry
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="lanes-second" x1={x(tick)} x2={x(tick)} y1={plot.top} y2={plot.bottom} />
          <text
            className="lanes-tick"
            x={(x(tick) + x(tick + 1)) / 2}
            y={plot.top - 14}
            textAnchor="middle"
          >
            {tick}
          </text>
        </g>
      ))}
      {threads.map((thread, lane) => (
        <g key={thread}>
          <line
            className="lanes-line"
            x1={plot.left}
            x2={plot.right}
            y1={middle(lane)}
            y2={middle(lane)}
          />
          <text
            className="lanes-name"
            x={names === 'beside' ? 0 : plot.left}
            y={
              names === 'beside'
                ? middle(lane) + 5
                : middle(lane) - geometry.barHeight('writing') / 2 - 5
            }
          >
            {names === 'beside' ? shorten(thread, 13) : thread}
            {places && names === 'above' && ` · ${places[lane]}`}
          </text>
          {places && names === 'beside' && (
            <text className="lanes-place" x={0} y={middle(lane) + 20}>
              {places[lane]}
            </text>
          )}
        </g>
      ))}
    </g>
  )
})

interface BarsProps {
  readonly geometry: StepGeometry
  readonly spans: readonly StepSpan[]
  readonly when: 'past' | 'ahead'
  /** What the ids of the hatchings begin with. */
  readonly id: string
}

export const Bars = memo(function Bars({ geometry, spans, when, id }: BarsProps) {
  const { x, middle, labelSize } = geometry
  return (
    <g className={`bars bars-${when}`}>
      {spans.map((span) => {
        const height = geometry.barHeight(span.kind)
        const left = x(span.from)
        const width = Math.max(x(span.to) - left, 1)
        const y = middle(span.thread) - height / 2
        const box = { x: left, y, width, height, rx: Math.min(6, width / 2) }
        const label = span.labels.find((each) => widthOf(each, labelSize) <= width - 12)
        const hatch =
          span.kind === 'waiting' || (span.kind === 'deadlock' && when === 'past')
            ? `url(#${id}${span.kind}-${when})`
            : undefined
        return (
          <g key={`${span.thread}@${span.from}`} className={`bar bar-${span.kind}`}>
            <rect className="bar-body" {...box} />
            {hatch && <rect {...box} fill={hatch} />}
            {span.held && (
              <rect
                className={`step-held step-held-${span.held}`}
                x={left + 2}
                y={y + height - 6}
                width={Math.max(width - 4, 1)}
                height="4"
                rx="2"
              />
            )}
            {label && (
              <text
                className="bar-label"
                x={left + Math.min(11, (width - widthOf(label, labelSize)) / 2)}
                y={middle(span.thread) + labelSize * 0.36 - (span.held ? 2 : 0)}
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
