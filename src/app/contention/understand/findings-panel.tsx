import { useMemo } from 'react'
import { type Finding, findings } from '../../../observe'
import { meanHold } from '../../../scenario'
import { GoTo } from '../../seven-seconds/table/go-to'
import { useStore } from '../../store'
import { boundsOf, showSpan } from '../lanes/looking'
import { longestWait } from '../lanes/selection'
import { timeText } from '../lanes/ticks'
import { within } from '../lanes/view'
import type { LiveRun } from '../live/live-run'

/** What somebody should look at, in sentences, each with its moment on the lanes. */
export function FindingsPanel({ run }: { readonly run: LiveRun }) {
  const { recording, lanes } = run
  const found = useMemo(
    () => (recording ? findings(recording, { longHold: longHoldOf(run) }) : []),
    [recording, run],
  )
  const start = lanes?.start ?? 0
  return (
    <section className="found panel" aria-label="Findings">
      <div className="panel-head">
        <h2 className="panel-title">What stands out</h2>
      </div>
      {found.length === 0 ? (
        <p className="found-none">
          Nothing: no queue that grew, no hold that was long, nobody overtaken too often.
        </p>
      ) : (
        <ul className="found-list" data-testid="findings">
          {found.map((finding) => (
            <li key={`${finding.kind} ${finding.lock} ${finding.from}`}>
              <span className="found-kind">{finding.kind}</span>
              <span className="found-sentence">{finding.sentence}</span>
              <GoTo
                text={`at ${timeText(finding.from - start, 100)}`}
                onGo={() => goTo(run, finding)}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** ms: ten times what the workload asks for is long, but nothing is that a person would not notice. */
const longHoldOf = ({ workload }: LiveRun) => Math.max(50, 10 * meanHold(workload))

/** The lanes at the moment of a finding, and the wait there that says most. */
function goTo({ lanes }: LiveRun, { from, to }: Finding): void {
  if (!lanes) return
  const state = useStore.getState()
  const bounds = boundsOf(state.contention)
  const [begin, end] = [from - lanes.start, to - lanes.start]
  const room = Math.max((end - begin) * 0.15, 2)
  state.contention.setLook('lanes')
  state.contention.setView(within({ from: begin - room, to: end + room }, bounds))
  showSpan(useStore.getState(), longestWait(lanes, begin, end))
  document.querySelector('.contention-lanes')?.scrollIntoView({ block: 'nearest' })
}
