import { ArrowDown } from 'lucide-react'
import { useMemo } from 'react'
import type { Recording } from '../../../observe'
import { useStore } from '../../store'
import { durationText } from '../lanes/ticks'
import type { TopOrder } from '../slice'
import { rowsOf } from './profile'

/** Rows beyond these cost next to nothing. */
const most = 12

/** Who costs most, first; or by another column. */
export function TopTable({ recording }: { readonly recording: Recording }) {
  const by = useStore(({ contention }) => contention.by)
  const charged = useStore(({ contention }) => contention.charged)
  const order = useStore(({ contention }) => contention.order)
  const rows = useMemo(
    () => rowsOf(recording, { by, charged, order }),
    [recording, by, charged, order],
  )
  if (rows.length === 0) return <p className="profile-none">Nobody waited for anybody.</p>
  const costliest = Math.max(...rows.map(({ share }) => share))
  return (
    <div className="tables">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="table-frame" aria-label="Top table" tabIndex={0}>
        <table className="top-table">
          <thead>
            <tr>
              <Head id="name" text={by === 'lock' ? 'Lock' : 'Worker'} />
              <Head id="contentions" text="Waits" />
              <Head id="delay" text="Waiting" />
              <th scope="col">Of all</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map(({ name, contentions, delay, share }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{contentions.toLocaleString('en')}</td>
                <td>{durationText(delay)}</td>
                <td>
                  <span className="part">
                    <span className="part-bar" style={{ width: `${(share / costliest) * 100}%` }} />
                  </span>
                  {Math.round(share * 1000) / 10} %
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > most && (
        <p className="profile-more">
          And {(rows.length - most).toLocaleString('en')} more: the exports have them all.
        </p>
      )}
    </div>
  )
}

function Head({ id, text }: { readonly id: TopOrder; readonly text: string }) {
  const order = useStore(({ contention }) => contention.order)
  const setTop = useStore(({ contention }) => contention.setTop)
  const sorted = order === id
  return (
    <th scope="col" aria-sort={sorted ? (id === 'name' ? 'ascending' : 'descending') : undefined}>
      <button type="button" className="sort" onClick={() => setTop({ order: id })}>
        {text}
        {sorted && <ArrowDown size={12} aria-hidden="true" />}
      </button>
    </th>
  )
}
