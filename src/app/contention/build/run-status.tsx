import { useStore } from '../../store'
import type { Running } from '../live/runner'
import { sideName } from '../names'

/** How far the run is, or why there is none. */
export function RunStatus({ reason }: { readonly reason: string | undefined }) {
  const running = useStore(({ contention }) => contention.running)
  const comparing = useStore(({ contention }) => contention.b !== undefined)
  const drafted = useStore(({ contention }) => Boolean(contention.drafts.a || contention.drafts.b))
  const text = statusText(running, comparing, drafted, reason)
  const share = running.kind === 'running' && shareOf(running)
  return (
    <div className="run-status" data-kind={running.kind}>
      {running.kind === 'running' && (
        <progress
          className="meter"
          aria-label="The run"
          {...(typeof share === 'number' ? { value: share } : {})}
        />
      )}
      <p role="status" data-testid="run-status">
        {text}
      </p>
    </div>
  )
}

function shareOf({ progress }: Extract<Running, { kind: 'running' }>): number | undefined {
  return progress?.kind === 'running' ? progress.share : undefined
}

function statusText(
  running: Running,
  comparing: boolean,
  drafted: boolean,
  reason: string | undefined,
): string {
  switch (running.kind) {
    case 'none':
      if (drafted) return 'What is marked above must be put right before it can be run.'
      return reason ?? ''
    case 'cancelled':
      return 'Cancelled. What was measured until then is shown.'
    case 'failed':
      return `The run failed: ${running.why}`
    case 'done':
      return comparing ? 'Both runs are done.' : 'The run is done.'
    case 'running': {
      const which = comparing ? `${sideName[running.side]}: ` : ''
      const { progress } = running
      if (progress?.kind === 'starting') {
        return `${which}${progress.ready} of ${progress.participants} workers are ready…`
      }
      return progress ? `${which}running…` : `${which}opening workers…`
    }
  }
}
