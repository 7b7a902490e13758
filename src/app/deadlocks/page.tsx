import { lazy, Suspense, useEffect } from 'react'
import { ActionButton } from '../shell/action-button'
import { ErrorBoundary } from '../shell/error-boundary'
import { Share } from '../shell/share'
import { type State, useStore } from '../store'
import { deadlocksAction } from './actions'
import { CaseMenu } from './catalogue/case-menu'
import { CaseSwitch } from './catalogue/case-switch'
import { caseOf, questionOf } from './catalogue/cases'
import { ExplorePanel } from './explore/explore-panel'
import { GraphPanel } from './graph/graph-panel'
import { LanesPanel } from './lanes/lanes-panel'
import { ListingsPanel } from './listing/listings-panel'
import { RealPanel } from './real/real-panel'
import { StepNarration } from './step-narration'
import { StepTransport } from './transport/step-transport'
import '../seven-seconds/page.css'
import './page.css'

// Most visitors never open the editor.
const ProgramEditor = lazy(() => import('./editor/program-editor'))

/** Deadlocks and their kin: one schedule watched step by step, all of them explored. */
export default function DeadlocksPage() {
  const editing = useStore(({ deadlocks }) => deadlocks.editing)
  const program = useStore(({ deadlocks }) => deadlocks.program)
  const shown = caseOf(program)
  const question = questionOf(program)
  useEffect(() => {
    document.title = `${question} · Latchkey`
  }, [question])
  return (
    <div className="lab deadlocks" data-editing={editing || undefined}>
      <div className="lab-head">
        <div className="headline">
          <h1>{question}</h1>
          <p>
            {shown ? (
              <>
                <strong>{shown.entry.title}.</strong> {shown.entry.cause}
              </>
            ) : (
              'A program of your own: step through it, schedule it by hand, or explore every order in which its threads can run.'
            )}
          </p>
        </div>
        <div className="lab-actions">
          <CaseMenu />
          <ActionButton action={deadlocksAction('edit-program')} />
          <Share whatOf={whatOf} />
        </div>
      </div>
      <div className="lab-body">
        <div className="lab-stage">
          <CaseSwitch />
          <div className="deadlocks-picture">
            <div className="deadlocks-column">
              <ErrorBoundary what="The lanes" retryOn={program}>
                <LanesPanel />
              </ErrorBoundary>
              <ErrorBoundary what="The threads’ listings" retryOn={program}>
                <ListingsPanel />
              </ErrorBoundary>
              <ErrorBoundary what="The real run" retryOn={program}>
                <RealPanel />
              </ErrorBoundary>
            </div>
            <div className="deadlocks-column">
              <ErrorBoundary what="The wait-for graph" retryOn={program}>
                <GraphPanel />
              </ErrorBoundary>
              <ErrorBoundary what="The exploration" retryOn={program}>
                <ExplorePanel />
              </ErrorBoundary>
            </div>
          </div>
        </div>
        {editing && (
          <ErrorBoundary what="The editor">
            <Suspense fallback={<p className="lab-loading">Loading the editor…</p>}>
              <ProgramEditor />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
      <StepTransport />
      <StepNarration />
    </div>
  )
}

const whatOf = ({ deadlocks: { position, schedule } }: State) =>
  `at step ${position} of ${schedule.length}`
