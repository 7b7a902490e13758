import { useMemo } from 'react'
import { workloadSupport } from '../../../perform/workload'
import { ActionButton } from '../../shell/action-button'
import { Segments } from '../../shell/segments'
import { useStore } from '../../store'
import { contentionAction } from '../actions'
import { type Side, sideName, workloadText } from '../names'
import { RunStatus } from './run-status'
import { WorkloadForm } from './workload-form'

/** What is run: one workload, or two that have the seed in common. */
export function WorkloadPanel() {
  const a = useStore(({ contention }) => contention.a)
  const b = useStore(({ contention }) => contention.b)
  const side = useStore(({ contention }) => contention.side)
  const drafts = useStore(({ contention }) => contention.drafts)
  const type = useStore(({ contention }) => contention.type)
  const setSide = useStore(({ contention }) => contention.setSide)
  const workload = (side === 'b' ? b : undefined) ?? a
  const support = useMemo(() => workloadSupport(workload), [workload])
  return (
    <section className="workload panel" aria-label="Workload">
      <div className="panel-head">
        <div className="workload-head">
          {b && (
            <Segments<Side>
              label="Workload"
              value={side}
              onChoose={setSide}
              options={[
                { id: 'a', text: sideName.a },
                { id: 'b', text: sideName.b },
              ]}
            />
          )}
          <h2 className="workload-title">
            {workload.title}
            <span>{workloadText(workload)}</span>
          </h2>
        </div>
        <div className="workload-run">
          <ActionButton action={contentionAction('run')} />
        </div>
      </div>
      <WorkloadForm
        key={side}
        workload={drafts[side] ?? workload}
        seeded={side === 'a'}
        onChange={(next) => type(side, next)}
      />
      <RunStatus reason={support.supported ? undefined : support.reason} />
    </section>
  )
}
