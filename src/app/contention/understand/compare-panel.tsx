import { useMemo } from 'react'
import type { Recording } from '../../../observe'
import { useStore } from '../../store'
import { durationText } from '../lanes/ticks'
import { measuresOf } from '../live/measures'
import type { Charged, TopBy } from '../slice'
import { compareWords } from './compare-words'
import { changesOf } from './profile'

const most = 10

/** Two kinds of lock may have no lock in common: then workers are compared, who are the same. */
function comparable(a: Recording, b: Recording, by: TopBy, charged: Charged) {
  const rows = changesOf(a, b, { by, charged })
  if (by === 'site' || rows.some(({ before, after }) => before > 0 && after > 0)) {
    return { rows, grouped: by }
  }
  return { rows: changesOf(a, b, { by: 'site', charged }), grouped: 'site' as const }
}

/** B against A: in sentences, and where waiting was won or lost. */
export function ComparePanel() {
  const a = useStore(({ contention }) => contention.runs.a)
  const b = useStore(({ contention }) => contention.runs.b)
  const before = useStore(({ contention }) => contention.runs.a?.recording)
  const after = useStore(({ contention }) => contention.runs.b?.recording)
  const by = useStore(({ contention }) => contention.by)
  const charged = useStore(({ contention }) => contention.charged)
  const compared = useMemo(
    () => (before && after ? comparable(before, after, by, charged) : undefined),
    [before, after, by, charged],
  )
  if (!a || !b || !compared) return null
  const { rows, grouped } = compared
  const greatest = Math.max(...rows.map(({ change }) => Math.abs(change)), Number.MIN_VALUE)
  return (
    <section className="compare panel" aria-label="B against A">
      <div className="panel-head">
        <h2 className="panel-title">B against A</h2>
      </div>
      <ul className="compare-words" data-testid="compare">
        {compareWords(measuresOf(a), measuresOf(b)).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      {rows.length > 0 && (
        <div className="tables">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
          <section className="table-frame" aria-label="Differences" tabIndex={0}>
            <table className="top-table">
              <caption>Waiting in each second of the run</caption>
              <thead>
                <tr>
                  <th scope="col">{grouped === 'lock' ? 'Lock' : 'Worker'}</th>
                  <th scope="col">A</th>
                  <th scope="col">B</th>
                  <th scope="col">B less A</th>
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, most).map((row) => (
                  <tr key={row.name}>
                    <th scope="row">{row.name}</th>
                    <td>{durationText(row.before)}</td>
                    <td>{durationText(row.after)}</td>
                    <td>
                      <span className="change" data-kind={row.change > 0 ? 'more' : 'less'}>
                        <span
                          className="change-bar"
                          style={{ width: `${(Math.abs(row.change) / greatest) * 50}%` }}
                        />
                      </span>
                      {row.change > 0 ? '+' : '−'}
                      {durationText(Math.abs(row.change))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      )}
    </section>
  )
}
