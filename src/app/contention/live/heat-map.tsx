import { scaleLinear } from 'd3'
import { useId, useMemo } from 'react'
import { useWidth } from '../../seven-seconds/timeline/use-width'
import { durationText } from '../lanes/ticks'
import { TimeAxis } from './axes'
import { heatOf } from './heat-cells'
import type { Slice } from './series'
import { height, margin } from './time-chart'

interface HeatMapProps {
  readonly title: string
  readonly slices: readonly Slice[]
  /** ms */
  readonly duration: number
  readonly onGo: (time: number) => void
}

const columns = 60

/** Each wait where it was and as long as it was: two kinds of waits are two bands, where a mean is one line. */
export function HeatMap({ title, slices, duration, onGo }: HeatMapProps) {
  const [frame, width] = useWidth<HTMLDivElement>()
  const heading = useId()
  const { rows, cells, most } = useMemo(() => heatOf(slices, columns), [slices])
  const x = scaleLinear([0, Math.max(duration, 1)], [margin.left, width - margin.right])
  const room = height - margin.top - margin.bottom
  const rowHeight = Math.min(room / Math.max(rows.length, 1), 16)
  const yOf = (row: number) => height - margin.bottom - (row + 1) * rowHeight
  const every = Math.max(1, Math.ceil(17 / rowHeight))
  return (
    <figure className="time-chart" aria-labelledby={heading}>
      <figcaption id={heading}>
        {title}
        <span className="chart-scale">darkest: {most.toLocaleString('en')} waits</span>
      </figcaption>
      <div ref={frame}>
        {width > 0 && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: a shortcut for the pointer; the lanes have keys
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={`${title}. ${wordsOf(rows, cells)}`}
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect()
              onGo(x.invert(event.clientX - box.left))
            }}
          >
            {cells.map(({ from, to, row, heat }) => (
              <rect
                key={`${from} ${row}`}
                className="heat-cell"
                x={x(from)}
                y={yOf(row)}
                width={Math.max(x(Math.min(to, duration)) - x(from) - 0.5, 1)}
                height={Math.max(rowHeight - 0.5, 1)}
                // In five steps: the eye compares no finer.
                opacity={Math.ceil(heat * 5) / 5}
              />
            ))}
            {rows.map(({ from }, row) =>
              row % every === 0 ? (
                <text
                  key={from}
                  className="chart-tick"
                  x={margin.left - 7}
                  y={yOf(row) + rowHeight / 2 + 4}
                  textAnchor="end"
                >
                  {from === 0 ? 'none' : durationText(from)}
                </text>
              ) : null,
            )}
            <TimeAxis scale={x} width={width} y={height - 5} />
          </svg>
        )}
      </div>
    </figure>
  )
}

function wordsOf(
  rows: ReturnType<typeof heatOf>['rows'],
  cells: ReturnType<typeof heatOf>['cells'],
): string {
  const sums = rows.map((_, row) =>
    cells.reduce((sum, cell) => sum + (cell.row === row ? cell.count : 0), 0),
  )
  const all = sums.reduce((sum, count) => sum + count, 0)
  return rows
    .flatMap(({ from, to }, row) => {
      const share = (sums[row] ?? 0) / Math.max(all, 1)
      if (share < 0.05) return []
      const length = from === 0 ? 'no wait' : `${durationText(from)} to ${durationText(to)}`
      return [`${length}: ${Math.round(share * 100)} %`]
    })
    .join(', ')
}
