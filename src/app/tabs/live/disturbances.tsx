import { useStore } from '../../store'
import { disturbanceWords } from './live-words'

/** How long it took until somebody else had the lock, measured. The newest first. */
export function Disturbances() {
  const disturbances = useStore(({ tabs }) => tabs.live.disturbances)
  if (disturbances.length === 0) return null
  return (
    <ul className="disturbances" aria-label="What became of it">
      {disturbances.toReversed().map((each) => (
        <li key={`${each.participant} ${each.blow} ${each.at}`}>{disturbanceWords(each)}</li>
      ))}
    </ul>
  )
}
