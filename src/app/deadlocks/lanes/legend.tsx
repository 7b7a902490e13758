import { useId } from 'react'
import { Hatch } from '../../seven-seconds/timeline/hatch'
import '../../seven-seconds/legend.css'
import '../../seven-seconds/timeline/timeline-panel.css'

/** What the bars are: each sign is a small bar of its kind. */
export function Legend() {
  const id = useId()
  return (
    <ul className="legend" aria-label="Legend">
      <li>
        <svg width="20" height="16" aria-hidden="true">
          <rect className="legend-writing" y="0.5" width="20" height="15" rx="3" />
        </svg>
        holding
      </li>
      <li>
        <svg width="20" height="16" aria-hidden="true">
          <rect className="legend-reading" y="2" width="20" height="12" rx="3" />
        </svg>
        reading
      </li>
      <Hatched id={`${id}waiting`} kind="waiting" text="waiting" />
      <Hatched id={`${id}deadlock`} kind="deadlock" text="for ever" />
      <li>
        <svg width="10" height="16" aria-hidden="true">
          <circle className="step-dot" cx="5" cy="8" r="4" />
        </svg>
        its step
      </li>
    </ul>
  )
}

function Hatched({ id, kind, text }: { id: string; kind: 'waiting' | 'deadlock'; text: string }) {
  return (
    <li>
      <svg width="20" height="16" aria-hidden="true">
        <Hatch id={id} when={kind === 'deadlock' ? kind : 'past'} />
        <rect className={`legend-${kind}`} x="1.5" y="3" width="17" height="10" rx="2.5" />
        <rect x="1.5" y="3" width="17" height="10" rx="2.5" fill={`url(#${id})`} />
      </svg>
      {text}
    </li>
  )
}
