import { keepFocus } from '../../shell/keep-focus'
import { useStore } from '../../store'
import { runs } from './exploration'
import { countText, percentText } from './figures'
import { outcomeNames } from './outcome-names'

/** The same program with its sleeps drawn at random: how often what can happen does. */
export function TimedRuns() {
  const timed = useStore(({ deadlocks }) => deadlocks.timed)
  const runTimed = useStore(({ deadlocks }) => deadlocks.runTimed)
  const cancel = useStore(({ deadlocks }) => deadlocks.cancelTimed)
  const watch = useStore(({ deadlocks }) => deadlocks.watch)
  const sleeps = useStore(({ deadlocks }) =>
    deadlocks.program.threads.some(({ statements }) =>
      statements.some(({ kind }) => kind === 'sleep'),
    ),
  )
  return (
    <div className="timed">
      <h3 className="panel-title">With random sleeps</h3>
      <p className="explore-about">
        {sleeps
          ? 'The sleeps take their time, each drawn from its range: what can happen need not.'
          : 'This program never sleeps: in a timed run only chance decides who goes first.'}
      </p>
      {timed.kind === 'running' ? (
        <div className="explore-tools">
          <progress className="meter" aria-label="Runs" max={runs} value={timed.progress ?? 0} />
          <button type="button" className="button" onClick={cancel}>
            Cancel the runs
          </button>
        </div>
      ) : (
        <div className="explore-tools">
          <button type="button" className="button" onMouseDown={keepFocus} onClick={runTimed}>
            Run {countText(runs)} times
          </button>
        </div>
      )}
      {timed.kind === 'failed' && <p className="editor-bad">The runs failed: {timed.why}</p>}
      {timed.kind === 'cancelled' && <p className="explore-about">Cancelled.</p>}
      {timed.kind === 'done' && (
        <ul className="timed-outcomes" role="status" data-testid="timed">
          {timed.result.outcomes.map(({ kind, runs: hits, share, interval, example }) => (
            <li key={kind} data-kind={kind === 'done' ? 'good' : 'bad'}>
              <strong>{outcomeNames[kind]}</strong>: {countText(hits)} of{' '}
              {countText(timed.result.runs)} runs, {percentText(share)} (95 % interval{' '}
              {percentText(interval.low)} to {percentText(interval.high)}).{' '}
              <button
                type="button"
                className="table-go"
                onMouseDown={keepFocus}
                onClick={() => watch(example, 0)}
              >
                Watch one
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
