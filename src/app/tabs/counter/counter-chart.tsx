import { useWidth } from '../../seven-seconds/timeline/use-width'
import type { CounterRun, Hit } from './counter'

interface Props {
  readonly run: CounterRun | undefined
  /** How many hits there will be. */
  readonly expected: number
}

const height = 250
const margin = { top: 14, right: 74, bottom: 28, left: 40 }

/** Hits against what the counter shows: without a loss the two are one line. */
export function CounterChart({ run, expected }: Props) {
  const [frame, width] = useWidth<HTMLDivElement>()
  const hits = run?.hits ?? []
  const most = Math.max(expected, hits.length)
  const right = width - margin.right
  const x = (hit: number) => margin.left + ((right - margin.left) * hit) / most
  const y = (value: number) =>
    height - margin.bottom - ((height - margin.bottom - margin.top) * value) / most
  const last = hits.at(-1)
  const lost = last === undefined ? 0 : hits.length - last.wrote
  return (
    <div ref={frame} className="counter-chart">
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={wordsOf(hits)}>
          {[0, Math.round(most / 2), most].map((value) => (
            <g key={value}>
              <line
                className="counter-rule"
                x1={margin.left}
                x2={right}
                y1={y(value)}
                y2={y(value)}
              />
              <text className="counter-tick" x={margin.left - 8} y={y(value) + 4} textAnchor="end">
                {value}
              </text>
              <text className="counter-tick" x={x(value)} y={height - 8} textAnchor="middle">
                {value === most ? `${value} hits` : value}
              </text>
            </g>
          ))}
          <line className="counter-should" x1={x(0)} y1={y(0)} x2={x(most)} y2={y(most)} />
          <text className="counter-name" x={right + 8} y={y(most) + 4}>
            hits
          </text>
          <path className="counter-is" d={stairs(hits, x, y)} />
          {hits.map(({ before, seen, wrote, at: time, participant }, at) =>
            before > seen ? (
              <circle
                key={`${time} ${participant}`}
                className="counter-loss"
                cx={x(at + 1)}
                cy={y(wrote)}
                r="4"
              />
            ) : null,
          )}
          {last && (
            <text
              className="counter-name"
              x={x(hits.length) + 8}
              y={labelAt(y(last.wrote), y(hits.length))}
            >
              {last.wrote}
            </text>
          )}
          {last && lost > 0 && (
            <g className="counter-gap">
              <line
                x1={x(hits.length)}
                x2={x(hits.length)}
                y1={y(hits.length)}
                y2={y(last.wrote)}
              />
              <text
                x={x(hits.length) - 8}
                y={(y(hits.length) + y(last.wrote)) / 2 + 4}
                textAnchor="end"
              >
                {lost} lost
              </text>
            </g>
          )}
        </svg>
      )}
    </div>
  )
}

/** Where the two lines end as one, the number stands beneath. */
function labelAt(own: number, other: number): number {
  return Math.abs(own - other) < 18 ? own + 20 : own + 4
}

function stairs(
  hits: readonly Hit[],
  x: (hit: number) => number,
  y: (value: number) => number,
): string {
  const steps = hits.map(({ wrote }, at) => `H${x(at + 1)}V${y(wrote)}`)
  return `M${x(0)} ${y(0)}${steps.join('')}`
}

function wordsOf(hits: readonly Hit[]): string {
  const last = hits.at(-1)
  if (last === undefined) return 'The counter over the hits. Nobody has counted yet.'
  return `The counter over the hits: after ${hits.length} hits it shows ${last.wrote}.`
}
