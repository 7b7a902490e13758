import { useStore } from '../../store'
import { speeds } from '../lab-slice'

/** How fast virtual time passes. */
export function SpeedChoice() {
  const speed = useStore((state) => state.speed)
  const setSpeed = useStore((state) => state.setSpeed)
  return (
    <select
      className="select"
      aria-label="Speed"
      title="Speed (+ and −)"
      value={speed}
      onChange={(event) => {
        const chosen = speeds.find((each) => String(each) === event.target.value)
        if (chosen) setSpeed(chosen)
      }}
    >
      {speeds.map((each) => (
        <option key={each} value={each}>
          {each}×
        </option>
      ))}
    </select>
  )
}
