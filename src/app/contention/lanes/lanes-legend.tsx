import { useId } from 'react'
import { Hatch } from '../../seven-seconds/timeline/hatch'
import '../../seven-seconds/legend.css'

/** What the bars are, and the arrows between them. */
export function LanesLegend() {
  const hatch = useId()
  return (
    <ul className="legend" aria-label="Legend">
      <li>
        <svg width="20" height="16" aria-hidden="true">
          <rect className="legend-writing" y="0.5" width="20" height="15" rx="2" />
        </svg>
        holds
      </li>
      <li>
        <svg width="20" height="16" aria-hidden="true">
          <rect className="legend-reading" y="2" width="20" height="12" rx="2" />
        </svg>
        reads
      </li>
      <li>
        <svg width="20" height="16" aria-hidden="true">
          <Hatch id={hatch} when="past" />
          <rect className="legend-waiting" x="1" y="3.5" width="18" height="9" />
          <rect x="1" y="3.5" width="18" height="9" fill={`url(#${hatch})`} />
        </svg>
        waits
      </li>
      <li>
        <svg width="16" height="16" aria-hidden="true" className="legend-flow">
          <path d="M4 1C4 8 11 6 11 11" />
          <path d="M11 16l-3.5-6h7z" />
        </svg>
        handed on
      </li>
    </ul>
  )
}
