import { useCallback, useRef } from 'react'
import type { BlockingEdge, Moment } from '../../../simulate'
import { useMoment } from '../use-moment'
import { useStep } from '../use-run'
import type { Geometry } from './geometry'
import { tracksOf } from './tracks'

interface Props {
  readonly geometry: Geometry
  readonly threads: readonly string[]
}

const none: readonly BlockingEdge[] = []

/** Who waits for whom just now: from the waiting lane to the lane it waits for. */
export function Arrows({ geometry, threads }: Props) {
  const edges = useStep()?.edges ?? none
  const group = useRef<SVGGElement>(null)
  const follow = useCallback(
    (moment: Moment) =>
      group.current?.setAttribute('transform', `translate(${geometry.x(moment.time)})`),
    [geometry],
  )
  useMoment(follow)
  const arrows = edges
    .map(({ from, to }) => ({ from: threads.indexOf(from), to: threads.indexOf(to) }))
    // The newest wait stands nearest to now.
    .reverse()
  const tracks = tracksOf(arrows)
  const apart = Math.min(13, 78 / Math.max(...tracks, 1))
  return (
    <g ref={group} className="arrows">
      {arrows.map(({ from, to }, index) => (
        <Arrow
          key={`${from}→${to}`}
          at={-15 - apart * (tracks[index] ?? 0)}
          {...ends(geometry, from, to)}
        />
      ))}
    </g>
  )
}

function Arrow({
  at,
  tail,
  tip,
}: {
  readonly at: number
  readonly tail: number
  readonly tip: number
}) {
  const back = tip < tail ? 6 : -6
  const shape = `M${at} ${tail}V${tip}M${at - 5} ${tip + back}L${at} ${tip}L${at + 5} ${tip + back}`
  return <path className="arrow" d={shape} />
}

/** From the edge of the waiting bar to the edge of the bar that is waited for. */
function ends({ middle, barHeight }: Geometry, from: number, to: number) {
  const up = to < from ? 1 : -1
  return {
    tail: middle(from) - up * (barHeight('waiting') / 2 + 2),
    tip: middle(to) + up * (barHeight('reading') / 2 + 2),
  }
}
