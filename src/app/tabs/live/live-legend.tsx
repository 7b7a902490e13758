import { useId } from 'react'
import { Hatch } from '../../seven-seconds/timeline/hatch'
import type { LiveSceneId } from './live'
import { doings } from './live-words'

/** What the bars are in this scene. */
export function LiveLegend({ scene }: { readonly scene: LiveSceneId }) {
  const hatch = useId()
  const { holds, waits } = doings[scene]
  return (
    <ul className="legend" aria-label="Legend">
      <li>
        <svg width="20" height="16" aria-hidden="true">
          {/* Permits are shared: their bars look as readers' do. */}
          <rect
            className={scene === 'semaphore' ? 'legend-reading' : 'legend-writing'}
            y="1.5"
            width="20"
            height="13"
            rx="3"
          />
        </svg>
        {holds}
      </li>
      <li>
        <svg width="20" height="16" aria-hidden="true">
          <Hatch id={hatch} when="past" />
          <rect className="legend-waiting" x="1" y="3" width="18" height="10" rx="2.5" />
          <rect x="1" y="3" width="18" height="10" rx="2.5" fill={`url(#${hatch})`} />
        </svg>
        {waits}
      </li>
    </ul>
  )
}
