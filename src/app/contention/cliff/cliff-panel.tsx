import { predict } from '../../../perform/workload'
import { ActionButton } from '../../shell/action-button'
import { useStore } from '../../store'
import { contentionAction } from '../actions'
import { durationText } from '../lanes/ticks'
import { rateText } from '../live/measures'
import { cliffWords, predictionWords, stepsOf } from './cliff'
import { CliffChart } from './cliff-chart'

/** How much load the workload's lock bears, and where more of it only waits. */
export function CliffPanel() {
  const finding = useStore(({ contention }) => contention.cliff)
  const workload = useStore(({ contention: { a, b, side } }) => (side === 'b' ? b : undefined) ?? a)
  const steps = stepsOf(finding)
  const done = finding.kind === 'done' ? finding.result : undefined
  const words = done ? cliffWords(done) : [predictionWords(predict(workload))]
  return (
    <section className="cliff panel" aria-label="Find the cliff">
      <div className="panel-head">
        <h2 className="panel-title">Find the cliff</h2>
        <ActionButton action={contentionAction('cliff')} />
      </div>
      <div className="cliff-body">
        <p className="cliff-about">
          The same workload with more and more tasks, a second for each step: up to where does more
          load bring more?
        </p>
        {finding.kind === 'running' && (
          <progress
            className="meter"
            aria-label="Finding the cliff"
            value={finding.progress ? steps.length / finding.progress.of : 0}
          />
        )}
        {finding.kind === 'failed' && <p className="editor-bad">It failed: {finding.why}</p>}
        {steps.length > 0 && <CliffChart steps={steps} turn={done?.turn} />}
        <div role="status" data-testid="cliff">
          {words.map((each) => (
            <p key={each}>{each}</p>
          ))}
        </div>
        {steps.length > 0 && (
          <details className="cliff-numbers">
            <summary>The steps in numbers</summary>
            <div className="tables">
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
              <section className="table-frame" aria-label="Steps" tabIndex={0}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Runners</th>
                      <th scope="col">A second</th>
                      <th scope="col">Predicted</th>
                      <th scope="col">p50 of waits</th>
                      <th scope="col">p99 of waits</th>
                    </tr>
                  </thead>
                  <tbody>
                    {steps.map(({ load, throughput, predicted, wait }) => (
                      <tr key={load}>
                        <th scope="row">{load}</th>
                        <td>{rateText(throughput)}</td>
                        <td>{Number.isFinite(predicted) ? rateText(predicted) : 'no bound'}</td>
                        <td>{durationText(wait.p50)}</td>
                        <td>{durationText(wait.p99)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </section>
            </div>
          </details>
        )}
      </div>
    </section>
  )
}
