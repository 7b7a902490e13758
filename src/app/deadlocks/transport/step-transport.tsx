import type { CSSProperties, PointerEvent } from 'react'
import { ActionButton } from '../../shell/action-button'
import { useStore } from '../../store'
import { deadlocksAction } from '../actions'
import { rates } from '../slice'
import '../../seven-seconds/transport/transport.css'

/** Where in the schedule we are, and every way to move in it. */
export function StepTransport() {
  return (
    <section className="transport-dock" aria-label="Steps">
      <div className="transport panel">
        <div className="transport-buttons">
          <ActionButton action={deadlocksAction('first')} look="icon" />
          <ActionButton action={deadlocksAction('back')} look="icon" />
          <ActionButton action={deadlocksAction('play')} look="strong" />
          <ActionButton action={deadlocksAction('forward')} look="icon" />
          <ActionButton action={deadlocksAction('last')} look="icon" />
        </div>
        <Readout />
        <StepSlider />
        <RateChoice />
      </div>
    </section>
  )
}

function Readout() {
  const position = useStore((state) => state.deadlocks.position)
  const steps = useStore((state) => state.deadlocks.schedule.length)
  return (
    <p className="readout" data-testid="readout">
      step {String(position).padStart(String(steps).length)} of {steps}
    </p>
  )
}

/** Its keys are the page's own, so that they do the same wherever the focus is. */
function StepSlider() {
  const position = useStore((state) => state.deadlocks.position)
  const steps = useStore((state) => state.deadlocks.schedule.length)
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointermove' && event.buttons !== 1) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const box = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - box.left) / box.width
    useStore.getState().deadlocks.goTo(Math.round(share * steps))
  }
  return (
    <div
      className="scrub"
      role="slider"
      tabIndex={0}
      aria-label="Step"
      aria-valuemin={0}
      aria-valuemax={steps}
      aria-valuenow={position}
      aria-valuetext={`step ${position} of ${steps}`}
      style={{ '--at': steps === 0 ? 0 : position / steps } as CSSProperties}
      onPointerDown={drag}
      onPointerMove={drag}
    >
      <div className="scrub-track" />
      <div className="scrub-done" />
      <div className="scrub-thumb" />
    </div>
  )
}

function RateChoice() {
  const rate = useStore((state) => state.deadlocks.rate)
  const setRate = useStore((state) => state.deadlocks.setRate)
  return (
    <select
      className="select"
      aria-label="Steps per second"
      title="Steps per second (+ and −)"
      value={rate}
      onChange={(event) => {
        const chosen = rates.find((each) => String(each) === event.target.value)
        if (chosen) setRate(chosen)
      }}
    >
      {rates.map((each) => (
        <option key={each} value={each}>
          {each}/s
        </option>
      ))}
    </select>
  )
}
