import { useMemo } from 'react'
import { Segments } from '../../shell/segments'
import { useStore } from '../../store'
import type { StepsView } from '../slice'
import { useFrames } from '../use-frames'
import { verdictOf } from '../words'
import { deedsOf } from './deeds'
import { Legend } from './legend'
import { spansOf } from './spans'
import { StepLanes } from './step-lanes'
import { StepsTable } from './steps-table'

const views = [
  { id: 'lanes', text: 'Lanes' },
  { id: 'table', text: 'Table' },
] as const

/** One schedule of the program, and how it ends. */
export function LanesPanel() {
  const frames = useFrames()
  const program = useStore(({ deadlocks }) => deadlocks.program)
  const schedule = useStore(({ deadlocks }) => deadlocks.schedule)
  const position = useStore(({ deadlocks }) => deadlocks.position)
  const view = useStore(({ deadlocks }) => deadlocks.view)
  const setView = useStore(({ deadlocks }) => deadlocks.setView)
  const goTo = useStore(({ deadlocks }) => deadlocks.goTo)
  const spans = useMemo(() => spansOf(frames), [frames])
  const deeds = useMemo(() => deedsOf(program, schedule, frames), [program, schedule, frames])
  const verdict = useMemo(() => verdictOf(frames), [frames])
  const threads = useMemo(() => frames[0]?.threads.map(({ name }) => name) ?? [], [frames])
  return (
    <section className="timeline panel" aria-label="Schedule">
      <div className="timeline-head">
        <Segments<StepsView> label="View" value={view} onChoose={setView} options={views} />
        <Legend />
      </div>
      {view === 'lanes' ? (
        <StepLanes
          threads={threads}
          schedule={schedule}
          spans={spans}
          deeds={deeds}
          position={position}
          label="Which locks each thread holds and waits for, step by step. The table view says it in words."
          onGo={goTo}
        />
      ) : (
        <StepsTable />
      )}
      {verdict && (
        <p className="verdict" data-kind={verdict.kind} data-testid="verdict">
          {verdict.text}
        </p>
      )}
    </section>
  )
}
