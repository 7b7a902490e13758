import { line, scaleLinear } from 'd3'
import { useId } from 'react'
import { useWidth } from '../../seven-seconds/timeline/use-width'
import { TimeAxis, ValueAxis } from './axes'

export interface ChartLine {
  readonly id: string
  /** As it stands at the end of the line. */
  readonly name: string
  readonly look: 'solid' | 'dashed' | 'dotted'
  readonly points: readonly { readonly time: number; readonly value: number | undefined }[]
}

interface TimeChartProps {
  readonly title: string
  readonly lines: readonly ChartLine[]
  /** ms */
  readonly duration: number
  readonly unit: (value: number) => string
  /** A moment that was pointed at, in ms. */
  readonly onGo: (time: number) => void
}

export const height = 132
export const margin = { top: 12, right: 46, bottom: 22, left: 58 }

/** Values over the time of a run. Lines differ by their strokes and are named at their ends. */
export function TimeChart({ title, lines, duration, unit, onGo }: TimeChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>()
  const heading = useId()
  const most = Math.max(
    ...lines.flatMap(({ points }) => points.map(({ value }) => value ?? 0)),
    Number.MIN_VALUE,
  )
  const x = scaleLinear([0, Math.max(duration, 1)], [margin.left, width - margin.right])
  const y = scaleLinear([0, most], [height - margin.bottom, margin.top]).nice(3)
  const path = line<ChartLine['points'][number]>()
    .defined(({ value }) => value !== undefined)
    .x(({ time }) => x(time))
    .y(({ value }) => y(value ?? 0))
  return (
    <figure className="time-chart" aria-labelledby={heading}>
      <figcaption id={heading}>{title}</figcaption>
      <div ref={frame}>
        {width > 0 && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: a shortcut for the pointer; the lanes have keys
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={`${title}. ${lines.map(wordsOf(unit)).join(' ')}`}
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect()
              onGo(x.invert(event.clientX - box.left))
            }}
          >
            <ValueAxis scale={y} from={margin.left} to={width - margin.right} unit={unit} />
            <TimeAxis scale={x} width={width} y={height - 5} />
            {lines.map(({ id, look, points }) => (
              <path key={id} className="chart-line" data-look={look} d={path(points) ?? ''} />
            ))}
            {endLabels(lines, y).map(({ id, name, at }) => (
              <text key={id} className="chart-name" x={width - margin.right + 5} y={at + 4}>
                {name}
              </text>
            ))}
          </svg>
        )}
      </div>
    </figure>
  )
}

/** Names at the lines' ends, pushed apart where lines end close together. */
function endLabels(lines: readonly ChartLine[], y: (value: number) => number) {
  const ends = lines
    .flatMap(({ id, name, points }) => {
      const last = points.findLast(({ value }) => value !== undefined)?.value
      return last === undefined || name === '' ? [] : [{ id, name, at: y(last) }]
    })
    .sort((one, other) => one.at - other.at)
  for (const [index, end] of ends.entries()) {
    const above = ends[index - 1]
    if (above) end.at = Math.max(end.at, above.at + 13)
  }
  return ends
}

const wordsOf =
  (unit: (value: number) => string) =>
  ({ name, points }: ChartLine) => {
    const values = points.flatMap(({ value }) => (value === undefined ? [] : [value]))
    if (values.length === 0) return `${name}: nothing yet.`
    const [least, most] = [Math.min(...values), Math.max(...values)]
    return `${name}: from ${unit(least)} to ${unit(most)}.`
  }
