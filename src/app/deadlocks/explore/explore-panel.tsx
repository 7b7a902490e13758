import { ActionButton } from '../../shell/action-button'
import { useStore } from '../../store'
import { deadlocksAction } from '../actions'
import type { Exploring } from './exploration'
import { countText } from './figures'
import { Findings } from './findings'
import { TimedRuns } from './timed-runs'

/** Every order in which the threads can take their steps, and how each ends. */
export function ExplorePanel() {
  const exploring = useStore(({ deadlocks }) => deadlocks.exploration)
  return (
    <section className="explore panel" aria-label="All interleavings">
      <div className="panel-head">
        <h2 className="panel-title">All interleavings</h2>
        <ActionButton action={deadlocksAction('explore')} />
      </div>
      <div className="explore-body">
        <Progress exploring={exploring} />
        {exploring.kind === 'done' && <Findings {...exploring.result} />}
        <TimedRuns />
      </div>
    </section>
  )
}

function Progress({ exploring }: { readonly exploring: Exploring }) {
  const cancel = useStore(({ deadlocks }) => deadlocks.cancelExploring)
  switch (exploring.kind) {
    case 'none':
      return (
        <p className="explore-about">
          What you step through is one schedule. “Explore” runs every order in which the threads can
          take their steps, counts how each ends, and finds the shortest way there.
        </p>
      )
    case 'running':
      return (
        <div className="explore-tools">
          <progress className="meter" aria-label="Exploring" />
          <span data-testid="explore-progress">{progressText(exploring)}</span>
          <button type="button" className="button" onClick={cancel}>
            Cancel
          </button>
        </div>
      )
    case 'cancelled':
      return <p className="explore-about">Cancelled: nothing is known of the other schedules.</p>
    case 'failed':
      return <p className="editor-bad">Exploring failed: {exploring.why}</p>
    case 'done':
      return null
  }
}

function progressText({ progress }: Extract<Exploring, { kind: 'running' }>): string {
  if (!progress) return 'Beginning…'
  return progress.kind === 'exploring'
    ? `${countText(progress.states)} states, ${progress.depth} steps deep`
    : `${countText(progress.drawn)} of ${countText(progress.samples)} schedules drawn`
}
