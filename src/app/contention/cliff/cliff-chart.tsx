import { line, type ScaleLinear, type ScaleLogarithmic, scaleLinear, scaleLog } from 'd3'
import type { CliffStep } from '../../../perform/workload'
import { useWidth } from '../../seven-seconds/timeline/use-width'
import { durationText } from '../lanes/ticks'
import { ValueAxis } from '../live/axes'
import { rateText } from '../live/measures'

interface CliffChartProps {
  readonly steps: readonly CliffStep[]
  /** An index of `steps`. */
  readonly turn: number | undefined
}

const plot = 150
const gap = 34
const height = 2 * plot + gap + 30
const margin = { top: 16, right: 76, left: 66 }

/** Throughput and p99 against load, one above the other, with the turn marked through both. */
export function CliffChart({ steps, turn }: CliffChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>()
  const loads = steps.map(({ load }) => load)
  const most = (of: (step: CliffStep) => number) =>
    Math.max(...steps.map(of).filter(Number.isFinite), Number.MIN_VALUE)
  const x = scaleLog([1, Math.max(2, ...loads)], [margin.left, width - margin.right]).base(2)
  const rates = scaleLinear(
    [0, most(({ throughput, predicted }) => Math.max(throughput, finite(predicted)))],
    [plot, margin.top],
  ).nice(3)
  const waits = scaleLinear([0, most(({ wait }) => wait.p99)], [2 * plot + gap, plot + gap]).nice(3)
  const at = turn === undefined ? undefined : steps[turn]
  return (
    <div ref={frame} className="cliff-chart">
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={wordsOf(steps, at)}>
          <Axis scale={rates} width={width} unit={rateText} title="sections a second" />
          <Axis scale={waits} width={width} unit={durationText} title="p99 of waits" />
          {at && (
            <g className="cliff-turn">
              <line x1={x(at.load)} x2={x(at.load)} y1={margin.top - 6} y2={2 * plot + gap} />
              <text x={x(at.load) + 6} y={margin.top + 2}>
                turns at {at.load}
              </text>
            </g>
          )}
          <Curve steps={steps} x={x} y={rates} of={({ predicted }) => predicted} look="dashed" />
          <Curve steps={steps} x={x} y={rates} of={({ throughput }) => throughput} look="solid" />
          <Curve steps={steps} x={x} y={waits} of={({ wait }) => wait.p99} look="solid" />
          <EndName
            steps={steps}
            x={x}
            y={rates}
            of={({ throughput }) => throughput}
            name="measured"
          />
          <EndName
            steps={steps}
            x={x}
            y={rates}
            of={({ predicted }) => predicted}
            name="predicted"
            up
          />
          {roomy(loads, x).map((load) => (
            <text key={load} className="chart-tick" x={x(load)} y={height - 14} textAnchor="middle">
              {load}
            </text>
          ))}
          <text className="chart-tick" x={width - margin.right + 18} y={height - 14}>
            runners
          </text>
        </svg>
      )}
    </div>
  )
}

const finite = (value: number) => (Number.isFinite(value) ? value : 0)

/** Loads whose numbers have room beside each other. */
function roomy(loads: readonly number[], x: (load: number) => number): readonly number[] {
  const shown: number[] = []
  for (const load of loads) {
    const last = shown.at(-1)
    if (last === undefined || x(load) - x(last) > 26) shown.push(load)
  }
  return shown
}

interface AxisProps {
  readonly scale: ScaleLinear<number, number>
  readonly width: number
  readonly unit: (value: number) => string
  readonly title: string
}

function Axis({ scale, width, unit, title }: AxisProps) {
  const [, top = 0] = scale.range()
  return (
    <g>
      <text className="chart-name" x={margin.left} y={top - 6}>
        {title}
      </text>
      <ValueAxis scale={scale} from={margin.left} to={width - margin.right} unit={unit} />
    </g>
  )
}

interface CurveProps {
  readonly steps: readonly CliffStep[]
  readonly x: ScaleLogarithmic<number, number>
  readonly y: ScaleLinear<number, number>
  readonly of: (step: CliffStep) => number
}

function Curve({ steps, x, y, of, look }: CurveProps & { readonly look: 'solid' | 'dashed' }) {
  const path = line<CliffStep>()
    .defined((step) => Number.isFinite(of(step)))
    .x(({ load }) => x(load))
    .y((step) => y(of(step)))
  return (
    <g>
      <path className="chart-line" data-look={look} d={path([...steps]) ?? ''} />
      {look === 'solid' &&
        steps.map((step) => (
          <circle key={step.load} className="cliff-dot" cx={x(step.load)} cy={y(of(step))} r="3" />
        ))}
    </g>
  )
}

function EndName(props: CurveProps & { readonly name: string; readonly up?: boolean }) {
  const { steps, x, y, of, name, up = false } = props
  const last = steps.at(-1)
  if (!last || !Number.isFinite(of(last))) return null
  return (
    <text className="chart-name" x={x(last.load) + 8} y={y(of(last)) + (up ? -3 : 10)}>
      {name}
    </text>
  )
}

function wordsOf(steps: readonly CliffStep[], turn: CliffStep | undefined): string {
  const each = steps.map(
    ({ load, throughput, wait }) =>
      `${load}: ${rateText(throughput)} a second, p99 ${durationText(wait.p99)}`,
  )
  const turning = turn ? ` It turns at ${turn.load}.` : ''
  return `Throughput and waits against the number of runners. ${each.join('; ')}.${turning}`
}
