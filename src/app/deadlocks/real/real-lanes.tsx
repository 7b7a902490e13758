import { useId, useMemo } from 'react'
import { widthOf } from '../../seven-seconds/timeline/fit-label'
import { Hatch } from '../../seven-seconds/timeline/hatch'
import { useWidth } from '../../seven-seconds/timeline/use-width'
import type { Deed } from '../lanes/deeds'
import type { StepSpan } from '../lanes/spans'
import { type StepGeometry, stepGeometry } from '../lanes/step-geometry'
import { Bars, Grid } from '../lanes/step-lanes'

interface Props {
  readonly threads: readonly string[]
  /** Which tab each was in, where there were two. */
  readonly tabs: readonly number[]
  readonly spans: readonly StepSpan[]
  /** Loads and stores; their columns are ms. */
  readonly deeds: readonly Deed[]
  /** In ms. */
  readonly duration: number
}

/** What real workers held and waited for, over ms. */
export function RealLanes({ threads, tabs, spans, deeds, duration }: Props) {
  const [frame, width] = useWidth<HTMLDivElement>()
  const id = useId()
  const geometry = useMemo(
    () => overTime(stepGeometry({ width, lanes: threads.length, steps: 1 }), duration),
    [width, threads.length, duration],
  )
  const places = useMemo(
    () => (tabs.includes(1) ? tabs.map((tab) => `tab ${tab + 1}`) : undefined),
    [tabs],
  )
  return (
    <div
      ref={frame}
      className="lanes step-lanes"
      data-names={geometry.names}
      style={{ height: geometry.height }}
    >
      {width > 0 && (
        <svg
          width={width}
          height={geometry.height}
          role="img"
          aria-label="What each worker held and waited for, in milliseconds. The sentences below say how it ended."
        >
          <defs>
            <Hatch id={`${id}waiting-past`} when="past" />
            <Hatch id={`${id}deadlock-past`} when="deadlock" />
          </defs>
          <Grid geometry={geometry} threads={threads} places={places} />
          <Bars geometry={geometry} spans={spans} when="past" id={id} />
          <Deeds geometry={geometry} deeds={deeds} duration={duration} />
        </svg>
      )}
    </div>
  )
}

interface DeedsProps {
  readonly geometry: StepGeometry
  readonly deeds: readonly Deed[]
  readonly duration: number
}

/** Each with its words, after it or before it, where the thread's others leave room. */
function Deeds({ geometry, deeds, duration }: DeedsProps) {
  const { x, middle, barHeight } = geometry
  return deeds.map(({ column, thread, text }, index) => {
    const ofThread = (deed: Deed) => deed.thread === thread
    const next = deeds.slice(index + 1).find(ofThread)
    const before = deeds.slice(0, index).findLast(ofThread)
    const width = widthOf(text, 13) + 12
    const isAfter = width <= x(next?.column ?? duration) - x(column)
    const taken = before ? x(before.column) + widthOf(before.text, 13) + 12 : x(0)
    const hasRoom = isAfter || width <= x(column) - taken
    return (
      <g key={`${thread}@${column} ${text}`}>
        <circle className="step-dot" cx={x(column)} cy={middle(thread)} r="4" />
        <text
          className="step-deed"
          x={x(column) + (isAfter ? 7 : -7)}
          y={middle(thread) - barHeight('writing') / 2 + 11}
          textAnchor={isAfter ? 'start' : 'end'}
        >
          {hasRoom ? text : ''}
        </text>
      </g>
    )
  })
}

/** The same picture with ms in place of steps. */
function overTime(geometry: StepGeometry, duration: number): StepGeometry {
  const { left, right } = geometry.plot
  const x = (ms: number) => left + ((right - left) * Math.min(ms, duration)) / duration
  const most = Math.max(2, Math.floor((right - left) / 70))
  const every =
    [50, 100, 200, 500, 1000, 2000, 5000].find((each) => duration / each <= most) ?? 10_000
  const ticks = Array.from(
    { length: Math.floor(duration / every) + 1 },
    (_, index) => index * every,
  )
  return { ...geometry, x, ticks }
}
