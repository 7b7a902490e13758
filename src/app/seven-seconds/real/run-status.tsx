import { Check, TriangleAlert } from 'lucide-react'
import { sentenceOf } from '../../../simulate'
import { mechanismNames } from './mechanism-names'
import type { RealRun } from './real-run-slice'
import { useRealRun } from './use-real-run'
import './run-status.css'

type Verdict = 'agrees' | 'differs' | 'cancelled' | 'failed'

function verdictOf(run: RealRun): Verdict | undefined {
  if (run.kind === 'none' || run.kind === 'running') return undefined
  if (run.kind !== 'done') return run.kind
  return run.comparison.agrees ? 'agrees' : 'differs'
}

/** The verdict in a line: the real run agrees, or it does not, or what became of it. */
export function RunStatus() {
  const run = useRealRun()
  const verdict = verdictOf(run)
  return (
    <p className="run-status" role="status" data-verdict={verdict} data-testid="verdict">
      {verdict === 'agrees' && <Check size={14} strokeWidth={3} aria-hidden="true" />}
      {(verdict === 'differs' || verdict === 'failed') && (
        <TriangleAlert size={14} aria-hidden="true" />
      )}
      {run.kind === 'done' &&
        `real run ${verdict}, ${run.comparison.matched} of ${run.comparison.total} events`}
      {verdict === 'agrees' && run.kind === 'done' && ` · within ${shown(run.comparison.largest)}`}
      {/* Who sees the page sees it chosen beside the button. */}
      {run.kind === 'done' && (
        <span className="unseen">{` over ${mechanismNames[run.mechanism]}`}</span>
      )}
      {run.kind === 'cancelled' && 'real run cancelled'}
      {run.kind === 'failed' && 'real run failed'}
    </p>
  )
}

/** Under the lanes: exactly what differs, and by how much. */
export function RunReport() {
  const run = useRealRun()
  if (run.kind === 'failed') return <p className="run-report">The real run failed. {run.why}</p>
  if (run.kind !== 'done') return null
  const { differences, tolerance } = run.comparison
  const { most, total } = run.lateness
  if (differences.length === 0) return null
  return (
    <div className="run-report" data-testid="differences">
      <ul>
        {differences.slice(0, 5).map((difference) => {
          const sentence = sentenceOf(difference)
          return <li key={sentence}>{sentence}</li>
        })}
        {differences.length > 5 && <li>And {differences.length - 5} more.</li>}
      </ul>
      <p>
        {differences.every(({ kind }) => kind === 'time') && 'The order is the same. '}
        This machine’s own timers and locks came up to {shown(most)} late, {shown(total)} in all
        {total > tolerance / 2 && ': it is too busy to measure'}.
      </p>
    </div>
  )
}

function shown(ms: number): string {
  return ms < 10 ? `${Math.max(ms, 0.1).toFixed(1)} ms` : `${Math.round(ms)} ms`
}
