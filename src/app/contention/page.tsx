import { useEffect } from 'react'
import { ActionButton } from '../shell/action-button'
import { ErrorBoundary } from '../shell/error-boundary'
import { Share } from '../shell/share'
import { type State, useStore } from '../store'
import { contentionAction } from './actions'
import { PresetMenu } from './build/preset-menu'
import { WorkloadPanel } from './build/workload-panel'
import { CliffPanel } from './cliff/cliff-panel'
import { LanesPanel } from './lanes/lanes-panel'
import { ChartsPanel } from './live/charts-panel'
import { Figures } from './live/figures'
import { RunNarration } from './live/run-narration'
import { CasesPanel } from './table/cases-panel'
import { ExportsPanel } from './take/exports-panel'
import { UnderstandPanel } from './understand/understand-panel'
import '../seven-seconds/page.css'
import '../seven-seconds/table/tables.css'
import './cliff/cliff.css'
import './page.css'
import './understand/understand.css'

const question = 'Who makes everybody else wait?'

/** Workloads on real workers and tabs: who waits, for how long, and because of whom. */
export default function ContentionPage() {
  const a = useStore(({ contention }) => contention.a)
  useEffect(() => {
    document.title = `${question} · Latchkey`
  }, [])
  return (
    <div className="lab contention">
      <div className="lab-head">
        <div className="headline">
          <h1>{question}</h1>
          <p>
            Describe who wants which lock, let real workers and tabs do it, and see where the time
            went: on the lanes, in the profile, in sentences.
          </p>
        </div>
        <div className="lab-actions">
          <PresetMenu />
          <ActionButton action={contentionAction('compare')} />
          <Share whatOf={whatOf} />
        </div>
      </div>
      <ErrorBoundary what="The workload" retryOn={a}>
        <WorkloadPanel />
      </ErrorBoundary>
      <ErrorBoundary what="The figures" retryOn={a}>
        <Figures />
      </ErrorBoundary>
      <ErrorBoundary what="The lanes" retryOn={a}>
        <LanesPanel />
      </ErrorBoundary>
      <ErrorBoundary what="The charts" retryOn={a}>
        <ChartsPanel />
      </ErrorBoundary>
      <ErrorBoundary what="The profile" retryOn={a}>
        <UnderstandPanel />
      </ErrorBoundary>
      <ErrorBoundary what="The exports" retryOn={a}>
        <ExportsPanel />
      </ErrorBoundary>
      <ErrorBoundary what="The cliff" retryOn={a}>
        <CliffPanel />
      </ErrorBoundary>
      <ErrorBoundary what="mapmutex’s table">
        <CasesPanel />
      </ErrorBoundary>
      <RunNarration />
    </div>
  )
}

const whatOf = ({ contention: { a, b } }: State) =>
  b ? `“${a.title}” beside “${b.title}”` : `the workload “${a.title}”`
