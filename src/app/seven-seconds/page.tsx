import { lazy, Suspense, useEffect } from 'react'
import { policies } from '../../simulate'
import { ActionButton } from '../shell/action-button'
import { ErrorBoundary } from '../shell/error-boundary'
import { Share } from '../shell/share'
import { type State, useStore } from '../store'
import { ListingPanel } from './explain/listing'
import { RegistersPanel } from './explain/registers'
import { Headline, questionOf } from './headline'
import { labAction } from './lab-actions'
import { WhyNarration } from './narration'
import { RunStatus } from './real/run-status'
import { ScenarioMenu } from './scenario-menu'
import { TimelinePanel } from './timeline/timeline-panel'
import { seconds } from './transport/clock-text'
import { Transport } from './transport/transport'
import './page.css'

// The text editor is a third of the page's code, and most visitors never open it.
const ScenarioEditor = lazy(() => import('./scenario-editor'))

/** Go's seven-second RWMutex story, and any other: watched, stepped, edited, compared. */
export default function SevenSeconds() {
  const editing = useStore((state) => state.editing)
  const scenario = useStore((state) => state.scenario)
  const policy = useStore((state) => state.policy)
  const question = questionOf(scenario)
  useEffect(() => {
    document.title = `${question} · Latchkey`
  }, [question])
  return (
    <div className="lab" data-editing={editing || undefined}>
      <div className="lab-head">
        <Headline />
        <div className="lab-actions">
          <ScenarioMenu />
          <ActionButton action={labAction('edit')} />
          <Share whatOf={whatOf} />
        </div>
      </div>
      <div className="lab-body">
        <div className="lab-stage">
          <ErrorBoundary what="The lanes" retryOn={`${policy}${question}`}>
            <TimelinePanel />
          </ErrorBoundary>
          <div className="lab-explain">
            <ErrorBoundary what="The listing" retryOn={policy}>
              <ListingPanel />
            </ErrorBoundary>
            <ErrorBoundary what="The lock’s insides" retryOn={policy}>
              <RegistersPanel status={<RunStatus />} />
            </ErrorBoundary>
          </div>
        </div>
        {editing && (
          <ErrorBoundary what="The editor">
            <Suspense fallback={<p className="lab-loading">Loading the editor…</p>}>
              <ScenarioEditor />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
      <Transport />
      <WhyNarration />
    </div>
  )
}

const whatOf = ({ moment, policy }: State) =>
  `at second ${seconds(moment.time)}, under ${policies[policy].title}`
