import type { MapMutexResult } from '../../../perform/workload'
import { type MapMutexCase, mapMutexCases } from '../../../scenario'
import { ActionButton } from '../../shell/action-button'
import { useStore } from '../../store'
import { contentionAction } from '../actions'
import type { RunningCases } from './cases'

/** mapmutex's own benchmark: what it published, what we do here and now, and the least there can be. */
export function CasesPanel() {
  const cases = useStore(({ contention }) => contention.cases)
  const results = useStore(({ contention }) => contention.caseResults)
  return (
    <section className="cases panel" aria-label="mapmutex’s table">
      <div className="panel-head">
        <h2 className="panel-title">mapmutex’s table, on this machine</h2>
        <ActionButton action={contentionAction('cases')} />
      </div>
      <div className="cases-body">
        <p className="cliff-about">
          Jobs sleep while they hold the lock of their key. The least is what the same sleeps take
          under a lock that costs nothing. All six cases take about 45 seconds.
        </p>
        {cases.kind === 'failed' && <p className="editor-bad">It failed: {cases.why}</p>}
        <div className="tables">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
          <section className="table-frame" aria-label="Cases" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Jobs, keys, tasks, average</th>
                  <th scope="col">One mutex, published</th>
                  <th scope="col">mapmutex, published</th>
                  <th scope="col">Ours, here</th>
                  <th scope="col">The least</th>
                  <th scope="col">Ours ÷ least</th>
                </tr>
              </thead>
              <tbody>
                {mapMutexCases.map((each) => (
                  <Row key={each.id} of={each} cases={cases} result={results[each.id]} />
                ))}
              </tbody>
            </table>
          </section>
        </div>
        <p role="status" className="unseen">
          {cases.kind === 'done' && 'All cases are done.'}
          {cases.kind === 'cancelled' && 'Cancelled.'}
        </p>
      </div>
    </section>
  )
}

interface RowProps {
  readonly of: MapMutexCase
  readonly cases: RunningCases
  readonly result: MapMutexResult | undefined
}

function Row({ of: { id, published }, cases, result }: RowProps) {
  const progress = cases.kind === 'running' && cases.progress?.id === id && cases.progress
  const [jobs = '', keys = '', tasks = '', average = ''] = id.split('_')
  const missing = Number(jobs) - published.done
  return (
    <tr data-case={id}>
      <th scope="row">
        {Number(jobs).toLocaleString('en')}, {keys}, {tasks}, {average} ms
      </th>
      <td>{published.oneMutex.toFixed(2)} s</td>
      <td>
        {published.mapMutex.toFixed(2)} s{missing > 0 && `, ${missing} given up`}
      </td>
      <td>
        {progress ? (
          <progress
            className="meter"
            aria-label={`Case ${id}`}
            value={progress.done / progress.of}
          />
        ) : result ? (
          `${result.seconds.toFixed(2)} s${result.done < result.actions ? `, ${result.actions - result.done} missing` : ''}`
        ) : (
          '–'
        )}
      </td>
      <td>{result && !progress ? `${result.least.toFixed(2)} s` : '–'}</td>
      <td>{result && !progress ? `${(result.seconds / result.least).toFixed(3)}×` : '–'}</td>
    </tr>
  )
}
