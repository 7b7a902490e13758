import type { ScaleLinear } from 'd3'
import { timeText } from '../lanes/ticks'

interface ValueAxisProps {
  readonly scale: ScaleLinear<number, number>
  /** Where its rules begin and end. */
  readonly from: number
  readonly to: number
  readonly unit: (value: number) => string
}

/** Rules across a chart, each with its value before it. */
export function ValueAxis({ scale, from, to, unit }: ValueAxisProps) {
  return scale.ticks(3).map((value) => (
    <g key={value}>
      <line className="chart-rule" x1={from} x2={to} y1={scale(value)} y2={scale(value)} />
      <text className="chart-tick" x={from - 7} y={scale(value) + 4} textAnchor="end">
        {unit(value)}
      </text>
    </g>
  ))
}

interface TimeAxisProps {
  /** Of ms. */
  readonly scale: ScaleLinear<number, number>
  readonly width: number
  readonly y: number
}

/** As many times as have room. */
export function TimeAxis({ scale, width, y }: TimeAxisProps) {
  return scale.ticks(Math.max(2, Math.floor(width / 110))).map((time) => (
    <text key={time} className="chart-tick" x={scale(time)} y={y} textAnchor="middle">
      {timeText(time, 500)}
    </text>
  ))
}
