import { useMemo } from 'react'
import { GoTo } from '../../seven-seconds/table/go-to'
import { useStore } from '../../store'
import { shownRun } from '../slice'
import { showSpan, viewOf } from './looking'
import { summaryOf } from './summary'
import { durationText } from './ticks'

/** What is in sight, lane by lane, in numbers. */
export function LanesTable() {
  const run = useStore(({ contention }) => shownRun(contention))
  const contention = useStore((state) => state.contention)
  const lanes = run?.lanes
  // A tick, which changes the state, tells that lanes have changed in place.
  const rows = useMemo(
    () => (lanes ? summaryOf(lanes, viewOf(contention)) : []),
    [lanes, contention],
  )
  return (
    <div className="tables">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="table-frame" aria-label="Lanes in numbers" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Worker</th>
              <th scope="col">Holds</th>
              <th scope="col">Holding</th>
              <th scope="col">Waits</th>
              <th scope="col">Waiting</th>
              <th scope="col">Longest wait</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.agent}>
                <th scope="row">{row.agent}</th>
                <td>{row.holds.toLocaleString('en')}</td>
                <td>
                  {durationText(row.held)} · {Math.round(row.heldShare * 100)} %
                </td>
                <td>{row.waits.toLocaleString('en')}</td>
                <td>
                  {durationText(row.waited)} · {Math.round(row.waitedShare * 100)} %
                </td>
                <td>
                  {row.longest ? (
                    <GoTo
                      text={`${durationText(row.longest.ms)} for ${row.longest.lock}`}
                      onGo={() => showSpan(useStore.getState(), row.longest?.selection)}
                    />
                  ) : (
                    'none'
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}
