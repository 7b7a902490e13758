import { useMemo } from 'react'
import { useStore } from '../../store'
import { boundsOf, viewOf } from '../lanes/looking'
import { durationText } from '../lanes/ticks'
import { around } from '../lanes/view'
import { type Side, sideName, sides } from '../names'
import { HeatMap } from './heat-map'
import { rateText } from './measures'
import type { PacePoint } from './pace'
import type { Slice } from './series'
import { type ChartLine, TimeChart } from './time-chart'

interface SideSlices {
  readonly side: Side
  readonly slices: readonly Slice[]
  readonly pace: readonly PacePoint[]
  readonly duration: number
}

/** How the run went, moment by moment: throughput, waits, and who stood in line. */
export function ChartsPanel() {
  const runs = useStore(({ contention }) => contention.runs)
  const shown = useStore(({ contention }) => contention.side)
  // Seldom enough that drawing them is nothing beside what is measured.
  const tick = useStore(({ contention: { tick, running } }) =>
    running.kind === 'running' ? Math.floor(tick / 8) : -1,
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs are changed in place; a tick tells
  const measured = useMemo(
    () =>
      sides.flatMap((side): SideSlices[] => {
        const run = runs[side]
        return run?.series
          ? [
              {
                side,
                slices: whole(run.series.slices()),
                pace: run.pace.points(),
                duration: run.duration,
              },
            ]
          : []
      }),
    [runs, tick],
  )
  const duration = Math.max(0, ...measured.map((each) => each.duration))
  if (duration === 0) return null
  const both = measured.length > 1
  const lines = (
    of: (slice: Slice) => number | undefined,
    name = '',
    dashed = false,
  ): ChartLine[] =>
    measured.map(({ side, slices }) => ({
      id: `${side}${name}`,
      name: both ? `${sideName[side]} ${name}`.trimEnd() : name,
      look: both ? looks[side] : dashed ? 'dashed' : 'solid',
      points: slices.map((slice) => ({ time: (slice.from + slice.to) / 2, value: of(slice) })),
    }))
  const common = { duration, onGo: goTo }
  const own = measured.find(({ side }) => side === shown) ?? measured[0]
  return (
    <section className="charts panel" aria-label="Over time">
      <TimeChart
        title="Sections a second"
        lines={measured.map(({ side, pace }) => ({
          id: side,
          name: both ? sideName[side] : '',
          look: looks[side],
          points: pace,
        }))}
        unit={rateText}
        {...common}
      />
      <TimeChart
        title={both ? 'How long 99 of 100 had waited at most' : 'How long the granted had waited'}
        lines={
          both
            ? lines(({ p99 }) => p99)
            : [...lines(({ p99 }) => p99, 'p99', true), ...lines(({ p50 }) => p50, 'p50')]
        }
        unit={durationText}
        {...common}
      />
      <TimeChart
        title="How many wait"
        lines={lines(({ waiting }) => waiting)}
        unit={rateText}
        {...common}
      />
      {own && (
        <HeatMap
          title={`All waits, by length${both ? ` (${sideName[own.side]})` : ''}`}
          slices={own.slices}
          duration={duration}
          onGo={goTo}
        />
      )}
    </section>
  )
}

/** The last slice has hardly begun: a fall at the end of every line would be its own. */
function whole(slices: readonly Slice[]): readonly Slice[] {
  return slices.length > 1 ? slices.slice(0, -1) : slices
}

const looks = { a: 'solid', b: 'dotted' } as const

/** The lanes about a moment of a chart. */
function goTo(time: number): void {
  const { contention } = useStore.getState()
  const bounds = boundsOf(contention)
  const part = (bounds.to - bounds.from) / 40
  contention.setView(around(viewOf(contention), bounds, time - part / 2.5, time + part / 2.5))
}
