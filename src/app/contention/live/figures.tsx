import { useMemo } from 'react'
import { useStore } from '../../store'
import { durationText } from '../lanes/ticks'
import { sideName, sides } from '../names'
import { type Measures, measuresOf, rateText, waitText } from './measures'

interface Figure {
  readonly id: string
  readonly name: string
  readonly text: (measures: Measures) => string
  readonly more?: (measures: Measures) => string
  readonly alarming?: (measures: Measures) => boolean
}

const figures: readonly Figure[] = [
  {
    id: 'done',
    name: 'Sections done',
    text: ({ done }) => done.toLocaleString('en'),
    more: ({ perSecond }) => `${rateText(perSecond)} a second`,
  },
  {
    id: 'median',
    name: 'Half waited less than',
    text: ({ p50 }) => waitText(p50),
    more: ({ longest, resolution }) =>
      `longest ${waitText(longest)}${resolution ? `, by clocks of ${durationText(resolution)}` : ''}`,
  },
  {
    id: 'p99',
    name: '99 of 100 less than',
    text: ({ p99 }) => waitText(p99),
    more: ({ waiting }) => `${rateText(waiting)} waited on average`,
  },
  {
    id: 'lost',
    name: 'Updates lost',
    text: ({ lost }) => lost.toLocaleString('en'),
    more: ({ lost }) => (lost === 0 ? 'nobody wrote over another’s' : 'written over, unseen'),
    alarming: ({ lost }) => lost > 0,
  },
  {
    id: 'frames',
    name: 'Frames this page dropped',
    text: ({ droppedFrames }) => droppedFrames.toLocaleString('en'),
    more: ({ frames }) => `of ${frames.toLocaleString('en')}`,
  },
]

/** What came of it, in five numbers; those of B beside those of A. */
export function Figures() {
  const runs = useStore(({ contention }) => contention.runs)
  const tick = useStore(({ contention }) => contention.tick)
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs are changed in place; a tick tells
  const measured = useMemo(
    () =>
      sides.flatMap((side) => {
        const run = runs[side]
        return run ? [{ side, measures: measuresOf(run) }] : []
      }),
    [runs, tick],
  )
  if (measured.length === 0) return null
  return (
    <dl className="figures panel" aria-label="Figures" data-testid="figures">
      {figures.map(({ id, name, text, more, alarming }) => (
        <div key={id} className="figure" data-figure={id}>
          <dt>{name}</dt>
          {measured.map(({ side, measures }) => (
            <dd key={side} data-side={side} data-alarming={alarming?.(measures) || undefined}>
              {measured.length > 1 && <span className="figure-side">{sideName[side]}</span>}
              <span className="figure-value">{text(measures)}</span>
              {more && <span className="figure-more">{more(measures)}</span>}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  )
}
