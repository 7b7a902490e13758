import { ActionButton } from '../../shell/action-button'
import { Segments } from '../../shell/segments'
import { useStore } from '../../store'
import { tabsAction } from '../actions'
import { type CounterRun, type GuardShown, guards, hitsEach } from './counter'
import { CounterChart } from './counter-chart'
import { LeaksPanel } from './leaks-panel'

/** One counter, raised by all: with the lock of one's choice around it, or with none. */
export function CounterScene() {
  const counter = useStore(({ tabs }) => tabs.counter)
  const participants = useStore(({ tabs }) => tabs.actors.length || tabs.settings.count)
  const setGuard = useStore(({ tabs }) => tabs.setGuard)
  const { guard, runs, doing } = counter
  const run = runs[guard]
  const shown = guards.find(({ id }) => id === guard)
  return (
    <>
      <section className="panel" aria-label="The counter">
        <div className="panel-head counter-head">
          <Segments<GuardShown['id']>
            label="What is around it"
            value={guard}
            options={guards.map(({ id, name }) => ({ id, text: name }))}
            onChoose={setGuard}
          />
          <span className="strong-action">
            <ActionButton action={tabsAction('run')} />
          </span>
        </div>
        <div className="counter-body">
          <pre className="tabs-code">
            <code>{shown?.code}</code>
          </pre>
          <div className="counter-picture">
            <CounterChart run={run} expected={participants * hitsEach} />
          </div>
        </div>
        <p className="counter-words" role="status" data-testid="counter" data-kind={doing.kind}>
          {counterWords(run, doing, participants)}
        </p>
      </section>
      <SoFar runs={runs} />
      <LeaksPanel />
    </>
  )
}

function counterWords(
  run: CounterRun | undefined,
  doing: { readonly kind: string; readonly why?: string },
  participants: number,
): string {
  if (doing.kind === 'failed') return `The run failed: ${doing.why}`
  if (doing.kind === 'running') {
    return `Counting… ${run?.hits.length ?? 0} of ${participants * hitsEach}.`
  }
  if (run?.counted) {
    const { hits, counter } = run.counted
    return counter === hits
      ? `${hits} hits, and the counter shows ${counter}: none was lost.`
      : `${hits} hits, but the counter shows ${counter}: ${hits - counter} were lost.`
  }
  if (doing.kind === 'cancelled' && run) return `Cancelled after ${run.hits.length} hits.`
  return `Each of ${participants} participants will count to ${hitsEach}.`
}

/** What came of each way, beside each other. */
function SoFar({ runs }: { readonly runs: { readonly [Id in string]?: CounterRun } }) {
  const done = guards.flatMap(({ id, name }) => {
    const run = runs[id]
    return run?.counted ? [{ name, counted: run.counted, hits: run.hits }] : []
  })
  if (done.length < 2) return null
  return (
    <section className="panel" aria-label="All ways beside each other">
      <table className="tabs-table">
        <thead>
          <tr>
            <th scope="col">Around it</th>
            <th scope="col">Hits</th>
            <th scope="col">The counter shows</th>
            <th scope="col">Lost</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          {done.map(({ name, counted: { hits, counter, ms } }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{hits}</td>
              <td>{counter}</td>
              <td data-alarming={hits > counter || undefined}>{hits - counter}</td>
              <td>{(ms / 1000).toFixed(1)} s</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
