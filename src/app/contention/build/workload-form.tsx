import { problemsOf, type Workload, workloadLimits, workloadReaches } from '../../../scenario'
import { fairNames, lockChoiceOf, lockChoices, lockOfChoice, reachNames } from '../names'
import { NumberField, SelectField } from './field'
import { percent, SpreadField } from './spread-field'

interface WorkloadFormProps {
  readonly workload: Workload
  /** The seed is A's. */
  readonly seeded: boolean
  readonly onChange: (workload: Workload) => void
}

const reaches = workloadReaches.map((id) => ({ id, text: reachNames[id] }))
const fairs = (['bounded', 'strict'] as const).map((id) => ({ id, text: fairNames[id] }))
const ends = [
  { id: 'time', text: 'time' },
  { id: 'actions', text: 'actions' },
] as const

/** Everything that a workload is. What cannot be performed is told at its field, and not taken over. */
export function WorkloadForm({ workload, seeded, onChange }: WorkloadFormProps) {
  const problems = problemsOf(workload)
  const problem = (field: keyof Workload) => problems.find((each) => each.field === field)?.message
  const change = (part: Partial<Workload>) => onChange({ ...workload, ...part })
  const { lock, end } = workload
  return (
    <div className="workload-form">
      <SelectField
        label="Lock"
        value={lockChoiceOf(lock)}
        options={lockChoices}
        problem={problem('lock')}
        onChange={(id) => change({ lock: lockOfChoice(id, lock) })}
      />
      {lock.kind === 'semaphore' && (
        <NumberField
          label="Permits"
          value={lock.permits}
          least={1}
          most={workloadLimits.permits}
          onChange={(permits) => change({ lock: { ...lock, permits } })}
        />
      )}
      {'reach' in lock && (
        <>
          <SelectField
            label="Reach"
            value={lock.reach}
            options={reaches}
            onChange={(reach) => change({ lock: { ...lock, reach } })}
          />
          <SelectField
            label="Fairness"
            value={lock.fair}
            options={fairs}
            onChange={(fair) => change({ lock: { ...lock, fair } })}
          />
        </>
      )}
      <div className="field-row">
        <NumberField
          label="Workers"
          value={workload.workers}
          least={1}
          most={workloadLimits.workers}
          problem={problem('workers')}
          onChange={(workers) => change({ workers })}
        />
        <NumberField
          label="Tabs"
          value={workload.tabs}
          least={0}
          most={workloadLimits.tabs}
          problem={problem('tabs')}
          onChange={(tabs) => change({ tabs })}
        />
        <NumberField
          label="Tasks"
          value={workload.tasks}
          least={1}
          most={workloadLimits.tasks}
          problem={problem('tasks')}
          onChange={(tasks) => change({ tasks })}
        />
      </div>
      <div className="field-row">
        <NumberField
          label="Keys"
          value={workload.keys}
          least={1}
          most={workloadLimits.keys}
          problem={problem('keys')}
          onChange={(keys) => change({ keys })}
        />
        <NumberField
          label="Hot"
          unit="%"
          value={percent(workload.hot)}
          least={0}
          most={100}
          problem={problem('hot')}
          onChange={(hot) => change({ hot: hot / 100 })}
        />
        <NumberField
          label="Reads"
          unit="%"
          value={percent(workload.reads)}
          least={0}
          most={100}
          problem={problem('reads')}
          onChange={(reads) => change({ reads: reads / 100 })}
        />
      </div>
      <SpreadField
        label="A write holds"
        value={workload.writeHold}
        problem={problem('writeHold')}
        onChange={(writeHold) => change({ writeHold })}
      />
      {(workload.reads > 0 || problem('readHold')) && (
        <SpreadField
          label="A read holds"
          value={workload.readHold}
          problem={problem('readHold')}
          onChange={(readHold) => change({ readHold })}
        />
      )}
      <SpreadField
        label="Between two"
        value={workload.think}
        problem={problem('think')}
        onChange={(think) => change({ think })}
      />
      <div className="field-row field-end">
        <SelectField
          label="Ends by"
          value={end.kind}
          options={ends}
          onChange={(kind) =>
            change({
              end:
                kind === 'time' ? { kind, ms: 5_000 } : { kind, actions: 1_000, shared: 'evenly' },
            })
          }
        />
        {end.kind === 'time' ? (
          <NumberField
            label="Seconds"
            value={end.ms / 1000}
            least={workloadLimits.shortest / 1000}
            most={workloadLimits.longest / 1000}
            problem={problem('end')}
            onChange={(seconds) =>
              change({ end: { kind: 'time', ms: Math.round(seconds * 1000) } })
            }
          />
        ) : (
          <NumberField
            label="Actions"
            value={end.actions}
            least={1}
            most={workloadLimits.actions}
            step={100}
            problem={problem('end')}
            onChange={(actions) => change({ end: { ...end, actions } })}
          />
        )}
        {seeded && (
          <NumberField
            label="Seed"
            value={workload.seed}
            least={0}
            most={workloadLimits.seed}
            problem={problem('seed')}
            onChange={(seed) => change({ seed })}
          />
        )}
      </div>
    </div>
  )
}
