import { policies, type Simulation, type Step } from '../../../simulate'
import { Prose } from '../../shell/prose'
import { Raised } from '../../shell/raised'
import { useStore } from '../../store'
import { momentOf } from '../moments'
import { seconds } from '../transport/clock-text'
import { GoTo } from './go-to'

/** Every step of a run with its why. */
export function StepsTable({ run }: { readonly run: Simulation }) {
  const done = useStore((state) => state.moment.step)
  const { goTo } = useStore.getState()
  return (
    <div className="table-frame">
      <table data-testid="steps">
        <caption>Every step</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">At</th>
            <th scope="col">Thread</th>
            <th scope="col">Runs</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {run.steps.map((step) => (
            <tr key={step.index} aria-current={step.index === done - 1 ? 'step' : undefined}>
              <td>
                <GoTo text={String(step.index + 1)} onGo={() => goTo(momentOf(step))} />
              </td>
              <td>{seconds(step.time)} s</td>
              <td>{step.thread}</td>
              <td>
                <code>
                  <Raised text={lineOf(step)} />
                </code>
              </td>
              <td className="table-why">
                <Prose sentence={step.why} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function lineOf({ policy, operation, line }: Step): string {
  const { text, note } = policies[policy].listings[operation].lines[line] ?? {}
  return `${operation}: ${text || note || ''}`
}
