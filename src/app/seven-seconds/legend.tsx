import { useId } from 'react'
import { Hatch } from './timeline/hatch'
import './legend.css'

/** What the bars are: each sign is a small bar of its kind. */
export function Legend({ measured }: { readonly measured: boolean }) {
  const hatch = useId()
  return (
    <ul className="legend" aria-label="Legend">
      <li>
        <Sign kind="reading" height={12} />
        reading
      </li>
      <li>
        <Sign kind="writing" height={15} />
        writing
      </li>
      <li>
        <svg width="20" height="16" aria-hidden="true">
          <Hatch id={hatch} when="past" />
          <rect className="legend-waiting" x="1" y="3" width="18" height="10" rx="2.5" />
          <rect x="1" y="3" width="18" height="10" rx="2.5" fill={`url(#${hatch})`} />
        </svg>
        waiting
      </li>
      {measured && (
        <li>
          <Sign kind="measured" height={5} />
          measured
        </li>
      )}
    </ul>
  )
}

function Sign({ kind, height }: { readonly kind: string; readonly height: number }) {
  return (
    <svg width="20" height="16" aria-hidden="true">
      <rect className={`legend-${kind}`} y={8 - height / 2} width="20" height={height} rx="3" />
    </svg>
  )
}
