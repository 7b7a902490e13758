import { useCallback } from 'react'
import { policies } from '../../../simulate'
import { useStore } from '../../store'
import { Legend } from '../legend'
import { momentAt } from '../moments'
import { PolicyChoice } from '../policy-choice'
import { roleOf } from '../policy-names'
import { RunReport } from '../real/run-status'
import { useRealRun } from '../real/use-real-run'
import { runOf } from '../runs'
import { Tables } from '../table/tables'
import { useRun } from '../use-run'
import { ViewChoice } from '../view-choice'
import { Lanes } from './lanes'
import { OutcomeNote } from './outcome-note'
import { SideBySide } from './side-by-side'
import './timeline-panel.css'

/** The picture, and what it is a picture of. */
export function TimelinePanel() {
  const view = useStore((state) => state.view)
  const measured = useRealRun().kind !== 'none' && view === 'lanes'
  return (
    <section className="timeline panel" aria-label="Timeline">
      <div className="timeline-head">
        <PolicyChoice />
        <ViewChoice />
        <Legend measured={measured} />
      </div>
      {view === 'lanes' && <TheLanes />}
      {view === 'policies' && <SideBySide onDrag={drag} />}
      {view === 'table' && <Tables />}
      <OutcomeNote />
      <RunReport />
    </section>
  )
}

function TheLanes() {
  const run = useRun()
  const title = policies[run.policy].title
  const onDrag = useCallback(drag, [])
  return (
    <Lanes
      run={run}
      role={roleOf[run.policy]}
      label={`Who reads, writes and waits when, under ${title}. The table view says it in words.`}
      onDrag={onDrag}
    />
  )
}

function drag(time: number) {
  const { goTo, scenario, policy } = useStore.getState()
  goTo(momentAt(runOf(scenario, policy), time))
}
