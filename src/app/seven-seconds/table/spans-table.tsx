import { useMemo } from 'react'
import { policies, type Simulation, type Span } from '../../../simulate'
import { useStore } from '../../store'
import { momentAt } from '../moments'
import { measuredOf, spansOf } from '../real/measured-spans'
import { useRealRun } from '../real/use-real-run'
import { seconds } from '../transport/clock-text'
import { GoTo } from './go-to'

/** The bars of the lanes in words, and beside them what real workers did. */
export function SpansTable({ run }: { readonly run: Simulation }) {
  const time = useStore((state) => run.steps[state.moment.step - 1]?.time ?? 0)
  const spans = useMemo(() => inOrder(run), [run])
  const real = useRealRun()
  const measured = useMemo(
    () => (real.kind === 'none' ? undefined : spansOf(real.events, 0)),
    [real],
  )
  const { goTo } = useStore.getState()
  return (
    <div className="table-frame">
      <table data-testid="spans">
        <caption>Who does what, when, under {policies[run.policy].title}</caption>
        <thead>
          <tr>
            <th scope="col">Thread</th>
            <th scope="col">What</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Lasts</th>
            {measured && <th scope="col">Measured in real workers</th>}
          </tr>
        </thead>
        <tbody>
          {spans.map((span) => {
            const came = measured && measuredOf(span, measured)
            return (
              <tr
                key={`${span.thread}@${span.from}`}
                aria-current={span.from <= time && time < span.to ? 'time' : undefined}
              >
                <th scope="row">{span.thread}</th>
                <td>
                  <span className={`table-sign table-${span.kind}`} /> {span.label}
                </td>
                <td>
                  <GoTo
                    text={`${seconds(span.from)} s`}
                    onGo={() => goTo(momentAt(run, span.from))}
                  />
                </td>
                <td>{seconds(span.to)} s</td>
                <td>{seconds(span.to - span.from)} s</td>
                {measured && (
                  <td>{came ? `${precise(came.from)} s to ${precise(came.to)} s` : '–'}</td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const precise = (ms: number) => (ms / 1000).toFixed(3)

/** By lane, then by time, as the eye reads the picture. */
function inOrder({ spans, scenario }: Simulation): Span[] {
  return scenario.threads.flatMap(({ name }) => spans.filter((span) => span.thread === name))
}
