import { useCallback, useId, useMemo, useRef } from 'react'
import type { Moment, Simulation } from '../../../simulate'
import { LiveMeasured } from '../real/live-measured'
import { useMoment } from '../use-moment'
import { Arrows } from './arrows'
import { Bars } from './bars'
import { geometryOf } from './geometry'
import { Grid } from './grid'
import { Hatch } from './hatch'
import { Playhead } from './playhead'
import { useWidth } from './use-width'
import './lanes.css'

interface Props {
  readonly run: Simulation
  /** What the picture is of, for those who cannot see it. */
  readonly label: string
  readonly role: string
  readonly small?: boolean
  readonly onDrag?: (time: number) => void
}

/**
 * A lane per thread over time. Layers that stay still (grid, bars twice: faded, and full but
 * cut off at the playhead) are drawn once; playhead, cut and arrows follow the moment outside
 * React. The table says in words what the picture shows, so the picture itself is one image.
 */
export function Lanes({ run, label, role, small = false, onDrag }: Props) {
  const [frame, width] = useWidth<HTMLDivElement>()
  const id = useId()
  const threads = useMemo(() => run.scenario.threads.map((thread) => thread.name), [run])
  const geometry = useMemo(
    () => geometryOf({ width, lanes: threads.length, duration: run.duration, small }),
    [width, threads, run, small],
  )
  const cut = useRef<SVGRectElement>(null)
  const follow = useCallback(
    ({ time }: Moment) => cut.current?.setAttribute('width', String(Math.max(geometry.x(time), 0))),
    [geometry],
  )
  useMoment(follow)
  const bars = { geometry, threads, spans: run.spans }
  return (
    <div ref={frame} className="lanes" data-names={geometry.names}>
      {width > 0 && (
        <svg width={width} height={geometry.height} role="img" aria-label={label}>
          <defs>
            <clipPath id={`${id}past`}>
              <rect ref={cut} x="0" y="0" width="0" height={geometry.height} />
            </clipPath>
            <Hatch id={`${id}hatch-past`} when="past" />
            <Hatch id={`${id}hatch-ahead`} when="ahead" />
          </defs>
          <Grid geometry={geometry} threads={threads} role={role} />
          {/* Behind the bars: an arrow between distant lanes must not strike out what is between. */}
          {!small && <Arrows geometry={geometry} threads={threads} />}
          <Bars {...bars} when="ahead" hatch={`${id}hatch-ahead`} />
          <g clipPath={`url(#${id}past)`}>
            <Bars {...bars} when="past" hatch={`${id}hatch-past`} />
          </g>
          {!small && <LiveMeasured geometry={geometry} threads={threads} />}
          <Playhead geometry={geometry} {...(onDrag ? { onDrag } : {})} />
        </svg>
      )}
    </div>
  )
}
